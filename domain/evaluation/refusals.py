"""What an evaluation refuses."""

from domain.errors import Conflict, Inadmissible, NotAllowed, Unknown


class EvaluationNotAssigned(Conflict):
    """Without an assignment there is no evaluation year, and so no rule to mark by."""

    code = "evaluation_not_assigned"
    title = "Evaluasi belum ditugaskan"
    legal_basis = "PermenPANRB 88/2021"


class EvaluationRuleUnknown(Unknown):
    """No rulebook holds for the evaluation year."""

    code = "evaluation_rule_unknown"
    title = "Tidak ada aturan evaluasi untuk tahun evaluasi ini"


class EvaluationYearFixed(Conflict):
    """Marks were given under the rule of the assigned evaluation year; it does not change any more."""

    code = "evaluation_year_fixed"
    title = "Tahun evaluasi tidak dapat diubah setelah ada penilaian"


class EvaluationYearTooEarly(Inadmissible):
    """A performance year cannot be evaluated before it begins."""

    code = "evaluation_year_too_early"
    title = "Tahun evaluasi mendahului tahun kinerja"


class TeamRoleUnfit(Inadmissible):
    """A member of the team has a role that does not evaluate."""

    code = "team_role_unfit"
    title = "Peran anggota tim bukan peran evaluator"
    legal_basis = "PermenPANRB 88/2021"


class NotInTeam(NotAllowed):
    """Only a member of the assigned team marks."""

    code = "not_in_team"
    title = "Anda tidak termasuk dalam tim evaluasi yang ditugaskan"
    legal_basis = "PermenPANRB 88/2021"


class SubComponentUnknown(Unknown):
    """The assigned rule has no such sub-component."""

    code = "sub_component_unknown"
    title = "Subkomponen tidak ada dalam aturan evaluasi"


class MarkUnfit(Inadmissible):
    """The grade is not one of the rule's, or the score is outside 0 to the weight."""

    code = "mark_unfit"
    title = "Nilai tidak sesuai dengan aturan evaluasi"


class IncompleteEvaluation(Conflict):
    """A sub-component is not marked: there is no total and no predicate to issue."""

    code = "incomplete_evaluation"
    title = "Belum semua subkomponen dinilai"
    legal_basis = "PermenPANRB 88/2021"


class LheAlreadyIssued(Conflict):
    """The LHE was issued; marks, team and score do not change any more."""

    code = "lhe_already_issued"
    title = "LHE sudah diterbitkan"


class FindingNumberTaken(Inadmissible):
    """Each recommendation of a performance year has a number of its own."""

    code = "finding_number_taken"
    title = "Nomor rekomendasi sudah dipakai"


class RepeatUnfit(Inadmissible):
    """A repeat names no earlier recommendation, such as `2023.dinkes.r4`."""

    code = "repeat_unfit"
    title = "Temuan berulang harus merujuk rekomendasi yang lebih dahulu"


class ResultDatesUnfit(Inadmissible):
    """A LHE is not received before it is issued, and neither lies in the future."""

    code = "result_dates_unfit"
    title = "Tanggal terbit atau tanggal terima LHE tidak mungkin"


class ExternalResultRecorded(Conflict):
    """The external result with that number was entered before."""

    code = "external_result_recorded"
    title = "Hasil evaluasi dengan nomor ini sudah dicatat"


class TotalOutOfRange(Inadmissible):
    """A total lies between 0 and 100."""

    code = "total_out_of_range"
    title = "Nilai harus 0 sampai 100"
