"""Whatever is told of registers and events has an Indonesian word."""

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec.inspect import StructType, type_info

from domain.cycle import event_types
from projections import organisation_chart
from projections.achievement import UnitAchievement
from projections.agreement_register import Agreement
from projections.evaluation_result import Evaluation
from projections.hold_register import Hold
from projections.obligation_calendar import Duty
from projections.recommendation_register import Recommendation
from projections.report_register import Report
from services.event_words import EVENT_WORDS, event_in_words
from services.register_words import FIELD_WORDS, field_in_words

ANSWERS: tuple[type[msgspec.Struct], ...] = (
    *(Agreement, UnitAchievement, Report, Evaluation, Recommendation, Duty, Hold),
    *(organisation_chart.Institution, organisation_chart.Unit, organisation_chart.Person),
)


def fields(kind: Any, seen: set[Any]) -> Iterator[str]:  # noqa: ANN401 - any description of a type
    """Yield the names of all fields within a type."""
    if isinstance(kind, StructType):
        if kind.cls in seen:
            return
        seen.add(kind.cls)
        for field in kind.fields:
            yield field.name
            yield from fields(field.type, seen)
    for inner in (*(getattr(kind, name, None) for name in ("item_type", "type")), *_several(kind)):
        if inner is not None:
            yield from fields(inner, seen)


def _several(kind: Any) -> list[Any]:  # noqa: ANN401 - any description of a type
    return [each for name in ("types", "item_types") for each in getattr(kind, name, ())]


def test_every_event_has_words_of_its_own() -> None:
    assert EVENT_WORDS.keys() == event_types().keys()
    assert len(set(EVENT_WORDS.values())) == len(EVENT_WORDS)
    assert event_in_words("x.y.v1") == "x.y.v1"


def test_every_field_of_every_register_has_a_word() -> None:
    seen: set[Any] = set()
    named = {name for answer in ANSWERS for name in fields(type_info(answer), seen)}
    assert len(named) > 150
    assert named - FIELD_WORDS.keys() == set()
    assert field_in_words("not_a_field") == "not a field"
