"""The audit trail as it is told: each entry with its reason and legal basis, and every value before and after it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

import msgspec

from domain.event import Event, RecordedEvent
from domain.rulebook import RuleRef
from domain.sealed_text import SealedText
from domain.stream import ORGANISATION, category_of, cycle, cycle_of
from projections import organisation_chart
from projections.audit_trail import AuditRow
from projections.keyed_fold import KeyedFold
from projections.read_model import ReadModel, Row
from services.difference import ERASED
from services.event_log.codec import Codec
from services.event_log.contract import EventLog
from services.places import Kind, compare, in_words, name_of
from services.told_event import tell
from services.year_file import REGISTERS

_CHART: Final[tuple[tuple[str, ReadModel[Any]], ...]] = (("organisation", organisation_chart.READ_MODEL),)
_MODELS: Final[tuple[tuple[str, ReadModel[Any]], ...]] = tuple((each.name, each.model) for each in REGISTERS)


class OldNew(msgspec.Struct, frozen=True, kw_only=True):
    """A value at a place of a register before and after an event, on the day on which the event takes effect.

    Null before: it was added; null after: removed. `told` is the place in Indonesian.
    """

    register: str
    place: str
    told: str
    kind: Kind
    earlier: str | None
    later: str | None


class AuditEntry(AuditRow, frozen=True, kw_only=True):
    """Who did what to which subject, when, for which reason, on which legal basis, and what it changed.

    `changes` is null where a read model fails at the event: what it changes is not known then.
    """

    told: str
    reason: SealedText | None
    legal_basis: str | None
    rule: RuleRef | None
    changes: tuple[OldNew, ...] | None
    body: Any


def told_entries(log: EventLog, codec: Codec, institution: str, rows: Sequence[AuditRow]) -> list[AuditEntry]:
    """Return some entries of the trail as they are told, in the same order; texts in values are resolved."""
    events: dict[int, RecordedEvent[Event]] = {}
    changes: dict[int, list[OldNew] | None] = {}
    for scope in dict.fromkeys(_scope(row) for row in rows):
        wanted = {row.position for row in rows if _scope(row) == scope}
        for event, changed in _folded(_events(log, codec, institution, scope, max(wanted)), scope, wanted):
            events[event.position] = event
            changes[event.position] = changed
    digests = [
        text
        for found in changes.values()
        for each in found or ()
        if each.kind == "typed"
        for text in (each.earlier, each.later)
        if text is not None
    ]
    texts = log.texts(institution, digests) if digests else {}
    return [_entry(row, events[row.position], changes[row.position], texts) for row in rows]


def _scope(row: AuditRow) -> str:
    """Return the cycle whose events make the rows that an entry touches, or the stream where it belongs to none."""
    found = cycle_of(row.stream)
    return row.stream if found is None else cycle(*found)


def _events(log: EventLog, codec: Codec, institution: str, scope: str, until: int) -> Iterator[RecordedEvent[Event]]:
    if scope == ORGANISATION:
        entries = log.read_stream(institution, scope)
    else:
        entries = log.read_cycle(institution, scope, until=until)
    for entry in entries:
        if entry.id <= until and (category_of(str(entry.originator_id)) == ORGANISATION) == (scope == ORGANISATION):
            yield codec.decode(entry)


def _folded(
    events: Iterable[RecordedEvent[Event]], scope: str, wanted: set[int]
) -> Iterator[tuple[RecordedEvent[Event], list[OldNew] | None]]:
    """Fold the events of a scope, and yield the wanted ones with what each changed."""
    folds = {register: KeyedFold(model) for register, model in (_CHART if scope == ORGANISATION else _MODELS)}
    for event in events:
        changed: list[OldNew] = []
        for fold in folds.values():
            fold.halted.clear()
        for register, fold in folds.items():
            for key in fold.keys(event):
                old = fold.rows.get(key)
                fold.evolve(key, event)
                if event.position in wanted:
                    changed.extend(_changed(register, fold.model, old, fold.rows.get(key), event.effective_on))
        if event.position in wanted:
            yield event, None if any(fold.halted for fold in folds.values()) else changed


def _changed(register: str, model: ReadModel[Any], old: Row | None, new: Row | None, day: date) -> Iterator[OldNew]:
    before, after = (None if row is None else model.at(row, day) for row in (old, new))
    for each in compare(before, after, f"[{name_of(before if after is None else after)}]"):
        value = each.later or each.earlier
        if value is not None:
            yield OldNew(
                register=register,
                place=each.place,
                told=in_words(each.place, {}),
                kind=value.kind,
                earlier=None if each.earlier is None else each.earlier.text,
                later=None if each.later is None else each.later.text,
            )


def _entry(
    row: AuditRow, event: RecordedEvent[Event], changes: Sequence[OldNew] | None, texts: Mapping[str, str]
) -> AuditEntry:
    told = tell(event)
    fields = {name: getattr(row, name) for name in AuditRow.__struct_fields__ if name != "body"}
    return AuditEntry(
        **fields,
        body=event.body,
        told=told.told,
        reason=told.reason,
        legal_basis=told.legal_basis,
        rule=told.rule,
        changes=None if changes is None else tuple(_spoken(each, texts) for each in changes),
    )


def _spoken(each: OldNew, texts: Mapping[str, str]) -> OldNew:
    if each.kind != "typed":
        return each
    earlier, later = (None if text is None else texts.get(text, ERASED) for text in (each.earlier, each.later))
    return msgspec.structs.replace(each, earlier=earlier, later=later)
