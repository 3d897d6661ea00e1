"""What happens to one recommendation until the verifier closes it (PermenPANRB 88/2021; words by the issuer's rule)."""

from datetime import date

from domain.bounds import FiscalYear, Identifier, Line
from domain.commitment import Evidence
from domain.event import DatedValue, StatusChange
from domain.rulebook import RuleRef
from domain.sealed_text import SealedText


class RecommendationOpened(StatusChange, frozen=True, kw_only=True, tag="recommendation.opened.v1"):
    """A LHE recommended something; days run from its receipt. `due_on` is null where no rule gives a term."""

    unit: Identifier
    fiscal_year: FiscalYear
    issuer: Line
    lhe_number: Line | None
    component: Line | None
    text: SealedText
    owners: tuple[Identifier, ...]
    received_on: date
    due_on: date | None
    rule: RuleRef | None
    repeats: Line | None


class ActionPlanned(DatedValue, frozen=True, kw_only=True, tag="recommendation.action_planned.v1"):
    """An owner unit planned how to follow up, by when, and who answers for it."""

    plan: SealedText
    plan_due_on: date
    person_in_charge: Identifier | None


class ProgressReported(StatusChange, frozen=True, kw_only=True, tag="recommendation.progress_reported.v1"):
    """An owner unit reported what was done, with evidence."""

    progress: SealedText
    evidence: tuple[Evidence, ...]


class ResultProposed(StatusChange, frozen=True, kw_only=True, tag="recommendation.result_proposed.v1"):
    """The verifier judged the progress: a result of the rule's vocabulary, with the reason.

    `awaits_approval`: by the rule a second person must approve it; otherwise it holds at once.
    """

    result: Line
    reason: SealedText
    awaits_approval: bool = True


class ResultApproved(StatusChange, frozen=True, kw_only=True, tag="recommendation.result_approved.v1"):
    """A second, higher person approved the result; `closes` says whether the recommendation is closed by it."""

    result: Line
    closes: bool


class ResultRejected(StatusChange, frozen=True, kw_only=True, tag="recommendation.result_rejected.v1"):
    """The second person did not approve the proposed result."""

    result: Line
    reason: SealedText


class RecommendationTransferred(StatusChange, frozen=True, kw_only=True, tag="recommendation.transferred.v1"):
    """Other units own the recommendation from now on, after a reorganisation or a wrong address.

    Without a reason because one unit alone succeeds an owner that ended.
    """

    owners: tuple[Identifier, ...]
    reason: SealedText | None


class TermExtended(DatedValue, frozen=True, kw_only=True, tag="recommendation.extended.v1"):
    """The due date was moved; the earlier ones stay known."""

    due_on: date
    reason: SealedText


class RepeatFound(StatusChange, frozen=True, kw_only=True, tag="recommendation.repeat_found.v1"):
    """A later LHE found the same weakness; the new recommendation is linked (temuan berulang)."""

    repeated_by: Line


class RecommendationReopened(StatusChange, frozen=True, kw_only=True, tag="recommendation.reopened.v1"):
    """The closure rested on false evidence; nothing else reopens a recommendation."""

    reason: SealedText
    evidence: tuple[Evidence, ...]


class CarriedOver(StatusChange, frozen=True, kw_only=True, tag="recommendation.carried_over.v1"):
    """The recommendation is still open while the agreement of a later year is made."""

    into_fiscal_year: FiscalYear


class IssuerVerdictRecorded(StatusChange, frozen=True, kw_only=True, tag="recommendation.issuer_verdict.v1"):
    """The external issuer's own verdict, kept apart from ours."""

    issuer: Line
    verdict: Line
    document: Line | None


FollowUpEvent = (
    RecommendationOpened
    | ActionPlanned
    | ProgressReported
    | ResultProposed
    | ResultApproved
    | ResultRejected
    | RecommendationTransferred
    | TermExtended
    | RepeatFound
    | RecommendationReopened
    | CarriedOver
    | IssuerVerdictRecorded
)
