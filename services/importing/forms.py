"""The five forms of published data: which columns each has, which are read, and which never are."""

from typing import Final

from msgspec import Struct


class Form(Struct, frozen=True, kw_only=True):
    """One kind of file. `unread` columns are known, and no rule ever reads them.

    They were computed by somebody, or say nothing that is recorded.
    """

    file: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def read(self) -> tuple[str, ...]:
        """The columns that rules may read."""
        return self.required + self.optional


SCORES: Final = Form(
    file="lhe_scores.csv",
    required=("entity", "year", "total", "predicate"),
    optional=(
        "level",
        "regulation",
        "perencanaan",
        "pengukuran",
        "pelaporan",
        "evaluasi",
        "capaian",
        "source_url",
        "note",
    ),
    unread=("expected_predicate_by_rule", "components_sum_check"),
)
ACHIEVEMENTS: Final = Form(
    file="pk_capaian.csv",
    required=("entity", "year", "indicator", "direction_if_known", "target", "realisasi", "capaian_pct_published"),
    optional=("unit", "source_url", "note"),
    unread=(
        "target_num",
        "realisasi_num",
        "pct_num",
        "calc_R_over_T",
        "calc_2T_minus_R_over_T",
        "formula_that_reproduces_it",
    ),
)
SUBMISSIONS: Final = Form(
    file="submissions.csv",
    required=("entity", "doc_type_canonical", "tahun_label", "tgl_posting"),
    optional=("title_as_published", "source_url"),
    unread=("created_at", "updated_at", "verifikasi_flag"),
)
RECOMMENDATIONS: Final = Form(
    file="lhe_recs.csv",
    required=("record_type", "entity", "year", "issuer", "recommendation_paraphrased", "status_published"),
    optional=("component", "source_url", "note"),
    unread=(
        "count_total",
        "count_sesuai",
        "count_belum_sesuai",
        "count_belum_ditindaklanjuti",
        "count_tidak_dapat",
        "pct_published",
        "arithmetic_check",
    ),
)
COMMITMENTS: Final = Form(
    file="pk_documents.csv",
    required=("entity", "year", "indicator", "target"),
    optional=("level", "signatories", "sasaran_or_programme", "unit", "dec", "budget_rp", "source_url", "note"),
    unread=("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov"),
)

FORMS: Final = {form.file: form for form in (SCORES, ACHIEVEMENTS, SUBMISSIONS, RECOMMENDATIONS, COMMITMENTS)}
"""The forms by file name."""
