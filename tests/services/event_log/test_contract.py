"""What every log does: one suite for memory, SQLite and PostgreSQL."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from domain.sealed_text import seal
from services.event_log.contract import (
    Appended,
    Batch,
    CommandReusedError,
    EventLog,
    Guard,
    LogEntry,
    NewEvent,
    SealedRow,
    StreamConflictError,
    Write,
)
from services.event_log.leaf import leaf_hash
from services.event_log.verification import verify_entries
from tests.services.event_log.batches import INSTITUTION, NOON, a_batch, a_write, an_event

EVERYTHING = 2**63 - 1


def test_an_entry_comes_back_with_every_column(log: EventLog) -> None:
    event = NewEvent(
        type="agreement.signed.v1",
        payload=b"\x00\xff\x80 bytes",
        effective_on=date(2024, 2, 29),
        fiscal_year=2024,
        correlation="dinkes/2024",
    )
    batch = a_batch(Write(stream="agreement/dinkes/2024", expected=0, events=(event,)), command_id="c-1")

    assert log.append(batch) == Appended(first_position=1, last_position=1, versions=(("agreement/dinkes/2024", 1),))

    (entry,) = log.read(INSTITUTION)
    expected = LogEntry(
        originator_id="agreement/dinkes/2024",
        originator_version=1,
        topic="agreement.signed.v1",
        state=b"\x00\xff\x80 bytes",
        id=1,
        institution=INSTITUTION,
        fiscal_year=2024,
        recorded_at=NOON,
        effective_on=date(2024, 2, 29),
        origin="live",
        actor_id="p-17",
        actor_role="unit_head",
        actor_unit="dinkes",
        command_id="c-1",
        index=0,
        causation=7,
        correlation="dinkes/2024",
        leaf_hash=entry.leaf_hash,
    )
    assert entry == expected
    assert entry.leaf_hash == leaf_hash(expected)
    assert entry.recorded_at.tzinfo is UTC


def test_nulls_and_extremes_come_back(log: EventLog) -> None:
    event = NewEvent(type="t", payload=b"", effective_on=date(1, 1, 1), fiscal_year=None, correlation=None)
    far = replace(event, effective_on=date(9999, 12, 31), fiscal_year=2**63 - 1, correlation="ünit 🏛/\U0010ffff")
    given = a_batch(Write(stream="Ω/é/𐍈", expected=0, events=(event, far)), command_id="ꦱ")
    log.append(
        replace(given, actor_unit=None, causation=None, recorded_at=datetime(9999, 12, 31, 23, 59, 59, 999999, UTC))
    )

    first, second = log.read_stream(INSTITUTION, "Ω/é/𐍈")

    assert (first.fiscal_year, first.correlation, first.causation, first.actor_unit) == (None, None, None, None)
    assert (first.state, first.effective_on) == (b"", date(1, 1, 1))
    assert (second.fiscal_year, second.correlation) == (2**63 - 1, "ünit 🏛/\U0010ffff")
    assert (second.effective_on, second.command_id, second.index) == (date(9999, 12, 31), "ꦱ", 1)
    assert second.recorded_at == datetime(9999, 12, 31, 23, 59, 59, 999999, UTC)
    assert [each.leaf_hash for each in (first, second)] == [leaf_hash(first), leaf_hash(second)]


def test_an_instant_of_another_zone_is_stored_as_utc(log: EventLog) -> None:
    log.append(a_batch(a_write(), recorded_at=NOON.astimezone(timezone(timedelta(hours=7)))))

    (entry,) = log.read(INSTITUTION)

    assert (entry.recorded_at, entry.recorded_at.tzinfo) == (NOON, UTC)


def test_one_batch_writes_many_streams(log: EventLog) -> None:
    result = log.append(a_batch(a_write("a", count=2), a_write("b", count=1), a_write("c", count=3)))

    assert result == Appended(first_position=1, last_position=6, versions=(("a", 2), ("b", 1), ("c", 3)))
    entries = log.read(INSTITUTION)
    assert [(e.id, e.originator_id, e.originator_version, e.index) for e in entries] == [
        (1, "a", 1, 0),
        (2, "a", 2, 1),
        (3, "b", 1, 2),
        (4, "c", 1, 3),
        (5, "c", 2, 4),
        (6, "c", 3, 5),
    ]
    assert verify_entries(log, INSTITUTION) is None


@pytest.mark.parametrize("expected", [0, 1, 3])
def test_a_write_at_another_version_is_refused(log: EventLog, expected: int) -> None:
    log.append(a_batch(a_write("a", count=2)))

    with pytest.raises(StreamConflictError) as refusal:
        log.append(a_batch(a_write("b"), a_write("a", expected)))

    assert (refusal.value.stream, refusal.value.expected, refusal.value.actual) == ("a", expected, 2)


def test_a_guard_at_another_version_is_refused_before_a_write(log: EventLog) -> None:
    log.append(a_batch(a_write("organisation", count=2)))

    with pytest.raises(StreamConflictError) as refusal:
        log.append(a_batch(a_write("a", 9), guards=(Guard(stream="organisation", expected=1),)))

    assert (refusal.value.stream, refusal.value.expected, refusal.value.actual) == ("organisation", 1, 2)


def test_a_guard_that_holds_is_not_written(log: EventLog) -> None:
    log.append(a_batch(a_write("organisation", count=2)))
    guards = (Guard(stream="organisation", expected=2), Guard(stream="never begun", expected=0))

    result = log.append(a_batch(a_write("a"), guards=guards))

    assert result.versions == (("a", 1),)
    assert len(log.read_stream(INSTITUTION, "organisation")) == 2
    assert log.read_stream(INSTITUTION, "never begun") == []


def test_a_command_repeated_returns_the_first_result_and_appends_nothing(log: EventLog) -> None:
    batch = a_batch(a_write("a", count=2), a_write("b"), command_id="c-1")
    first = log.append(batch)
    log.append(a_batch(a_write("a", 2)))

    assert log.append(batch) == replace(first, repeated=True)
    assert log.append(replace(batch, writes=(), guards=(Guard(stream="a", expected=99),))).repeated
    assert log.repeated(INSTITUTION, "c-1", "digest") == replace(first, repeated=True)
    assert log.repeated(INSTITUTION, "unknown", "digest") is None
    assert log.repeated("elsewhere", "c-1", "digest") is None
    assert log.head(INSTITUTION) == 4


def test_a_command_id_with_another_digest_is_refused(log: EventLog) -> None:
    log.append(a_batch(a_write("a"), command_id="c-1", digest="one"))

    with pytest.raises(CommandReusedError):
        log.append(a_batch(a_write("a", 1), command_id="c-1", digest="two"))
    with pytest.raises(CommandReusedError):
        log.repeated(INSTITUTION, "c-1", "two")

    assert log.head(INSTITUTION) == 1


def sealed(text: str, number: int = 1) -> SealedRow:
    salt = bytes([number]) * 32
    return SealedRow(digest=seal(salt, text).digest, salt=salt, text=text)


def test_a_refused_batch_leaves_no_trace(log: EventLog) -> None:
    row = sealed("Terlambat karena banjir")
    refused = a_batch(a_write("a"), a_write("b", 1), command_id="c-1", sealed=(row,))

    with pytest.raises(StreamConflictError):
        log.append(refused)

    assert log.head(INSTITUTION) == 0
    assert log.read(INSTITUTION) == []
    assert log.read_stream(INSTITUTION, "a") == []
    assert log.repeated(INSTITUTION, "c-1", "digest") is None
    assert log.texts(INSTITUTION, [row.digest]) == {}
    assert log.institutions() == []
    log.append(a_batch(a_write("a"), command_id="c-1", digest="another"))
    assert log.head(INSTITUTION) == 1


def test_a_batch_without_events_is_checked_and_not_remembered(log: EventLog) -> None:
    log.append(a_batch(a_write("a")))
    nothing = a_batch(a_write("a", 1, count=0), command_id="c-1")

    assert log.append(nothing) == Appended(first_position=2, last_position=1, versions=(("a", 1),))
    assert log.repeated(INSTITUTION, "c-1", "digest") is None
    with pytest.raises(StreamConflictError):
        log.append(replace(nothing, writes=(a_write("a", 2, count=0),)))
    log.append(a_batch(institution="new"))
    assert log.institutions() == [INSTITUTION]


def test_recorded_at_does_not_go_back_with_the_clock(log: EventLog) -> None:
    for hours in (0, -3, 1, -1):
        log.append(a_batch(a_write(f"s{hours}"), recorded_at=NOON + timedelta(hours=hours)))

    recorded = [entry.recorded_at for entry in log.read(INSTITUTION)]

    assert recorded == [NOON, NOON, NOON + timedelta(hours=1), NOON + timedelta(hours=1)]
    assert verify_entries(log, INSTITUTION) is None


def test_institutions_are_apart(log: EventLog) -> None:
    for institution in ("prov-diy", "kab-bantul"):
        log.append(a_batch(a_write("a"), institution=institution, command_id="c-1"))
        log.append(a_batch(a_write("a", 1), institution=institution, recorded_at=NOON + timedelta(days=1)))

    assert log.institutions() == ["kab-bantul", "prov-diy"]
    for institution in log.institutions():
        assert [(e.institution, e.id) for e in log.read(institution)] == [(institution, 1), (institution, 2)]
        assert len(log.read_cycle(institution, "dinkes/", EVERYTHING)) == 2
    assert log.head("elsewhere") == 0
    assert log.position_at("elsewhere", NOON) == 0


def test_a_page_is_read_by_position(log: EventLog) -> None:
    log.append(a_batch(a_write("a", count=10)))

    assert [e.id for e in log.read(INSTITUTION, after=3, limit=4)] == [4, 5, 6, 7]
    assert [e.id for e in log.read(INSTITUTION, after=3, limit=4, until=5)] == [4, 5]
    assert [e.id for e in log.read(INSTITUTION, after=3, until=3)] == []
    assert log.read(INSTITUTION, after=10) == []
    assert log.read(INSTITUTION, after=11) == []
    assert log.read(INSTITUTION, limit=0) == []


def test_a_stream_is_read_by_version(log: EventLog) -> None:
    log.append(a_batch(a_write("a", count=3), a_write("b", count=2)))
    log.append(a_batch(a_write("a", 3, count=2)))

    assert [e.originator_version for e in log.read_stream(INSTITUTION, "a")] == [1, 2, 3, 4, 5]
    assert [e.originator_version for e in log.read_stream(INSTITUTION, "a", after=2, limit=2)] == [3, 4]
    assert log.read_stream(INSTITUTION, "a", after=5) == []
    assert log.read_stream(INSTITUTION, "a/", after=0) == []


def test_a_cycle_is_read_by_prefix_in_order_of_position(log: EventLog) -> None:
    cycles = ["dinkes/2024", "dinkes/2023", None, "dinkes2/2024", "dinkes/2024", "dinkes/20245", "Dinkes/2024", "dinke"]
    for number, cycle in enumerate(cycles):
        log.append(a_batch(Write(stream=f"s{number}", expected=0, events=(an_event(correlation=cycle),))))

    assert [e.id for e in log.read_cycle(INSTITUTION, "dinkes/", EVERYTHING)] == [1, 2, 5, 6]
    assert [e.id for e in log.read_cycle(INSTITUTION, "dinkes/2024", EVERYTHING)] == [1, 5, 6]
    assert [e.id for e in log.read_cycle(INSTITUTION, "dinkes/", 2)] == [1, 2]
    assert log.read_cycle(INSTITUTION, "dinkes/", 0) == []


def test_the_position_at_an_instant(log: EventLog) -> None:
    for minutes in (0, 10, 10, 20):
        log.append(a_batch(a_write(f"s{log.head(INSTITUTION)}"), recorded_at=NOON + timedelta(minutes=minutes)))
    microsecond = timedelta(microseconds=1)

    assert log.position_at(INSTITUTION, NOON - microsecond) == 0
    assert log.position_at(INSTITUTION, NOON) == 1
    assert log.position_at(INSTITUTION, NOON + timedelta(minutes=10) - microsecond) == 1
    assert log.position_at(INSTITUTION, (NOON + timedelta(minutes=10)).astimezone(timezone(timedelta(hours=9)))) == 3
    assert log.position_at(INSTITUTION, NOON + timedelta(days=999)) == 4


def test_sealed_texts_are_kept_beside_the_entries(log: EventLog) -> None:
    one, two, alien = sealed("Terlambat karena banjir: 45 % % ' \\ \n"), sealed("", 2), sealed("lain", 3)
    log.append(a_batch(a_write("a"), sealed=(one, two)))
    log.append(a_batch(a_write("a"), institution="elsewhere", sealed=(alien,)))
    log.append(a_batch(a_write("a", 1), sealed=(one,)))

    digests = [one.digest, two.digest, alien.digest, "0" * 64]

    assert log.texts(INSTITUTION, digests) == {one.digest: one.text, two.digest: ""}
    assert log.texts(INSTITUTION, []) == {}


UNSTORABLE: dict[str, Callable[[Batch], Batch]] = {
    "NUL in the institution": lambda b: replace(b, institution="a\x00b"),
    "no institution": lambda b: replace(b, institution=""),
    "a surrogate in the command id": lambda b: replace(b, command_id="\ud800"),
    "a long command id": lambda b: replace(b, command_id="é" * 300),
    "NUL in the digest": lambda b: replace(b, digest="\x00"),
    "NUL in the actor": lambda b: replace(b, actor_id="\x00"),
    "NUL in the role": lambda b: replace(b, actor_role="\x00"),
    "NUL in the unit": lambda b: replace(b, actor_unit="\x00"),
    "NUL in the origin": lambda b: replace(b, origin="\x00"),
    "a great causation": lambda b: replace(b, causation=2**63),
    "a local time": lambda b: replace(b, recorded_at=NOON.replace(tzinfo=None)),
    "a time before time": lambda b: replace(b, recorded_at=datetime.min.replace(tzinfo=timezone(timedelta(hours=7)))),
    "NUL in a stream": lambda b: replace(b, writes=(a_write("\x00"),)),
    "a negative version": lambda b: replace(b, writes=(a_write("a", -1),)),
    "a great version": lambda b: replace(b, writes=(a_write("a", 2**63 - 1),)),
    "the same stream twice": lambda b: replace(b, writes=(a_write("a"), a_write("a", 1))),
    "NUL in a guard": lambda b: replace(b, guards=(Guard(stream="\x00", expected=0),)),
    "a great guard": lambda b: replace(b, guards=(Guard(stream="a", expected=2**64),)),
    "a great fiscal year": lambda b: with_event(b, replace(an_event(), fiscal_year=2**63)),
    "NUL in a type": lambda b: with_event(b, replace(an_event(), type="\x00")),
    "NUL in a correlation": lambda b: with_event(b, replace(an_event(), correlation="\x00")),
    "a great payload": lambda b: with_event(b, replace(an_event(), payload=bytes(2**22 + 1))),
    "NUL in a text": lambda b: replace(b, sealed=(sealed("\x00"),)),
    "a surrogate in a text": lambda b: replace(b, sealed=(replace(sealed("a"), text="\udfff"),)),
    "a short salt": lambda b: replace(b, sealed=(replace(sealed("a"), salt=b"salt"),)),
    "the digest of another text": lambda b: replace(b, sealed=(replace(sealed("a"), text="b"),)),
}


def with_event(batch: Batch, event: NewEvent) -> Batch:
    return replace(batch, writes=(Write(stream="a", expected=0, events=(event,)),))


@pytest.mark.parametrize("spoil", UNSTORABLE.values(), ids=UNSTORABLE.keys())
def test_what_a_database_cannot_store_is_refused_before_it_is_asked(
    opened: Callable[[str], EventLog], spoil: Callable[[Batch], Batch]
) -> None:
    unreachable = opened("postgresql://nobody@127.0.0.1:1/nowhere")
    memory = opened("memory:")
    for log in (unreachable, memory):
        with pytest.raises(ValueError, match=r"^\w+: "):
            log.append(spoil(a_batch(a_write())))
    assert memory.institutions() == []


@pytest.mark.parametrize("name", ["", "\x00", "\ud800", "x" * 513])
def test_a_name_that_cannot_be_stored_is_not_looked_up(log: EventLog, name: str) -> None:
    questions: list[Callable[[], object]] = [
        lambda: log.read(name),
        lambda: log.head(name),
        lambda: log.position_at(name, NOON),
        lambda: log.read_stream(INSTITUTION, name),
        lambda: log.read_cycle(INSTITUTION, name, 1),
        lambda: log.repeated(INSTITUTION, name, "digest"),
        lambda: log.texts(INSTITUTION, [name]),
        lambda: log.texts(name, []),
    ]
    for question in questions:
        with pytest.raises(ValueError, match=r"^\w+: "):
            question()


def test_figures_that_cannot_be_stored_are_not_looked_up(log: EventLog) -> None:
    questions: list[Callable[[], object]] = [
        lambda: log.read(INSTITUTION, after=-1),
        lambda: log.read(INSTITUTION, after=2**63),
        lambda: log.read(INSTITUTION, limit=-1),
        lambda: log.read(INSTITUTION, until=2**63),
        lambda: log.read_stream(INSTITUTION, "a", after=2**63),
        lambda: log.read_stream(INSTITUTION, "a", limit=-1),
        lambda: log.read_cycle(INSTITUTION, "a", 2**63),
        lambda: log.position_at(INSTITUTION, NOON.replace(tzinfo=None)),
    ]
    for question in questions:
        with pytest.raises(ValueError, match=r"^\w+: "):
            question()


def test_closing_twice_is_as_good_as_once(log: EventLog) -> None:
    log.append(a_batch(a_write()))
    log.close()
    log.close()


def test_what_was_appended_outlives_the_log(stored_url: str, opened: Callable[[str], EventLog]) -> None:
    first = opened(stored_url)
    first.append(a_batch(a_write("a", count=3)))
    first.close()

    second = opened(stored_url)

    assert second.head(INSTITUTION) == 3
    second.append(a_batch(a_write("a", 3)))
    assert [e.originator_version for e in second.read_stream(INSTITUTION, "a")] == [1, 2, 3, 4]
