"""Events become bytes and come back; whatever is unknown or contradictory is refused."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.actor import Actor, Role
from domain.event import DatedValue, Event, Origin, StatusChange
from domain.sealed_text import SealedText, seal
from services.event_log.codec import Codec, CorruptEntry, UnknownEventType, UnstorableEvent, Upcast
from services.event_log.contract import LogEntry
from tests.services.event_log.test_leaf import ENTRY


class TargetSet(DatedValue, frozen=True, kw_only=True, tag="agreement.target_set.v2"):
    indicator: str
    target: Decimal | None
    reason: SealedText | None = None
    quarters: dict[str, Decimal] = msgspec.field(default_factory=dict)
    until: date | None = None


class Signed(StatusChange, frozen=True, kw_only=True, tag="agreement.signed.v1"):
    place: str


class Unregistered(Event, frozen=True, kw_only=True, tag="somewhere.else.v1"):
    pass


def from_first(raw: dict[str, Any]) -> dict[str, Any]:
    return raw | {"type": "agreement.target_set.v1", "indicator": raw["code"]}


def from_second(raw: dict[str, Any]) -> dict[str, Any]:
    return raw | {"type": "agreement.target_set.v2", "target": raw["target"].replace(",", ".")}


CODEC = Codec(
    {"agreement.target_set.v2": TargetSet, "agreement.signed.v1": Signed},
    {"agreement.target_set.v0": from_first, "agreement.target_set.v1": from_second},
)
DAY = date(2024, 1, 31)
TARGET = TargetSet(
    effective_on=DAY,
    indicator="IKU-1",
    target=Decimal("100.50"),
    reason=seal(bytes(32), "Terlambat karena banjir"),
    quarters={"Q2": Decimal(2), "Q1": Decimal("1.0")},
)


def entry_of(event_type: str, payload: bytes) -> LogEntry:
    return replace(ENTRY, topic=event_type, state=payload)


def test_an_event_comes_back_in_its_envelope() -> None:
    new = CODEC.new_event(TARGET, fiscal_year=2024, correlation="dinkes/2024")

    recorded = CODEC.decode(entry_of(new.type, new.payload))

    assert (new.type, new.effective_on, new.fiscal_year) == ("agreement.target_set.v2", DAY, 2024)
    assert new.correlation == "dinkes/2024"
    assert recorded.body == TARGET
    assert recorded.actor == Actor(id="p-17", role=Role.UNIT_HEAD, unit="dinkes")
    assert (recorded.institution, recorded.position, recorded.stream, recorded.version) == (
        "kab-gunungkidul",
        41,
        "agreement/dinkes/2024",
        3,
    )
    assert (recorded.fiscal_year, recorded.type, recorded.recorded_at) == (2024, new.type, ENTRY.recorded_at)
    assert (recorded.origin, recorded.command_id, recorded.index) == (Origin.LIVE, "c-1", 1)
    assert (recorded.causation, recorded.correlation, recorded.effective_on) == (7, "dinkes/2024", DAY)


def test_the_bytes_are_plain_and_always_the_same() -> None:
    turned = TargetSet(
        effective_on=DAY,
        indicator="IKU-1",
        target=Decimal("100.50"),
        reason=TARGET.reason,
        quarters={"Q1": Decimal("1.0"), "Q2": Decimal(2)},
    )
    digest = seal(bytes(32), "Terlambat karena banjir").digest

    assert CODEC.encode(TARGET) == CODEC.encode(turned)
    assert CODEC.encode(TARGET).decode() == (
        '{"type":"agreement.target_set.v2","effective_on":"2024-01-31","indicator":"IKU-1","target":"100.50",'
        f'"reason":"{digest}","quarters":{{"Q1":"1.0","Q2":"2"}},"until":null}}'
    )


@given(
    st.decimals(allow_nan=False, allow_infinity=False), st.dates(), st.text(st.characters(exclude_categories=["Cs"]))
)
def test_figures_days_and_texts_keep_their_value_and_digits(figure: Decimal, day: date, text: str) -> None:
    event = TargetSet(effective_on=day, indicator=text, target=figure)

    body = CODEC.decode(replace(entry_of("agreement.target_set.v2", CODEC.encode(event)), effective_on=day)).body

    assert body == event
    assert isinstance(body, TargetSet)
    assert str(body.target) == str(figure)


def test_a_type_outside_the_catalogue_is_neither_written_nor_read() -> None:
    with pytest.raises(UnknownEventType, match=r"somewhere\.else\.v1"):
        CODEC.encode(Unregistered(effective_on=DAY))
    with pytest.raises(UnknownEventType, match=r"agreement\.signed\.v9"):
        CODEC.decode(entry_of("agreement.signed.v9", b"{}"))


@pytest.mark.parametrize(
    "event",
    [
        Signed(effective_on=DAY, place=7),  # type: ignore[arg-type]
        Signed(effective_on="2024-01-31", place="Wonosari"),  # type: ignore[arg-type]
        TargetSet(effective_on=DAY, indicator="a", target="1.5"),  # type: ignore[arg-type]
        TargetSet(effective_on=DAY, indicator="a", target=Decimal("NaN")),
        TargetSet(effective_on=DAY, indicator="\ud800", target=None),
        TargetSet(effective_on=DAY, indicator="a", target=None, reason=SealedText("not a digest")),
        TargetSet(effective_on=DAY, indicator="a", target=None, reason=object()),  # type: ignore[arg-type]
    ],
)
def test_an_event_that_would_not_come_back_is_not_written(event: Event) -> None:
    with pytest.raises(UnstorableEvent):
        CODEC.encode(event)


GOOD = b'{"type":"agreement.signed.v1","effective_on":"2024-01-31","place":"Wonosari"}'


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("topic", "agreement.target_set.v2"),
        ("topic", "agreement.target_set.v1"),
        ("effective_on", date(2024, 2, 1)),
        ("origin", "invented"),
        ("actor_role", "invented"),
        ("state", b""),
        ("state", b"\xff"),
        ("state", b"[]"),
        ("state", GOOD.replace(b'"Wonosari"', b"null")),
        ("state", GOOD.replace(b"2024-01-31", b"31-01-2024")),
        ("state", GOOD.replace(b'"type":"agreement.signed.v1",', b"")),
    ],
)
def test_columns_and_payload_that_contradict_each_other_are_refused(column: str, value: object) -> None:
    entry = entry_of("agreement.signed.v1", GOOD)
    assert CODEC.decode(entry).body == Signed(effective_on=DAY, place="Wonosari")

    columns: dict[str, Any] = {column: value}
    with pytest.raises(CorruptEntry, match="kab-gunungkidul 41"):
        CODEC.decode(replace(entry, **columns))


def test_a_digest_that_is_none_is_refused() -> None:
    payload = CODEC.encode(TARGET).replace(b'"reason":"', b'"reason":"X')

    with pytest.raises(CorruptEntry, match="digest"):
        CODEC.decode(entry_of("agreement.target_set.v2", payload))


def test_old_versions_are_raised_step_by_step() -> None:
    payload = b'{"type":"agreement.target_set.v0","effective_on":"2024-01-31","code":"IKU-1","target":"100,50"}'

    recorded = CODEC.decode(entry_of("agreement.target_set.v0", payload))

    assert recorded.type == "agreement.target_set.v0"
    assert recorded.body == TargetSet(effective_on=DAY, indicator="IKU-1", target=Decimal("100.50"))


@pytest.mark.parametrize(
    ("event_types", "upcasts"),
    [
        ({"agreement.signed.v2": Signed}, {}),
        ({"agreement.signed.v1": Signed}, {"agreement.signed.v1": from_first}),
    ],
)
def test_a_catalogue_that_contradicts_itself_is_refused(
    event_types: Mapping[str, type[Event]], upcasts: Mapping[str, Upcast]
) -> None:
    with pytest.raises(ValueError, match=r"agreement\.signed\.v"):
        Codec(event_types, upcasts)
