"""Specifications of the audit trail: one entry for each event, found by unit, person, kind and time."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from domain.event import RecordedEvent
from domain.organisation.events import UnitRenamed
from projections.audit_trail import READ_MODEL, AuditRow, TrailPage, trail
from projections.replay import ReplayedRows
from projections.row_codec import plain
from tests.projections.sample import (
    AGREEMENT,
    BUREAU,
    REASON,
    amended,
    day,
    measured,
    realised,
    set_target,
    signed,
    target,
)
from tests.projections.spec import Fact, Spec, given

RENAMED = Fact("organisation", UnitRenamed(effective_on=day("2025-01-01"), unit="setda", name="Setda"))
LOG = given(
    *signed(),
    Fact(AGREEMENT, amended("2025-06-10"), recorded_on="2025-06-10", by=BUREAU),
    Fact(AGREEMENT, set_target(target(80), "2025-07-01", amended_by=5), recorded_on="2025-06-10", by=BUREAU),
    *(fact.recorded("2025-07-03") for fact in measured(realised("2025-Q2", 40))),
    RENAMED.recorded("2025-08-01"),
)


def found(spec: Spec = LOG, **filters: Any) -> list[int]:  # noqa: ANN401 - any filter of the trail
    """Return the positions that filters leave."""
    return [each.position for each in trail(spec.rows, **filters).entries]


def test_each_event_is_one_entry_in_the_order_of_the_log() -> None:
    entries = trail(LOG.rows).entries
    assert [each.position for each in entries] == list(range(1, len(LOG.log) + 1))
    amendment = entries[4]
    assert (amendment.type, amendment.actor, amendment.role, amendment.actor_unit) == (
        "agreement.amended.v1",
        "sari",
        BUREAU.role,
        "setda",
    )
    assert (amendment.unit, amendment.fiscal_year, amendment.stream, amendment.version) == (
        "dinkes",
        2025,
        AGREEMENT,
        5,
    )
    assert amendment.effective_on == day("2025-06-10")
    assert amendment.recorded_at == datetime(2025, 6, 10, 3, tzinfo=UTC)


def test_an_entry_holds_the_fields_of_its_event_and_sealed_text_as_its_digest() -> None:
    body = msgspec.json.decode(trail(LOG.rows).entries[4].body)
    assert (body["type"], body["reason"], body["late"]) == ("agreement.amended.v1", REASON.digest, False)


def test_entries_are_found_by_unit_person_kind_and_time() -> None:
    assert found(unit="setda") == [9]
    assert found(fiscal_year=2025) == list(range(1, 9))
    assert found(actor="sari") == [5, 6]
    assert found(type_prefix="measurement.") == [7, 8]
    assert found(stream="organisation") == [9]
    assert found(recorded_from=datetime(2025, 6, 10, tzinfo=UTC), recorded_until=datetime(2025, 7, 1, tzinfo=UTC)) == [
        5,
        6,
    ]
    assert found(actor="sari", type_prefix="agreement.target") == [6]


def test_entries_are_found_by_what_they_are_about_and_by_the_day_of_their_effect() -> None:
    assert found(subject=AGREEMENT) == [1, 2, 3, 4, 5, 6]
    assert found(subject="setda") == [9]
    assert found(subject="dinkes/2025", type_prefix="measurement.") == [7, 8]
    commitment = msgspec.json.decode(plain(LOG.log[5].body))["commitment"]
    assert found(subject=commitment) == [2, 4, 6, 8]
    assert found(subject="nobody") == []
    assert found(effective_from=day("2025-07-01"), effective_until=day("2025-07-01")) == [6]
    assert found(effective_until=day("2025-01-01"), subject="setda") == [9]


def test_a_page_says_where_the_next_one_begins() -> None:
    first = trail(LOG.rows, limit=4)
    assert ([each.position for each in first.entries], first.next) == ([1, 2, 3, 4], 4)
    assert found(after=4, limit=10) == [5, 6, 7, 8, 9]
    assert trail(LOG.rows, after=4, limit=5).next is None
    assert trail(LOG.rows, after=9) == TrailPage(entries=(), next=None)


def many(count: int) -> Spec:
    """Return a log that is longer than a page of rows, with one entry of somebody else at its end."""
    (event,) = given(RENAMED).log
    copies: list[RecordedEvent[Any]] = [
        msgspec.structs.replace(event, position=position) for position in range(1, count + 1)
    ]
    copies[-1] = msgspec.structs.replace(copies[-1], actor=BUREAU)
    return Spec(copies)


def test_a_filter_reads_on_through_all_pages() -> None:
    assert found(many(2_500), actor="sari") == [2_500]


def test_the_trail_is_the_same_on_every_day_of_valid_time() -> None:
    row: AuditRow = ReplayedRows(LOG.log).rows(READ_MODEL)[0]
    assert READ_MODEL.at(row, day("1999-01-01")) is row
