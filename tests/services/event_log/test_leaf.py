"""`leaf.v1` covers every column, is never ambiguous, and never changes."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.event_log.contract import LogEntry
from services.event_log.leaf import instant_of, leaf, leaf_hash, microseconds

ENTRY = LogEntry(
    originator_id="agreement/dinkes/2024",
    originator_version=3,
    topic="agreement.signed.v1",
    state=b'{"type":"agreement.signed.v1"}',
    id=41,
    institution="kab-gunungkidul",
    fiscal_year=2024,
    recorded_at=datetime(2024, 6, 30, 12, 0, 0, 123456, tzinfo=UTC),
    effective_on=date(2024, 1, 31),
    origin="live",
    actor_id="p-17",
    actor_role="unit_head",
    actor_unit="dinkes",
    command_id="c-1",
    index=1,
    causation=7,
    correlation="dinkes/2024",
    leaf_hash=b"",
)


def changed(column: str, value: object) -> LogEntry:
    columns: dict[str, Any] = {column: value}
    return replace(ENTRY, **columns)


SPARSE = replace(ENTRY, fiscal_year=None, actor_unit=None, causation=None, correlation=None)

# Made once by a second program from the description: these never change, or no hash ever written could be checked.
GOLDEN_LEAF = bytes.fromhex(
    "000000076c6561662e76310000000f6b61622d67756e756e676b6964756c"
    "0000000800000000000000290000001561677265656d656e742f64696e6b65732f32303234000000080000000000000003"
    "0000000800000000000007e80000001361677265656d656e742e7369676e65642e76310000000800061c1a38559240"
    "0000000a323032342d30312d3331000000046c69766500000004702d313700000009756e69745f68656164"
    "0000000664696e6b657300000003632d31000000080000000000000001000000080000000000000007"
    "0000000b64696e6b65732f32303234"
    "00000020ef2dc6002acbe910257fd4af37606d709c47a26672c0af9d78cc4cac2d8f8c02"
)  # fmt: skip
GOLDEN_HASH = "f8953cad57fd89193998c9b78a3b64606843edd1a95a8031c7dc4db77e21fb90"
GOLDEN_HASH_OF_SPARSE = "5eaf5f88add4fe9003f6851ef1373677968d7529dd202d6254359bc4110ae8a7"

HASHED = [each.name for each in fields(LogEntry) if each.name != "leaf_hash"]


def neighbours(value: object) -> list[object]:
    """Return other values that a column could have been changed to."""
    match value:
        case str():
            return [value + "x", value[:-1], value.upper(), "", value + " "]
        case int():
            return [value + 1, -value, value + 2**32]
        case bytes():
            return [value + b"\x00", value[:-1], b""]
        case datetime():
            return [value + timedelta(microseconds=1), value - timedelta(days=400)]
        case date():
            return [value + timedelta(days=1), value.replace(year=value.year + 1)]
        case _:
            raise TypeError(value)


@pytest.mark.parametrize("column", HASHED)
def test_a_change_of_any_column_changes_the_hash(column: str) -> None:
    changes = neighbours(getattr(ENTRY, column))
    nulls = [None] if getattr(SPARSE, column) is None else []

    hashes = {leaf_hash(changed(column, value)) for value in [*changes, *nulls]}

    assert len(hashes) == len(changes) + len(nulls)
    assert leaf_hash(ENTRY) not in hashes


def test_the_hash_itself_is_not_covered() -> None:
    assert leaf_hash(replace(ENTRY, leaf_hash=b"other")) == leaf_hash(ENTRY)


@pytest.mark.parametrize("column", ["actor_unit", "correlation"])
def test_a_null_is_not_an_empty_text(column: str) -> None:
    assert leaf(changed(column, None)) != leaf(changed(column, ""))


@pytest.mark.parametrize("column", ["fiscal_year", "causation"])
def test_a_null_is_not_zero_nor_minus_one(column: str) -> None:
    assert len({leaf(changed(column, value)) for value in (None, 0, -1)}) == 3


TEXTS = ["institution", "originator_id", "topic", "origin", "actor_id", "actor_role", "actor_unit", "command_id"]


@pytest.mark.parametrize(("one", "other"), list(zip(TEXTS, [*TEXTS[1:], "correlation"], strict=True)))
def test_a_byte_moved_between_neighbours_changes_the_leaf(one: str, other: str) -> None:
    left: dict[str, Any] = {one: "ab", other: "c"}
    right: dict[str, Any] = {one: "a", other: "bc"}

    assert leaf(replace(ENTRY, **left)) != leaf(replace(ENTRY, **right))


def test_the_same_instant_in_another_zone_is_the_same_leaf() -> None:
    elsewhere = ENTRY.recorded_at.astimezone(timezone(timedelta(hours=7)))

    assert leaf(replace(ENTRY, recorded_at=elsewhere)) == leaf(ENTRY)


def test_beyond_64_bits_is_refused() -> None:
    with pytest.raises(OverflowError):
        leaf(replace(ENTRY, causation=2**63))


def test_the_golden_leaf() -> None:
    assert leaf(ENTRY) == GOLDEN_LEAF
    assert leaf_hash(ENTRY).hex() == GOLDEN_HASH
    assert leaf_hash(SPARSE).hex() == GOLDEN_HASH_OF_SPARSE


texts = st.text(st.characters(exclude_categories=["Cs"]))
integers = st.integers(-(2**63), 2**63 - 1)
instants = st.datetimes(timezones=st.just(UTC))
entries = st.builds(
    LogEntry,
    originator_id=texts,
    originator_version=integers,
    topic=texts,
    state=st.binary(),
    id=integers,
    institution=texts,
    fiscal_year=st.none() | integers,
    recorded_at=instants,
    effective_on=st.dates(),
    origin=texts,
    actor_id=texts,
    actor_role=texts,
    actor_unit=st.none() | texts,
    command_id=texts,
    index=integers,
    causation=st.none() | integers,
    correlation=st.none() | texts,
    leaf_hash=st.just(b""),
)


def read_back(encoded: bytes) -> list[bytes | None]:
    """Take a leaf apart by its lengths alone."""
    values: list[bytes | None] = []
    while encoded:
        length, encoded = int.from_bytes(encoded[:4], "big"), encoded[4:]
        if length == 0xFFFFFFFF:
            values.append(None)
        else:
            assert length <= len(encoded)
            values.append(encoded[:length])
            encoded = encoded[length:]
    return values


@given(entries)
def test_every_leaf_reads_back_into_its_columns(entry: LogEntry) -> None:
    def text(value: str | None) -> bytes | None:
        return None if value is None else value.encode()

    def integer(value: int | None) -> bytes | None:
        return None if value is None else value.to_bytes(8, "big", signed=True)

    assert read_back(leaf(entry)) == [
        b"leaf.v1",
        text(entry.institution),
        integer(entry.id),
        text(str(entry.originator_id)),
        integer(entry.originator_version),
        integer(entry.fiscal_year),
        text(entry.topic),
        integer(microseconds(entry.recorded_at)),
        text(entry.effective_on.isoformat()),
        text(entry.origin),
        text(entry.actor_id),
        text(entry.actor_role),
        text(entry.actor_unit),
        text(entry.command_id),
        integer(entry.index),
        integer(entry.causation),
        text(entry.correlation),
        sha256(entry.state).digest(),
    ]


@given(instants)
def test_an_instant_is_counted_to_the_microsecond(instant: datetime) -> None:
    assert instant_of(microseconds(instant)) == instant
