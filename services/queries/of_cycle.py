"""The queries of the cycle, each a function of the rows of one read model, a day and the parameters."""

from datetime import date
from typing import Any, Final

from projections import (
    achievement,
    agreement_register,
    cycle_status,
    evaluation_result,
    follow_up_rate,
    hold_register,
    inbox,
    obligation_calendar,
    organisation_chart,
    recommendation_register,
    report_register,
)
from projections.read_model import Rows
from services.queries import asked as of
from services.queries.asked import Asked, AskedList
from services.queries.query import query


def ageing(rows: Rows, day: date, **narrowed: Any) -> follow_up_rate.Ageing | None:  # noqa: ANN401 - as asked
    """Return how old the open ones among some recommendations are."""
    return follow_up_rate.ageing(recommendation_register.recommendations(rows, day, **narrowed))


def completion(rows: Rows, day: date, **narrowed: Any) -> follow_up_rate.Completion | None:  # noqa: ANN401 - as asked
    """Return which part of some recommendations is done."""
    return follow_up_rate.completion(recommendation_register.recommendations(rows, day, **narrowed))


_CHART, _AGREEMENT, _ACHIEVEMENT = organisation_chart.READ_MODEL, agreement_register.READ_MODEL, achievement.READ_MODEL
_REPORT, _EVALUATION, _CYCLE = report_register.READ_MODEL, evaluation_result.READ_MODEL, cycle_status.READ_MODEL
_FOLLOW_UP, _DUTY, _HOLD = recommendation_register.READ_MODEL, obligation_calendar.READ_MODEL, hold_register.READ_MODEL
_ONE = "{unit}/{fiscal_year}"

OF_THE_CYCLE: Final = (
    query(organisation_chart.institution, "organisation", Asked, _CHART, "Instansi, aturan, dan kalendernya"),
    query(organisation_chart.units, "organisation/units", of.OfUnits, _CHART, "Unit kerja"),
    query(organisation_chart.unit, "organisation/units/{key}", of.OfUnit, _CHART, "Satu unit kerja"),
    query(organisation_chart.people, "organisation/people", AskedList, _CHART, "Orang dan perannya"),
    query(agreement_register.agreements, "agreement", of.OfAgreements, _AGREEMENT, "Perjanjian kinerja"),
    query(agreement_register.agreement, f"agreement/{_ONE}", of.OfCycle, _AGREEMENT, "Satu perjanjian kinerja"),
    query(
        agreement_register.target_in_effect,
        f"agreement/{_ONE}/commitments/{{commitment}}/target",
        of.OfCommitment,
        _AGREEMENT,
        "Target yang berlaku pada suatu hari",
    ),
    query(achievement.achievements, "measurement", of.OfCycles, _ACHIEVEMENT, "Capaian kinerja"),
    query(achievement.achievement, f"measurement/{_ONE}", of.OfCycle, _ACHIEVEMENT, "Capaian satu unit dan tahun"),
    query(report_register.reports, "report", of.OfReports, _REPORT, "Laporan kinerja"),
    query(report_register.report, f"report/{_ONE}", of.OfCycle, _REPORT, "Satu laporan kinerja"),
    query(evaluation_result.evaluations, "evaluation", of.OfCycles, _EVALUATION, "Evaluasi"),
    query(evaluation_result.evaluation, f"evaluation/{_ONE}", of.OfCycle, _EVALUATION, "Satu evaluasi"),
    query(evaluation_result.scores, "evaluation/scores", of.OfScores, _EVALUATION, "Nilai dan predikat"),
    query(recommendation_register.recommendations, "follow-up", of.OfRecommendations, _FOLLOW_UP, "Rekomendasi"),
    query(recommendation_register.recommendation, "follow-up/{key}", of.OfDerived, _FOLLOW_UP, "Satu rekomendasi"),
    query(ageing, "follow-up/ageing", of.OfFollowUp, _FOLLOW_UP, "Umur rekomendasi yang terbuka"),
    query(completion, "follow-up/completion", of.OfFollowUp, _FOLLOW_UP, "Tingkat penyelesaian rekomendasi"),
    query(obligation_calendar.duties, "obligation", of.OfDuties, _DUTY, "Kewajiban dan jatuh temponya"),
    query(obligation_calendar.duty, "obligation/{key}", of.OfDerived, _DUTY, "Satu kewajiban"),
    query(obligation_calendar.late, "obligation/late", of.OfLateDuties, _DUTY, "Kewajiban yang terlambat"),
    query(hold_register.holds, "allowance-hold", of.OfHolds, _HOLD, "Penundaan TPP"),
    query(hold_register.hold, "allowance-hold/{key}", of.OfDerived, _HOLD, "Satu penundaan TPP"),
    query(cycle_status.cycle_statuses, "cycle", of.OfCycles, _CYCLE, "Kemajuan siklus setiap unit"),
    query(cycle_status.not_filled_in, "cycle/not-filled-in", of.OfCycles, _CYCLE, "Siapa yang belum mengisi, dan apa"),
    # what waits is a sight on duties, and is read by whoever may read those
    query(inbox.tasks, "cycle/inbox", of.OfTasks, inbox.READ_MODEL, "Apa yang menunggu siapa", _DUTY.name),
)
