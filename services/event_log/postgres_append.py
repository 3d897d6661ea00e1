"""What appends send to the function `append_group` of PostgreSQL, and what it answers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from services.event_log import leaf
from services.event_log import postgres_rows as rows
from services.event_log.bounds import check_instant
from services.event_log.coalescing import Outcome
from services.event_log.contract import Appended, Batch, CommandReusedError, StreamConflictError
from services.event_log.entries import Unplaced, expectations, result_of, unplaced, versions_after, versions_as_text

APPEND: Final = (
    "SELECT head, findings FROM append_group(%b::text, %b::bytea,"
    " %b::append_command[], %b::append_check[], %b::append_event[], %b::append_text[])"
)
"""The parameters are those of `arguments`."""

ROW_TYPES: Final = (
    "SELECT 'append_command'::regtype::oid::bigint, 'append_check'::regtype::oid::bigint,"
    " 'append_event'::regtype::oid::bigint, 'append_text'::regtype::oid::bigint"
)
"""Asks for the `RowTypes` of a database."""


class RowTypes(NamedTuple):
    """The numbers that a database gave to the types of the rows."""

    command: int
    check: int
    event: int
    text: int


@dataclass(frozen=True, slots=True)
class PreparedBatch:
    """A batch, and its rows as they are sent."""

    batch: Batch
    command: bytes
    checks: Sequence[bytes]
    events: Sequence[bytes]
    texts: Sequence[bytes]


def prepared(batch: Batch) -> PreparedBatch:
    """Return a batch with the rows that are sent for it."""
    command_id = rows.text(batch.command_id)
    events = unplaced(batch)
    return PreparedBatch(
        batch=batch,
        command=rows.row(
            command_id,
            rows.text(batch.digest),
            rows.integer(len(events)),
            rows.text(versions_as_text(versions_after(batch))),
        ),
        checks=[
            rows.row(command_id, rows.integer(number), rows.text(stream), rows.integer(expected))
            for number, (stream, expected) in enumerate(expectations(batch), start=1)
        ],
        events=list(_event_rows(batch, command_id, events)),
        texts=[
            rows.row(command_id, rows.text(each.digest), rows.content(each.salt), rows.text(each.text))
            for each in (batch.sealed if events else ())
        ],
    )


def _event_rows(batch: Batch, command_id: bytes, events: Iterable[Unplaced]) -> Iterator[bytes]:
    given = rows.instant(check_instant(batch.recorded_at))
    origin = [rows.text(each) for each in (batch.origin, batch.actor_id, batch.actor_role, batch.actor_unit)]
    causation = rows.integer(batch.causation)
    for each in events:
        yield rows.row(
            rows.text(each.stream),
            rows.integer(each.version),
            rows.integer(each.event.fiscal_year),
            rows.text(each.event.type),
            given,
            rows.day(each.event.effective_on),
            *origin,
            command_id,
            rows.integer(each.number),
            causation,
            rows.text(each.event.correlation),
            rows.content(each.event.payload),
            rows.content(each.middle),
            rows.content(each.end),
        )


def independent(group: Iterable[PreparedBatch]) -> Iterator[list[PreparedBatch]]:
    """Split a group, in its order, so that no batch relies on what an earlier one of its part changes."""
    part: list[PreparedBatch] = []
    commands: set[str] = set()
    written: set[str] = set()
    for each in group:
        batch = each.batch
        relied_on = (stream for stream, _ in expectations(batch))
        if batch.command_id in commands or not written.isdisjoint(relied_on):
            yield part
            part, commands, written = [], set(), set()
        part.append(each)
        commands.add(batch.command_id)
        written.update(write.stream for write in batch.writes if write.events)
    if part:
        yield part


def arguments(group: Sequence[PreparedBatch], types: RowTypes) -> list[object]:
    """Return the arguments for independent batches of one institution; there is at least one."""
    institution = group[0].batch.institution
    return [
        institution,
        leaf.LEAF_PREFIX + leaf.before_position(institution),
        rows.array(types.command, [each.command for each in group]),
        rows.array(types.check, [check for each in group for check in each.checks]),
        rows.array(types.event, [event for each in group for event in each.events]),
        rows.array(types.text, [text for each in group for text in each.texts]),
    ]


def outcomes(
    group: Sequence[PreparedBatch], head: int, findings: Sequence[Mapping[str, Any]] | None
) -> Iterator[Outcome]:
    """Yield the outcome of each batch: what was found of it first, or the positions after `head` that it took."""
    last_first = sorted(findings or (), key=lambda finding: -finding["checked"])
    first_found = {finding["command_id"]: finding for finding in last_first}
    for each in group:
        finding = first_found.get(each.batch.command_id)
        if finding is not None:
            yield _refusal(each.batch, finding)
        else:
            last = head + len(each.events)
            yield Appended(first_position=head + 1, last_position=last, versions=versions_after(each.batch))
            head = last


def _refusal(batch: Batch, finding: Mapping[str, Any]) -> Outcome:
    if finding["stream"] is not None:
        return StreamConflictError(finding["stream"], finding["expected"], finding["actual"])
    if finding["digest"] != batch.digest:
        return CommandReusedError(batch.command_id)
    return result_of(finding["first_position"], finding["last_position"], finding["versions"], repeated=True)
