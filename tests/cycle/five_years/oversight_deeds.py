"""What those do who look over the units: evaluate, see to it that findings are followed up, hold and release."""

from datetime import timedelta
from typing import Any

from projections import hold_register, obligation_calendar, recommendation_register
from projections.hold_register import Hold
from projections.recommendation_register import Recommendation
from tests.cycle.five_years.cast import HEAD_UNIT, LINE_UNITS, verifier_of
from tests.cycle.five_years.content import GRADES, SUB_COMPONENTS, evidence, figure, file, finding, reason
from tests.cycle.five_years.player import Player, Remembered
from tests.services.office import INSTITUTION

TEAM = [{"person": "kt", "role": "team_lead"}, {"person": "eko", "role": "team_member"}]
RESULTS = ("sesuai", "sesuai", "belum_sesuai", "belum_ditindaklanjuti", "tidak_dapat_ditindaklanjuti")


def evaluate(play: Player) -> None:
    """Take an evaluation of a year that is over one step further: letter, marks of both sides, LHE."""
    found = play.one(
        (unit, year, known)
        for unit, year, known in play.under_way
        if year < play.today.year and known.evaluation != "issued"
    )
    if found is None:
        return
    unit, year, known = found
    cycle: dict[str, Any] = {"unit": unit, "fiscal_year": year}
    if known.evaluation == "none":
        letter = {"letter": f"ST/{year}/{unit}", "letter_date": play.day(-9, 0), "evaluation_year": year + 1}
        if play.tries("ins", "evaluation.assign", **cycle, **letter, team=TEAM):
            known.evaluation = "assigned"
    elif known.evaluation == "assigned":
        _mark(play, unit, year)
        known.evaluation = "marked"
    elif play.chance(0.3):
        _mark_one(play, unit, year)
    else:
        _issue(play, unit, year, known)


def record_external(play: Player) -> None:
    """Enter what KemenPANRB found about the institution in an earlier year."""
    year = play.one(year for unit, year in play.cycles if unit == HEAD_UNIT and year < play.today.year)
    if year is None:
        return
    known = play.cycles[HEAD_UNIT, year]
    owner = play.rng.choice(LINE_UNITS)
    outcome = {"total": figure(play.rng, 50, 90), "predicate": play.rng.choice(GRADES)}
    receipt = play.tries(
        "ins",
        "evaluation.record_external",
        unit=HEAD_UNIT,
        fiscal_year=year,
        issuer="KemenPANRB",
        number=f"B/{play.rng.randint(1, 9)}/{year}",
        issued_on=play.day(-30, -10),
        received_on=play.day(-9, 0),
        evaluation_year=year + 1,
        score=outcome,
        findings=[finding(play.rng, known.findings + 1, [owner], None)],
    )
    known.findings += receipt is not None


def follow_up(play: Player) -> None:
    """Do what comes next for a recommendation, or what does not."""
    with play.system.reader.live(INSTITUTION) as rows:
        known = recommendation_register.recommendations(rows, play.today)
    found = play.one(each for each in known if each.status != "closed" or play.chance(0.05))
    if found is None:
        return
    owner = play.rng.choice(found.owners)
    item = {"recommendation": found.id, "unit": owner}
    if found.status == "awaiting_approval":
        approves = play.chance(0.7)
        given = {} if approves else {"reason": reason(play.rng)}
        play.tries("ins", f"follow_up.{'approve' if approves else 'reject'}_result", **item, **given)
    elif found.status == "closed":
        shown = evidence(play.rng, play.today)
        play.tries("ins", "follow_up.reopen", **item, reason=reason(play.rng), evidence=shown)
    elif play.chance(0.25):
        _decide_otherwise(play, found, item)
    elif found.plan is None:
        plan = {"plan": reason(play.rng), "plan_due_on": play.day(10, 60)}
        play.tries(play.acting_for(owner), "follow_up.plan_action", **item, **plan)
    elif not found.progress or play.chance(0.3):
        done = {"progress": reason(play.rng), "evidence": evidence(play.rng, play.today)}
        play.tries(play.acting_for(owner), "follow_up.report_progress", **item, **done)
    else:
        judged = {"result": play.rng.choice(RESULTS), "reason": reason(play.rng)}
        play.tries(play.rng.choice(("kt", "eko")), "follow_up.propose_result", **item, **judged)


def hold(play: Player) -> None:
    """Do what comes next for a hold that has not ended."""
    with play.system.reader.live(INSTITUTION) as rows:
        known = hold_register.holds(rows, play.today)
    found = play.one(each for each in known if each.status not in {"lapsed", "declined", "released"})
    if found is None:
        return
    item = {"hold": found.id}
    match found.status:
        case "proposed":
            play.tries(verifier_of(found.unit), "hold.recommend", **item, reason=reason(play.rng))
        case "recommended":
            play.tries("kabag", "hold.serve_notice", **item, number=f"800/{play.rng.randint(1, 99)}")
        case "notice_served" if play.chance(0.9):
            return
        case "notice_served" | "notice_lapsed" if play.chance(0.15):
            play.tries("sekda", "hold.decline", **item, reason=reason(play.rng))
        case "notice_served" | "notice_lapsed":
            _impose(play, found)
        case _:
            _after_the_decision(play, found)


def change_a_duty(play: Player) -> None:
    """Extend a duty, waive it, or give it to another unit."""
    with play.system.reader.live(INSTITUTION) as rows:
        known = obligation_calendar.duties(rows, play.today, states=("overdue", "due_soon", "not_due", "in_hand"))
    found = play.one(known)
    if found is None:
        return
    item = {"obligation": found.id, "reason": reason(play.rng)}
    drawn = play.rng.random()
    if drawn < 0.6 and found.due_on is not None:
        due_on = (found.due_on + timedelta(days=play.rng.randint(-3, 40))).isoformat()
        holds_from = play.day(-30, 30) if play.chance(0.3) else None
        play.tries("kabag", "obligation.extend", **item, due_on=due_on, effective_on=holds_from)
    elif drawn < 0.8:
        play.tries("sekda", "obligation.waive", **item)
    else:
        play.tries("kabag", "obligation.transfer", **item, to_unit=play.rng.choice(LINE_UNITS))


def _mark(play: Player, unit: str, year: int) -> None:
    """Mark the worksheet in one go; the unit marks part of it itself."""
    for code in SUB_COMPONENTS:
        if play.chance(0.99):
            mark = {"sub_component": code, "grade": play.rng.choice(GRADES)}
            play.tries(play.rng.choice(("kt", "eko")), "evaluation.grade", unit=unit, fiscal_year=year, mark=mark)
        if play.chance(0.3):
            own = {"sub_component": code, "grade": play.rng.choice(GRADES)}
            note = reason(play.rng)
            who = play.acting_for(unit)
            play.tries(who, "evaluation.assess_self", unit=unit, fiscal_year=year, mark=own, note=note)


def _mark_one(play: Player, unit: str, year: int) -> None:
    """Give a mark anew, or the one that was forgotten; it may be dated back."""
    mark = {"sub_component": play.rng.choice(SUB_COMPONENTS), "grade": play.rng.choice(GRADES)}
    dated = play.day(-5, 0)
    play.tries("eko", "evaluation.grade", unit=unit, fiscal_year=year, mark=mark, effective_on=dated)


def _issue(play: Player, unit: str, year: int, known: Remembered) -> None:
    with play.system.reader.live(INSTITUTION) as rows:
        earlier = recommendation_register.recommendations(rows, play.today)
    again = play.one(each.id for each in earlier if each.unit == unit and each.fiscal_year < year)
    findings = [
        finding(play.rng, known.findings + n, [unit], again if n == 1 else None)
        for n in range(1, play.rng.randint(1, 4))
    ]
    lhe = {"number": f"LHE/{year}/{unit}", "findings": findings, "file": file(play.rng)}
    if play.tries("ins", "evaluation.issue_lhe", unit=unit, fiscal_year=year, **lhe):
        known.evaluation = "issued"
        known.findings += len(findings)


def _decide_otherwise(play: Player, found: Recommendation, item: dict[str, str]) -> None:
    drawn = play.rng.random()
    if drawn < 0.4 and found.due_on is not None:
        later = (found.due_on + timedelta(days=play.rng.randint(-2, 45))).isoformat()
        play.tries("ins", "follow_up.extend", **item, due_on=later, reason=reason(play.rng))
    elif drawn < 0.6:
        owners = [play.rng.choice(LINE_UNITS)]
        play.tries("ins", "follow_up.transfer", **item, owners=owners, reason=reason(play.rng))
    else:
        theirs = {"issuer": found.opened.issuer, "verdict": "Dipantau", "document": "Surat"}
        play.tries(play.rng.choice(("ins", "kabag")), "follow_up.record_verdict", **item, **theirs)


def _impose(play: Player, found: Hold) -> None:
    person = play.head_of(found.unit)
    month = f"{play.today.year}-{play.today.month:02d}"
    shares = [{"person": person, "percent": play.rng.choice(("50", "25", "60"))}]
    decided = {"decision": f"Kep. Sekda {play.rng.randint(1, 999)}", "persons": shares, "months": [month]}
    play.tries("sekda", "hold.impose", hold=found.id, **decided)


def _after_the_decision(play: Player, found: Hold) -> None:
    item = {"hold": found.id}
    drawn = play.rng.random()
    if any(each.outcome is None for each in found.objections) and drawn < 0.3:
        upheld = play.chance(0.4)
        play.tries(play.head_of(HEAD_UNIT), "hold.decide_objection", **item, upheld=upheld, reason=reason(play.rng))
    elif drawn < 0.4:
        play.tries(play.acting_for(found.unit), "hold.file_objection", **item, grounds=reason(play.rng))
    elif drawn < 0.6 and found.shares:
        part = [{"person": found.shares[0].person, "percent": "10"}]
        scope = play.rng.choice(("part", "person"))
        play.tries("sekda", "hold.release", **item, scope=scope, released=part, reason=reason(play.rng))
    elif drawn < 0.75:
        play.tries("sekda", "hold.release", **item, scope="all", reason=reason(play.rng))
    elif drawn < 0.8:
        play.tries("sekda", "hold.transfer", **item, to_unit=play.rng.choice(LINE_UNITS), reason=reason(play.rng))
