"""Every read model, in the order of the cycle: what a follower folds and a replay may choose from."""

from typing import Any, Final

from projections import (
    achievement,
    agreement_register,
    audit_trail,
    cycle_status,
    evaluation_result,
    hold_register,
    inbox,
    obligation_calendar,
    organisation_chart,
    recommendation_register,
    report_register,
)
from projections.read_model import ReadModel

READ_MODELS: Final[tuple[ReadModel[Any], ...]] = (
    organisation_chart.READ_MODEL,
    agreement_register.READ_MODEL,
    achievement.READ_MODEL,
    report_register.READ_MODEL,
    evaluation_result.READ_MODEL,
    recommendation_register.READ_MODEL,
    obligation_calendar.READ_MODEL,
    hold_register.READ_MODEL,
    cycle_status.READ_MODEL,
    inbox.READ_MODEL,
    audit_trail.READ_MODEL,
)
