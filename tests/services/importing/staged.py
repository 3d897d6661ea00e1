"""Staging small files as a test writes them, with the released rulebooks, aliases and tables."""

from services.importing.entities import Entities, load_aliases
from services.importing.folder import Folder
from services.importing.staging import Batch, Stager
from services.importing.tables import tables
from services.rulebooks import RulebookShelf, load_rulebooks

SHELF: RulebookShelf = load_rulebooks()
ENTITIES: Entities = load_aliases()

SCORES = "entity,level,year,regulation,total,predicate,source_url,expected_predicate_by_rule"
ACHIEVEMENTS = (
    "entity,year,indicator,unit,direction_if_known,target,realisasi,capaian_pct_published,source_url,"
    "formula_that_reproduces_it"
)
SUBMISSIONS = "entity,doc_type_canonical,title_as_published,tahun_label,tgl_posting,source_url"
RECOMMENDATIONS = "record_type,entity,year,issuer,component,recommendation_paraphrased,status_published,source_url"
COMMITMENTS = "entity,year,level,sasaran_or_programme,indicator,unit,target,dec,source_url"


def table(heading: str, *rows: str) -> bytes:
    """Return the bytes of a file."""
    return "\n".join((heading, *rows, "")).encode()


def stage_bytes(contents: dict[str, bytes]) -> Batch:
    """Stage files by name."""
    return Stager(SHELF, ENTITIES, tables()).stage(Folder(contents=contents))


def stage(  # one argument for each form
    *,
    scores: tuple[str, ...] = (),
    achievements: tuple[str, ...] = (),
    submissions: tuple[str, ...] = (),
    recommendations: tuple[str, ...] = (),
    commitments: tuple[str, ...] = (),
) -> Batch:
    """Stage rows of the five forms, each under its usual heading."""
    given = {
        "lhe_scores.csv": (SCORES, scores),
        "pk_capaian.csv": (ACHIEVEMENTS, achievements),
        "submissions.csv": (SUBMISSIONS, submissions),
        "lhe_recs.csv": (RECOMMENDATIONS, recommendations),
        "pk_documents.csv": (COMMITMENTS, commitments),
    }
    return stage_bytes({name: table(heading, *rows) for name, (heading, rows) in given.items() if rows})


def codes(batch: Batch) -> list[str]:
    """Return the codes of the errors."""
    return [each.code for each in batch.errors]


def notes(batch: Batch) -> list[str]:
    """Return the codes of the warnings."""
    return [each.code for each in batch.warnings]
