"""An event as it is told to people: what it says, who recorded it when, for which reason and on which legal basis."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from msgspec import Struct

from domain.actor import Actor
from domain.event import Event, Origin, RecordedEvent
from domain.rulebook import RuleRef
from domain.sealed_text import SealedText
from services.event_words import event_in_words

_BASES: Final = (
    ("legal_basis", "{}"),
    ("article", "{}"),
    ("decree", "{}"),
    ("decision", "Keputusan {}"),
    ("letter", "Surat tugas {}"),
    ("statement_number", "Pernyataan {}"),
)
"""The fields that name a legal basis, and how it is written."""

_TRIGGERS: Final = {
    "official_replaced": "pejabat diganti",
    "strategy_changed": "strategi, program, atau anggaran berubah",
    "priority_changed": "prioritas atau asumsi berubah",
}


class ToldEvent(Struct, frozen=True, kw_only=True):
    """One event of the log in words; `reason` is sealed until it leaves the system.

    `legal_basis` is what the event itself cites (article, decree, ground of an amendment), `rule` the rulebook that it
    depends on; both are null where it names none.
    """

    position: int
    type: str
    told: str
    stream: str
    version: int
    fiscal_year: int | None
    recorded_at: datetime
    effective_on: date
    actor: Actor
    origin: Origin
    causation: int | None
    reason: SealedText | None
    legal_basis: str | None
    rule: RuleRef | None


def tell(event: RecordedEvent[Event]) -> ToldEvent:
    """Return an event in words."""
    return ToldEvent(
        position=event.position,
        type=event.type,
        told=event_in_words(event.type),
        stream=event.stream,
        version=event.version,
        fiscal_year=event.fiscal_year,
        recorded_at=event.recorded_at,
        effective_on=event.effective_on,
        actor=event.actor,
        origin=event.origin,
        causation=event.causation,
        reason=reason_of(event.body),
        legal_basis="; ".join(_bases(event.body)) or None,
        rule=next(rules_of(event.body), None),
    )


def reason_of(body: Event) -> SealedText | None:
    """Return the reason that an event gives: its own, that of an objection, or why a stage was opened out of order."""
    for found in (getattr(body, "reason", None), getattr(body, "grounds", None)):
        if isinstance(found, SealedText):
            return found
    opening = getattr(body, "opening", None)
    return None if opening is None else opening.reason


def rules_of(body: Event) -> Iterator[RuleRef]:
    """Yield the rulebooks that an event depends on."""
    for name in ("rule", "hold_rule"):
        if isinstance(found := getattr(body, name, None), RuleRef):
            yield found


def _bases(body: Event) -> Iterator[str]:
    for name, form in _BASES:
        if isinstance(found := getattr(body, name, None), str):
            yield form.format(found)
    trigger: Any = getattr(body, "trigger", None)
    if trigger is not None:
        yield f"PermenPANRB 53/2014, Lampiran I: {_TRIGGERS.get(trigger, trigger)}"
