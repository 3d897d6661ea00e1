"""What happens to the institution itself: its founding, years, officials, units, rules, and what nobody may do."""

from typing import Any

import msgspec

from domain.actor import Role
from domain.event import Origin
from services.calendar_proposal import propose_calendar
from tests.cycle.five_years.cast import (
    EVERY_UNIT,
    FOUNDING,
    HEAD_UNIT,
    ROLES,
    RULES,
    SPARE,
    UNITS,
    Reorganisation,
    head_of,
    operator_of,
)
from tests.cycle.five_years.content import commitment, file, finding, paper, quarter, reason
from tests.cycle.five_years.player import Player, Remembered
from tests.services.office import INSTITUTION, by_system


def found(play: Player, years: range) -> None:
    """Found the regency, with its people, rules and calendars, and enter what was published about the year before."""
    founding = by_system(Role.CONSOLE, "organisation.found", institution=INSTITUTION, **FOUNDING)
    play.sends("organisation.found", founding)
    for person in dict.fromkeys((*(role[0] for role in ROLES), *SPARE)):
        play.tries("admin", "organisation.register_person", person=person, name=person.title())
    for unit in UNITS:
        _establish(play, unit, "2015-01-01")
    bupati = {"unit": HEAD_UNIT, "person": "bupati", "position": "Bupati", "effective_on": "2016-02-26"}
    play.tries("admin", "organisation.appoint_official", **bupati)
    for person, role, home in ROLES:
        play.tries("admin", "organisation.grant_role", person=person, role=role.value, unit=home)
    for kind, name in RULES:
        adopt(play, kind, name, f"{years.start - 1}-01-01")
    for year in range(years.start - 1, years.stop + 1):
        proposal = msgspec.to_builtins(propose_calendar(year))
        play.tries("kabag", "organisation.adopt_calendar", **proposal, decree=f"SKB tentang libur {year}")
    enter_history(play, years.start - 2)


def adopt(play: Player, kind: str, name: str, day: str) -> None:
    """Adopt a rulebook from a day on."""
    rule = msgspec.to_builtins(play.system.shelf.reference(name))
    play.tries(
        "kabag", "organisation.adopt_rulebook", kind=kind, rule=rule, legal_basis="Perbup Contoh", effective_on=day
    )


def enter_history(play: Player, year: int) -> None:
    """Let the importer enter what was published about a year before the system was in use."""
    source = "Portal data terbuka Kabupaten Contoh"
    for unit in (HEAD_UNIT, "dinkes"):
        cycle = {"unit": unit, "fiscal_year": year}
        rows = [commitment(play.rng, "k1", year, None)]
        outcome = {"total": "68.25", "predicate": "B"}
        for name, fields in (
            ("agreement.open", {"opening": {"source": source}}),
            ("agreement.record_published", {"commitments": rows, "source": source}),
            ("report.open", {"opening": {"source": source}}),
            ("report.record_published", {"submitted_on": None, "source": source}),
            (
                "evaluation.record_external",
                {
                    "issuer": "Inspektorat",
                    "evaluation_year": year + 1,
                    "score": outcome,
                    "source": source,
                    "findings": [finding(play.rng, 1, [unit], None)],
                },
            ),
        ):
            dated = {"effective_on": f"{year}-12-31"} if name.startswith(("agreement", "report")) else {}
            asked = by_system(Role.IMPORTER, name, origin=Origin.HISTORY, **cycle, **fields, **dated)
            play.sends(name, asked)
    play.settle()


def open_year(play: Player, year: int) -> None:
    """Begin the cycle of a year for every entity in being."""
    if play.tries("plan", "organisation.open_fiscal_year", fiscal_year=year):
        for unit in play.institution.entities(play.today):
            play.cycles[unit, year] = Remembered()
    for unit in play.institution.entities(play.today):
        budget = {"unit": unit, "fiscal_year": year, "document": "DPA", "number": "DPA/1"}
        play.tries("plan", "organisation.ratify_budget", **budget, effective_on=play.day(-25, 0))
    play.settle()


def reorganise(play: Player, change: Reorganisation) -> None:
    """Merge, split or dissolve; what is left over of the ended units passes on."""
    for unit in change.born:
        _establish(play, unit, play.day(-10, 0))
    for unit in change.ends:
        ended_on = play.day(-3, 0) if play.chance(0.5) else None
        play.tries(
            "admin", "organisation.dissolve_unit", unit=unit, successors=list(change.successors), effective_on=ended_on
        )
        play.settle()
    for successor in change.born:
        cycle = {"unit": successor, "fiscal_year": play.today.year}
        opening = {"reason": "Unit dibentuk di tengah tahun"}
        if play.tries("kabag", "agreement.open", **cycle, opening=opening):
            play.cycles[successor, play.today.year] = Remembered()


def change_an_official(play: Player) -> None:
    """Appoint, relieve, correct or withdraw; from a day on that may be past or to come."""
    known, today = play.institution, play.today
    vacant = play.one(each for each in known.entities(today) if known.head_of(each, today) is None)
    unit = play.rng.choice(EVERY_UNIT)
    if vacant is not None and play.chance(0.7):
        play.tries("admin", "organisation.appoint_official", unit=vacant, person=head_of(vacant), position="Kepala")
        return
    drawn = play.rng.random()
    fields: dict[str, Any] = {"unit": unit, "person": play.rng.choice(SPARE), "position": "Kepala"}
    if drawn < 0.4:
        capacity = play.rng.choice(("definitif", "plt", "plh"))
        dated = play.day(-60, 40)
        play.tries("admin", "organisation.appoint_official", **fields, capacity=capacity, effective_on=dated)
    elif drawn < 0.5:
        play.tries("admin", "organisation.relieve_official", unit=unit, effective_on=play.day(-10, 20))
    else:
        _put_official_right(play, unit, fields)


def _put_official_right(play: Player, unit: str, fields: dict[str, Any]) -> None:
    """Correct an appointment or withdraw one; the first of a unit stays, so that somebody can sign."""
    known = play.institution.units.get(unit)
    version = play.one(() if known is None else [each.version for each in known.head.versions[1:]])
    if version is None:
        return
    if play.chance(0.4):
        play.tries("admin", "organisation.correct_official", **fields, corrects=version)
    else:
        play.tries("admin", "organisation.withdraw_official", unit=unit, withdraws=version)


def change_a_unit(play: Player) -> None:
    """Give a unit another name, or put one right."""
    unit = play.rng.choice(EVERY_UNIT)
    known = play.institution.units.get(unit)
    if known is not None and play.chance(0.4):
        version = play.rng.choice(known.name.versions).version
        play.tries("admin", "organisation.correct_unit_name", unit=unit, corrects=version, name=f"{unit} (betul)")
    else:
        name = f"{unit} {play.rng.randint(2, 99)}"
        play.tries("admin", "organisation.rename_unit", unit=unit, name=name, effective_on=play.day(-200, 60))


def change_a_role(play: Player) -> None:
    """Grant a role to somebody, or end it, from any day on."""
    verb = play.rng.choice(("grant_role", "grant_role", "revoke_role"))
    fields = {"person": play.rng.choice(SPARE), "role": "unit_operator", "unit": play.rng.choice(UNITS)}
    play.tries("admin", f"organisation.{verb}", **fields, effective_on=play.day(-90, 30))


def change_a_rule(play: Player) -> None:
    """End a rulebook and adopt it again some days later, or revise the calendar of a year."""
    if play.chance(0.6):
        year = play.today.year
        proposal = msgspec.to_builtins(propose_calendar(year))
        play.calendar_revisions += 1
        decree = f"SKB perubahan {play.calendar_revisions}"
        leave = [*proposal["joint_leave"], f"{year}-12-{play.rng.randint(10, 24)}"]
        play.tries("kabag", "organisation.adopt_calendar", **{**proposal, "joint_leave": leave}, decree=decree)
        return
    kind, name = play.rng.choice(RULES)
    if play.tries("kabag", "organisation.end_rulebook", kind=kind, reason=reason(play.rng)):
        adopt(play, kind, name, play.day(0, 6))


def register(play: Player) -> None:
    """Enter a planning document, or give a person another name."""
    if play.chance(0.7):
        unit, year = play.one(play.cycles) or (HEAD_UNIT, play.today.year)
        fields = {"unit": unit, "fiscal_year": year, "document": play.rng.choice(("Renstra", "Renja", "IKU"))}
        dated = play.day(-400, 0)
        play.tries("plan", "organisation.register_document", **fields, file=file(play.rng), effective_on=dated)
    else:
        person = play.rng.choice(SPARE)
        play.tries("admin", "organisation.register_person", person=person, name=f"{person.title()}, S.E.")


def trespass(play: Player) -> None:
    """Try what is nobody's to do, or not this person's, or not now."""
    unit, year = play.one(play.cycles) or ("dinkes", play.today.year)
    cycle = {"unit": unit, "fiscal_year": year}
    period = quarter(year, play.rng.randint(1, 4))
    papers = paper(play.rng, play.head_of(unit))
    person, command, fields = play.rng.choice(
        (
            (operator_of(unit), "measurement.verify", {**cycle, "period": period}),
            ("ins", "measurement.lock", {**cycle, "period": period}),
            ("kabag", "evaluation.issue_lhe", {**cycle, "number": "LHE/0"}),
            ("bupati", "agreement.sign", {**cycle, "paper": papers}),
            ("plan", "organisation.open_fiscal_year", {"fiscal_year": year}),
            ("admin", "organisation.dissolve_unit", {"unit": HEAD_UNIT}),
            ("admin", "organisation.grant_role", {"person": "admin", "role": "auditor"}),
            ("nobody", "agreement.propose", {**cycle, "commitments": [commitment(play.rng, "x", year, None)]}),
            ("sekda", "obligation.waive", {"obligation": f"{year}.{unit}.nothing", "reason": "Coba"}),
            (operator_of(unit), "follow_up.approve_result", {"recommendation": f"{year}.{unit}.r1"}),
            ("kabag", "measurement.reopen", _far_reopening(play, unit, year)),
        )
    )
    play.tries(person, command, **fields)


def _far_reopening(play: Player, unit: str, year: int) -> dict[str, Any]:
    return {
        "unit": unit,
        "fiscal_year": year,
        "period": quarter(year + 1, 1),
        "commitments": ["k1"],
        "until": play.day(1, 2),
        "reason": reason(play.rng),
    }


def _establish(play: Player, unit: str, day: str) -> None:
    people = {head_of(unit): None, operator_of(unit): None}
    play.tries("admin", "organisation.establish_unit", unit=unit, name=unit.title(), effective_on=day)
    for person in people:
        play.tries("admin", "organisation.register_person", person=person, name=person.title())
    head = {"unit": unit, "person": head_of(unit), "position": "Kepala", "effective_on": day}
    play.tries("admin", "organisation.appoint_official", **head)
    play.tries("admin", "organisation.grant_role", person=operator_of(unit), role="unit_operator", unit=unit)
