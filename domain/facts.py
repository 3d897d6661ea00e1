"""What a decision may rely on besides the stream it is about: the actor, the day, the institution, other stages.

Each stage publishes one of these, built by its own decider; later stages see only that, never each other's state.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypeVar

import msgspec

from domain.achievement_scale import AchievementScale
from domain.actor import Actor
from domain.commitment import AgreedTarget, Commitment
from domain.dated import Dated
from domain.duty_rules import DueDateRules, FollowUpRules, HoldRules
from domain.errors import RulebookUnknown
from domain.evaluation_rules import EvaluationRules
from domain.event import Origin
from domain.institution import Institution, RuleKind
from domain.realisation import Realisation
from domain.rulebook import Rulebook, RuleRef

PublishedT = TypeVar("PublishedT")
RulebookT = TypeVar("RulebookT", EvaluationRules, DueDateRules, FollowUpRules, HoldRules, AchievementScale)


class CommitmentInForce(msgspec.Struct, frozen=True, kw_only=True):
    """A commitment of a signed agreement, its targets by day, and the target it was first signed with."""

    commitment: Commitment
    targets: Dated[AgreedTarget]
    original: AgreedTarget


class AgreementFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What other stages know of an agreement; without commitments nothing can be measured."""

    signed_on: date | None
    commitments: dict[str, CommitmentInForce]


class MeasurementFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What other stages know of a measurement: realisations by (commitment, period code), and locked periods."""

    realisations: dict[tuple[str, str], Realisation]
    locked: frozenset[str]


class ReportFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What other stages know of a report: whether it was accepted, and the day on which the duty was met by it."""

    met_on: date | None
    accepted: bool = False


class ObligationFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What other stages know of a duty: whose it is, since when it is overdue, and whether it is met or waived."""

    unit: str
    fiscal_year: int
    duty: str
    due_on: date | None
    overdue: bool
    settled: bool


class RecommendationFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What other stages know of a recommendation."""

    owners: tuple[str, ...]
    closed: bool


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything outside the stream that a decision may use. `today` is the local day of the institution."""

    actor: Actor
    now: datetime
    today: date
    origin: Origin
    institution: Institution
    rulebooks: Mapping[str, Rulebook]
    published: Mapping[str, object] = msgspec.field(default_factory=dict)

    def of(self, stream: str, kind: type[PublishedT]) -> PublishedT | None:
        """Return what a stream publishes, or None where it has not begun."""
        found = self.published.get(stream)
        if found is not None and not isinstance(found, kind):
            message = f"{stream} publishes {type(found).__name__}, not {kind.__name__}"
            raise TypeError(message)
        return found

    def effective(self, given: date | None) -> date:
        """Return the day a command takes effect: the given one, else today."""
        return given or self.today

    def ruling(self, kind: RuleKind, content: type[RulebookT], day: date) -> tuple[RuleRef, RulebookT] | None:
        """Return the adopted rulebook of a kind in force on a day with its content, or None where none was adopted."""
        reference = self.institution.rule(kind, day)
        return None if reference is None else (reference, self.content(reference, content))

    def content(self, reference: RuleRef, kind: type[RulebookT]) -> RulebookT:
        """Return the content of the rule that an event or the institution names.

        A digest whose content is not at hand is refused, never guessed; content of another kind is a TypeError.
        """
        found = self.rulebooks.get(reference.digest)
        if found is None:
            raise RulebookUnknown(name=reference.name, version=reference.version, digest=reference.digest)
        if not isinstance(found, kind):
            message = f"{reference.name} is {type(found).__name__}, not {kind.__name__}"
            raise TypeError(message)
        return found
