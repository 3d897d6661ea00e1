"""How the institution answers what is asked of its years: opening, budgets, calendars, rules and documents."""

from collections.abc import Sequence
from datetime import date

from domain.achievement_scale import AchievementScale
from domain.duty_rules import DueDateRules, FollowUpRules, HoldRules
from domain.errors import EffectiveInFuture, RulebookUnknown
from domain.evaluation_rules import EvaluationRules
from domain.facts import Facts
from domain.institution import BudgetDocument, Institution, Ratification, RuleKind
from domain.organisation.commands import (
    AdoptCalendar,
    AdoptRulebook,
    EndRulebook,
    OpenFiscalYear,
    RatifyBudget,
    RegisterDocument,
)
from domain.organisation.events import (
    BudgetRatified,
    CalendarAdopted,
    DocumentRegistered,
    FiscalYearOpened,
    OrganisationEvent,
    RulebookAdopted,
    RulebookEnded,
)
from domain.organisation.refusals import (
    BudgetNotRatified,
    CalendarOutsideYear,
    FiscalYearAlreadyOpen,
    NoEntityInBeing,
    RulebookKindWrong,
    RulebookNotInForce,
)
from domain.organisation.state import replaces
from domain.organisation.units import demand_in_being, demand_unit
from domain.rulebook import Rulebook

CONTENT_OF: dict[RuleKind, type[Rulebook]] = {
    RuleKind.EVALUATION: EvaluationRules,
    RuleKind.DUE_DATES: DueDateRules,
    RuleKind.FOLLOW_UP: FollowUpRules,
    RuleKind.HOLD: HoldRules,
    RuleKind.ACHIEVEMENT_SCALE: AchievementScale,
}
"""What a rulebook of each kind has to contain."""


def open_fiscal_year(command: OpenFiscalYear, state: Institution, facts: Facts) -> Sequence[OrganisationEvent]:
    """Begin the cycle of a year, once, for the entities in being on the effective day."""
    if command.fiscal_year in state.fiscal_years:
        raise FiscalYearAlreadyOpen(fiscal_year=command.fiscal_year)
    day = facts.effective(command.effective_on)
    entities = state.entities(day)
    if not entities:
        raise NoEntityInBeing(day=day)
    return [FiscalYearOpened(effective_on=day, fiscal_year=command.fiscal_year, entities=entities)]


def ratify_budget(command: RatifyBudget, state: Institution, facts: Facts) -> Sequence[OrganisationEvent]:
    """Record a ratification that took place; no DPPA comes before its DPA (PP 12/2019).

    A later record of the same document, such as one with the right day, replaces the earlier.
    """
    day = _past_day(command.effective_on, facts)
    demand_in_being(state, command.unit, day)
    entered = Ratification(document=command.document, number=command.number, ratified_on=day)
    known = state.budgets.get((command.unit, command.fiscal_year), ())
    if entered in known:
        return []
    after = [entered, *(each for each in known if not replaces(entered, each))]
    first = [each.ratified_on for each in after if each.document is BudgetDocument.DPA]
    revised = [each.ratified_on for each in after if each.document is BudgetDocument.DPPA]
    if revised and (not first or min(revised) < min(first)):
        raise BudgetNotRatified(unit=command.unit, fiscal_year=command.fiscal_year)
    return [
        BudgetRatified(
            effective_on=day,
            unit=command.unit,
            fiscal_year=command.fiscal_year,
            document=command.document,
            number=command.number,
        )
    ]


def adopt_calendar(command: AdoptCalendar, _state: Institution, facts: Facts) -> Sequence[OrganisationEvent]:
    """Record the days off of a year, each once and in order; a revision during the year is adopted in the same way."""
    for day in (*command.holidays, *command.joint_leave):
        if day.year != command.year:
            raise CalendarOutsideYear(year=command.year, day=day)
    return [
        CalendarAdopted(
            effective_on=facts.effective(command.effective_on),
            year=command.year,
            holidays=tuple(sorted(set(command.holidays))),
            joint_leave=tuple(sorted(set(command.joint_leave))),
            decree=command.decree,
        )
    ]


def adopt_rulebook(command: AdoptRulebook, _state: Institution, facts: Facts) -> Sequence[OrganisationEvent]:
    """Let a rulebook hold whose content is at hand, bears the given name and version, and is of the given kind."""
    content = facts.rulebooks.get(command.rule.digest)
    if content is None or (content.name, content.version) != (command.rule.name, command.rule.version):
        raise RulebookUnknown(name=command.rule.name, version=command.rule.version, digest=command.rule.digest)
    if not isinstance(content, CONTENT_OF[command.kind]):
        raise RulebookKindWrong(kind=command.kind, name=command.rule.name)
    return [
        RulebookAdopted(
            effective_on=facts.effective(command.effective_on),
            kind=command.kind,
            rule=command.rule,
            legal_basis=command.legal_basis,
        )
    ]


def end_rulebook(command: EndRulebook, state: Institution, facts: Facts) -> Sequence[OrganisationEvent]:
    """Let no rulebook of a kind hold any more."""
    day = facts.effective(command.effective_on)
    if state.rule(command.kind, day) is None:
        raise RulebookNotInForce(kind=command.kind, day=day)
    return [RulebookEnded(effective_on=day, kind=command.kind, reason=command.reason)]


def register_document(command: RegisterDocument, state: Institution, facts: Facts) -> Sequence[OrganisationEvent]:
    """Enter a planning document that exists, whenever the unit came into being."""
    day = _past_day(command.effective_on, facts)
    demand_unit(state, command.unit)
    return [
        DocumentRegistered(
            effective_on=day,
            unit=command.unit,
            fiscal_year=command.fiscal_year,
            document=command.document,
            number=command.number,
            file=command.file,
            published_at=command.published_at,
        )
    ]


def _past_day(given: date | None, facts: Facts) -> date:
    """Return the day of something that has happened; raise EffectiveInFuture."""
    day = facts.effective(given)
    if day > facts.today:
        raise EffectiveInFuture(effective_on=day, today=facts.today)
    return day
