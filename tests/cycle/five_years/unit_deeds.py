"""What units do in their year, and those who verify: promise, measure, report."""

from datetime import date
from typing import Any

from domain.institution import BudgetDocument
from domain.period import Period
from services.command_handler import Receipt
from tests.cycle.five_years.cast import HEAD_UNIT, LINE_UNITS, verifier_of
from tests.cycle.five_years.content import commitment, file, measured_in, paper, quarter, realisation, reason, target
from tests.cycle.five_years.player import Player, Remembered

TRIGGERS = ("official_replaced", "strategy_changed", "priority_changed")


def agree(play: Player) -> None:
    """Propose what is to be promised, or sign it; at times dated some days before."""
    found = play.one(each for each in play.under_way if not each[2].signed)
    if found is None:
        return
    unit, year, known = found
    cycle = {"unit": unit, "fiscal_year": year}
    if not known.commitments or play.chance(0.1):
        partner = play.one(each for each in LINE_UNITS if each != unit)
        rows = [commitment(play.rng, f"k{n}", year, partner) for n in range(1, play.rng.randint(2, 4))]
        if play.tries(play.acting_for(unit), "agreement.propose", **cycle, commitments=rows):
            known.commitments = rows
        return
    signed = paper(play.rng, *play.signatories(unit))
    signed_on = play.day(-6, 0) if play.chance(0.3) else None
    receipt = play.tries(play.head_of(unit), "agreement.sign", **cycle, paper=signed, effective_on=signed_on)
    if receipt is not None:
        known.signed = True
        for each, version in zip(known.commitments, _versions(receipt), strict=True):
            known.targets[each["id"]] = [version]


def amend(play: Player) -> None:
    """Amend targets, from a day of the year on that may be long past; or none, because the official changed."""
    found = _signed(play)
    if found is None:
        return
    unit, year, known = found
    changed = [each for each in known.commitments if play.chance(0.6)]
    changes = [{"commitment": each["id"], **_renewed(play, each, year)} for each in changed]
    receipt = play.tries(
        play.head_of(unit),
        "agreement.amend",
        unit=unit,
        fiscal_year=year,
        trigger=play.rng.choice(TRIGGERS),
        reason=reason(play.rng),
        paper=paper(play.rng, *play.signatories(unit)),
        changes=changes,
        effective_on=play.day(-40, 0) if play.chance(0.4) else None,
    )
    if receipt is not None:
        for each, version in zip(changed, _versions(receipt), strict=True):
            known.targets[each["id"]].append(version)


def put_targets_right(play: Player) -> None:
    """Correct a target, withdraw one, or put a clerical error right before anything is measured."""
    found = _signed(play)
    if found is None:
        return
    unit, year, known = found
    of = play.rng.choice(known.commitments)
    version = play.one(known.targets[of["id"]])
    cycle = {"unit": unit, "fiscal_year": year}
    fields: dict[str, Any] = {"commitment": of["id"], "reason": reason(play.rng)}
    right = target(play.rng, of["indicator"], year)
    if version is None or play.chance(0.3):
        fixes = [{"commitment": of["id"], "corrects": version or 1, "target": right}]
        signed = paper(play.rng, *play.signatories(unit))
        play.tries(play.head_of(unit), "agreement.rectify", **cycle, reason=reason(play.rng), paper=signed, fixes=fixes)
    elif play.chance(0.7):
        play.tries(verifier_of(unit), "agreement.correct_target", **cycle, **fields, corrects=version, target=right)
    elif play.tries(verifier_of(unit), "agreement.withdraw_target", **cycle, **fields, withdraws=version):
        known.targets[of["id"]].remove(version)


def measure(play: Player) -> None:
    """Take a quarter one step further: figures, submission, verification, lock, or back."""
    found = play.one(
        (unit, year, known, number)
        for unit, year, known in play.under_way
        if known.signed
        for number, state in known.quarters.items()
        if state != "locked" and _is_time(play, year, number, state)
    )
    if found is None:
        return
    unit, year, known, number = found
    cycle: dict[str, Any] = {"unit": unit, "fiscal_year": year}
    period = quarter(year, number)
    match known.quarters[number]:
        case "begun":
            _record(play, unit, year, known, number)
        case "recorded" if play.chance(0.2):
            _correct(play, unit, year, known, number)
        case "recorded":
            if play.tries(play.acting_for(unit), "measurement.submit", **cycle, period=period):
                known.quarters[number] = "submitted"
        case state:
            verb = "return" if play.chance(0.12) else {"submitted": "verify"}.get(state, "lock")
            given = {"reason": reason(play.rng)} if verb == "return" else {}
            if play.tries(verifier_of(unit), f"measurement.{verb}", **cycle, period=period, **given):
                known.quarters[number] = {"return": "recorded", "verify": "verified", "lock": "locked"}[verb]


def reopen(play: Player) -> None:
    """Open a locked quarter again, and correct a figure in it: a late correction."""
    found = play.one(
        (unit, year, known, number)
        for unit, year, known in play.under_way
        for number, state in known.quarters.items()
        if state == "locked"
    )
    if found is None:
        return
    unit, year, known, number = found
    opened = {"commitments": [known.commitments[0]["id"]], "until": play.day(5, 30), "reason": reason(play.rng)}
    fields = {"unit": unit, "fiscal_year": year, "period": quarter(year, number), **opened}
    if play.tries(verifier_of(unit), "measurement.reopen", **fields):
        _correct(play, unit, year, known, number)


def report(play: Player) -> None:
    """Take a report one step further: compiled, reviewed, submitted, returned or accepted."""
    found = play.one(
        (unit, year, known)
        for unit, year, known in play.under_way
        if year < play.today.year and known.report != "sent" and (known.quarters[4] == "locked" or play.chance(0.05))
    )
    if found is None:
        return
    unit, year, known = found
    if known.report == "none":
        _compile(play, unit, year, known)
        return
    verb, person, given, reached = _next_for_report(play, unit, year, known)
    if play.tries(person, f"report.{verb}", unit=unit, fiscal_year=year, **given):
        known.report = reached


def ratify(play: Player) -> None:
    """Record a budget document, often days after it was ratified, at times again with the right day."""
    found = play.one(each for each in play.under_way if each[1] >= play.today.year - 1)
    if found is None:
        return
    unit, year, _ = found
    revised = play.today.month > 8 and play.today.year == year
    document = BudgetDocument.DPPA if revised else BudgetDocument.DPA
    fields = {"unit": unit, "fiscal_year": year, "document": document.value, "effective_on": play.day(-20, 0)}
    play.tries("plan", "organisation.ratify_budget", **fields, number=f"{document.value}/{play.rng.randint(1, 3)}")


def _versions(receipt: Receipt) -> list[int]:
    """Return the stream versions of all events but the first."""
    return list(range(receipt.version - len(receipt.events) + 2, receipt.version + 1))


def _signed(play: Player) -> tuple[str, int, Remembered] | None:
    """Choose a signed agreement, mostly a recent one."""
    oldest = play.today.year - (3 if play.chance(0.1) else 1)
    return play.one(each for each in play.under_way if each[2].signed and each[1] >= oldest)


def _renewed(play: Player, of: dict[str, Any], year: int) -> dict[str, Any]:
    holds_from = date(year, play.rng.randint(1, 12), 1)
    return {"target": target(play.rng, of["indicator"], year), "effective_on": holds_from.isoformat()}


def _is_time(play: Player, year: int, number: int, state: str) -> bool:
    """Figures are entered from the quarter's beginning on; what follows waits for its end, mostly."""
    period = Period(fiscal_year=year, frequency="quarter", number=number)
    return (period.first_day if state == "begun" or play.chance(0.01) else period.last_day) <= play.today


def _record(play: Player, unit: str, year: int, known: Remembered, number: int) -> None:
    for of in known.commitments:
        for period in measured_in(of, quarter(year, number)):
            fields = {"unit": unit, "fiscal_year": year, "realisation": realisation(play.rng, of, period)}
            receipt = play.tries(play.acting_for(unit), "measurement.record", **fields)
            if receipt is not None:
                known.realised[number, of["id"]] = receipt.version
    known.quarters[number] = "recorded"


def _correct(play: Player, unit: str, year: int, known: Remembered, number: int) -> None:
    of = known.commitments[0]
    version = known.realised.get((number, of["id"]))
    if version is None:
        _record(play, unit, year, known, number)
        return
    figures = realisation(play.rng, of, measured_in(of, quarter(year, number))[-1])
    fields = {"unit": unit, "fiscal_year": year, "corrects": version, "realisation": figures}
    play.tries(play.acting_for(unit), "measurement.correct", **fields, reason=reason(play.rng))


def _next_for_report(play: Player, unit: str, year: int, known: Remembered) -> tuple[str, str, dict[str, Any], str]:
    """Return what is done with a compiled report, by whom, with what, and what it then is."""
    if known.report == "accepted":
        sent = {"recipient": "KemenPANRB (ESR)", "receipt": f"ESR-{year}"}
        return "send_outside", verifier_of(unit), sent, "sent"
    if known.report == "submitted":
        if play.chance(0.3):
            back = {"reason": reason(play.rng), "correct_by": play.day(3, 14)}
            return "return", verifier_of(unit), back, "compiled"
        return "accept", verifier_of(unit), {}, "accepted" if unit == HEAD_UNIT else "sent"
    if unit == HEAD_UNIT and play.chance(0.5):
        return "review", "ins", {"statement_number": f"REV/{year}", "file": file(play.rng)}, "compiled"
    return "submit", play.head_of(unit), {"file": file(play.rng)}, "submitted"


def _compile(play: Player, unit: str, year: int, known: Remembered) -> None:
    cycle = {"unit": unit, "fiscal_year": year}
    if known.quarters[4] != "locked":
        play.tries("kabag", "report.open", **cycle, opening={"reason": reason(play.rng)})
    accepted = [
        of
        for (of, in_), each in play.cycles.items()
        if in_ == year and of != HEAD_UNIT and each.report in {"accepted", "sent"}
    ]
    compiled_from = accepted if unit == HEAD_UNIT else []
    fields = {"analysis": reason(play.rng), "compiled_from": compiled_from}
    if play.tries(play.acting_for(unit), "report.compile", **cycle, **fields):
        known.report = "compiled"
