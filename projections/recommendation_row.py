"""What a recommendation's row keeps: every due date, plan, report, judgement and link, with the event it comes from."""

from datetime import date

from msgspec import Struct

from domain.commitment import Evidence
from domain.dated import Dated
from domain.rulebook import RuleRef
from domain.sealed_text import SealedText
from projections.read_model import Row
from projections.timeline import Step, Trace


class DueDate(Struct, frozen=True, kw_only=True):
    """A due date, by the rule at first and by decision with a reason afterwards; null: no rule gives a term."""

    due_on: date | None
    reason: SealedText | None
    trace: Trace


class Plan(Struct, frozen=True, kw_only=True):
    """The owner's plan of action."""

    plan: SealedText
    plan_due_on: date
    person_in_charge: str | None
    trace: Trace


class Progress(Struct, frozen=True, kw_only=True):
    """What an owner reported, with evidence."""

    progress: SealedText
    evidence: tuple[Evidence, ...]
    trace: Trace


class Verdict(Struct, frozen=True, kw_only=True):
    """A result that was proposed, approved or rejected, or the issuer's own verdict (then `issuer` is set)."""

    result: str
    reason: SealedText | None
    closes: bool
    issuer: str | None
    document: str | None
    trace: Trace


class Link(Struct, frozen=True, kw_only=True):
    """The later recommendation that found the same weakness, or the fiscal year into which it was carried over."""

    to: str
    trace: Trace


class Opened(Struct, frozen=True, kw_only=True):
    """What the LHE recommended; `text` is the digest of the sealed text. Days run from `received_on`."""

    issuer: str
    lhe_number: str | None
    component: str | None
    text: SealedText
    received_on: date
    rule: RuleRef | None
    repeats: str | None
    trace: Trace


class RecommendationRow(Row, frozen=True, kw_only=True):
    """All that is known of a recommendation; the key is its id, the unit the evaluated one."""

    opened: Opened
    steps: tuple[Step, ...] = ()
    owners: Dated[tuple[str, ...]] = Dated()
    due: Dated[DueDate] = Dated()
    plans: Dated[Plan] = Dated()
    progress: tuple[Progress, ...] = ()
    proposals: tuple[Verdict, ...] = ()
    results: tuple[Verdict, ...] = ()
    issuer_verdicts: tuple[Verdict, ...] = ()
    repeated_by: tuple[Link, ...] = ()
    carried: tuple[Link, ...] = ()
