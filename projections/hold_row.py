"""What a hold's row keeps: proposal, notice, decision, objections and releases, with the event each comes from."""

from datetime import date

from msgspec import Struct

from domain.allowance_hold.events import HeldShare, HoldKind, ReleaseScope
from domain.dated import Dated
from domain.rulebook import RuleRef
from domain.sealed_text import SealedText
from projections.read_model import Row
from projections.timeline import Step, Trace


class Notice(Struct, frozen=True, kw_only=True):
    """The notice to the unit, which may answer or meet the duty up to and including a day."""

    number: str
    answer_until: date
    trace: Trace


class Decision(Struct, frozen=True, kw_only=True):
    """The decision to hold: whose allowance, which part of it, for which TPP months, under which article."""

    number: str
    persons: tuple[HeldShare, ...]
    months: tuple[str, ...]
    article: str
    kind: HoldKind
    file: str | None
    trace: Trace


class Outcome(Struct, frozen=True, kw_only=True):
    """How an objection ended; `deemed`: granted because nobody decided in time."""

    upheld: bool
    deemed: bool
    reason: SealedText | None
    trace: Trace


class Objection(Struct, frozen=True, kw_only=True):
    """An objection of a person (null: the unit), to be decided by a day; `outcome` is null while it is pending."""

    person: str | None
    grounds: SealedText
    decide_by: date
    suspends: bool
    outcome: Outcome | None
    trace: Trace


class Release(Struct, frozen=True, kw_only=True):
    """What was released: shares in percent of the allowance; `ended` says that nothing stays held."""

    scope: ReleaseScope
    released: tuple[HeldShare, ...]
    reason: SealedText | None
    ended: bool
    trace: Trace


class HoldRow(Row, frozen=True, kw_only=True):
    """All that is known of a hold; the key is its id, `unit` the one that carries it by the last event."""

    obligation: str
    duty: str
    rule: RuleRef
    article: str
    kind: HoldKind
    carriers: Dated[str]
    steps: tuple[Step, ...] = ()
    notices: tuple[Notice, ...] = ()
    decision: Decision | None = None
    objections: tuple[Objection, ...] = ()
    releases: tuple[Release, ...] = ()
