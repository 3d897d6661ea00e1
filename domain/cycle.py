"""The cycle: every stage with its words and functions, in the order in which a year goes through them."""

from collections.abc import Mapping
from typing import get_args

from domain.agreement.decider import STAGE as AGREEMENT
from domain.allowance_hold.decider import STAGE as ALLOWANCE_HOLD
from domain.command import Command, name_of
from domain.decider import Stage
from domain.evaluation.decider import STAGE as EVALUATION
from domain.event import Event
from domain.follow_up.decider import STAGE as FOLLOW_UP
from domain.measurement.decider import STAGE as MEASUREMENT
from domain.obligation.decider import STAGE as OBLIGATION
from domain.organisation.decider import STAGE as ORGANISATION
from domain.report.decider import STAGE as REPORT
from domain.stream import category_of

STAGES: tuple[Stage, ...] = (
    ORGANISATION,
    AGREEMENT,
    MEASUREMENT,
    REPORT,
    EVALUATION,
    FOLLOW_UP,
    OBLIGATION,
    ALLOWANCE_HOLD,
)

_CATEGORIES = {
    "organisation": ORGANISATION,
    "agreement": AGREEMENT,
    "measurement": MEASUREMENT,
    "report": REPORT,
    "evaluation": EVALUATION,
    "recommendation": FOLLOW_UP,
    "obligation": OBLIGATION,
    "hold": ALLOWANCE_HOLD,
}


def stage_of(stream: str) -> Stage:
    """Return the stage that decides on a stream; raise KeyError for a name that is none of ours."""
    return _CATEGORIES[category_of(stream)]


def commands() -> Mapping[str, type[Command]]:
    """Return every command by its permanent name."""
    return {name_of(each): each for stage in STAGES for each in get_args(stage.commands)}


def event_types() -> Mapping[str, type[Event]]:
    """Return every event by its permanent type name."""
    return {str(each.__struct_config__.tag): each for stage in STAGES for each in get_args(stage.events)}
