"""One year of Kabupaten Contoh, told through the API: fiscal year 2024, from signing to follow-up.

In it a unit is late, noticed, held, objects and is released; a target is amended; a figure is corrected; a weakness is
found again. The years overlap: the agreement of 2025 is signed while 2024 is unreported and findings on 2023 are open.
"""

import hashlib
from typing import Any

import msgspec

from services.calendar_proposal import propose_calendar
from services.demo.cast import ADMINISTRATOR, HEAD_UNIT, PARTS, PEOPLE, UNITS, unit, verifier_of
from services.demo.commitments import PROMISES, number
from services.demo.storyteller import Storyteller
from services.rulebooks import RulebookShelf

YEAR = 2024
ALL = (HEAD_UNIT, *(each.id for each in UNITS))
LATE = "disdik"
SUB_COMPONENTS = tuple(f"{number}{part}" for number in "1234" for part in "abc")


def paper_file(name: str) -> str:
    """Return the content hash of a paper of the story."""
    return hashlib.sha256(f"berkas contoh: {name}".encode()).hexdigest()


def quarter(number_: int, year: int = YEAR) -> dict[str, Any]:
    """Return a quarter as the API takes it."""
    return {"fiscal_year": year, "frequency": "quarter", "number": number_}


def found(story: Storyteller, shelf: RulebookShelf) -> None:
    """Units, people, roles, calendars, and the rules that the institution adopts."""
    for each in UNITS:
        story.does(
            ADMINISTRATOR, "organisation.establish_unit", unit=each.id, name=each.name, effective_on="2020-01-01"
        )
    for person, name in PEOPLE.items():
        story.does(ADMINISTRATOR, "organisation.register_person", person=person, name=name)
    for each in UNITS:
        appointed = {"unit": each.id, "person": each.head, "position": each.position, "effective_on": "2022-01-03"}
        story.does(ADMINISTRATOR, "organisation.appoint_official", **appointed)
        story.does(ADMINISTRATOR, "organisation.grant_role", person=each.operator, role="unit_operator", unit=each.id)
    bupati = {"unit": HEAD_UNIT, "person": "bupati", "position": "Bupati", "effective_on": "2021-02-26"}
    story.does(ADMINISTRATOR, "organisation.appoint_official", **bupati)
    for part in PARTS:
        home = {"unit": part.unit} if part.unit else {}
        story.does(ADMINISTRATOR, "organisation.grant_role", person=part.person, role=part.role.value, **home)
    for year in (2023, 2024, 2025):
        proposal = msgspec.to_builtins(propose_calendar(year))
        story.does(
            "kartika", "organisation.adopt_calendar", **proposal, decree=f"SKB tiga menteri tentang libur {year}"
        )
    rules = (
        ("due_dates", "due-dates-53-2014", "PermenPANRB 53/2014"),
        ("follow_up", "follow-up-lhe-contoh", "Perbup Contoh tentang tindak lanjut LHE"),
        ("hold", "hold-contoh-perkada", "Perbup Contoh tentang penundaan TPP"),
    )
    for kind, name, basis in rules:
        reference = msgspec.to_builtins(shelf.reference(name))
        adopted = {"kind": kind, "rule": reference, "legal_basis": basis, "effective_on": "2023-11-01"}
        story.does("kartika", "organisation.adopt_rulebook", **adopted)


def promise(story: Storyteller, units: tuple[str, ...], year: int = YEAR) -> None:
    """Propose the annex and record the signed paper; the Bupati signs the institution's own alone."""
    for each in units:
        commitments = [item.commitment for item in PROMISES[each]]
        if year != YEAR:
            commitments = [_moved(commitment, year) for commitment in commitments]
        operator = "yusuf" if each == HEAD_UNIT else unit(each).operator
        story.does(operator, "agreement.propose", unit=each, fiscal_year=year, commitments=commitments)
        signer, signatories = _signatories(each)
        paper = {"place": "Kota Contoh", "signatories": signatories, "file": paper_file(f"PK {each} {year}")}
        story.does(signer, "agreement.sign", unit=each, fiscal_year=year, paper=paper)


def measure(story: Storyteller, units: tuple[str, ...], number_: int) -> None:
    """Record the realisations of a quarter and submit them."""
    for each in units:
        operator = "yusuf" if each == HEAD_UNIT else unit(each).operator
        for item in PROMISES[each]:
            realised = item.quarters[number_ - 1]
            if realised is None:
                continue
            realisation = {
                "commitment": item.commitment["id"],
                "period": quarter(number_),
                "realised": realised,
                "certainty": "final",
                "obstacle": "Data dari lapangan terlambat satu minggu",
                "next_step": "Pengumpulan data dipercepat pada triwulan berikutnya",
            }
            story.does(operator, "measurement.record", unit=each, fiscal_year=YEAR, realisation=realisation)
        story.does(operator, "measurement.submit", unit=each, fiscal_year=YEAR, period=quarter(number_))


def settle_quarter(story: Storyteller, units: tuple[str, ...], number_: int) -> None:
    """Verify and lock what was submitted; never by whoever evaluates it later."""
    for each in units:
        verifier = verifier_of(each)
        for command in ("measurement.verify", "measurement.lock"):
            story.does(verifier, command, unit=each, fiscal_year=YEAR, period=quarter(number_))


def evaluate(
    story: Storyteller, each: str, year: int, grades: str, number_: str, findings: list[dict[str, Any]]
) -> None:
    """Assign a team, grade twelve sub-components, and issue the LHE."""
    assigned = {
        "letter": f"ST/{number_}",
        "letter_date": "2024-06-03" if year == YEAR - 1 else "2025-06-02",
        "evaluation_year": year + 1,
        "team": [{"person": "sinta", "role": "team_lead"}, {"person": "eko", "role": "team_member"}],
    }
    story.does("hendra", "evaluation.assign", unit=each, fiscal_year=year, **assigned)
    for code, grade in zip(SUB_COMPONENTS, grades.split(), strict=True):
        story.does("eko", "evaluation.grade", unit=each, fiscal_year=year, mark={"sub_component": code, "grade": grade})
    issued = {"number": f"LHE/{number_}", "findings": findings, "file": paper_file(f"LHE {number_}")}
    story.does("hendra", "evaluation.issue_lhe", unit=each, fiscal_year=year, **issued)


def finding(number_: int, text: str, owner: str, component: str, repeats: str | None = None) -> dict[str, Any]:
    """Return a finding of a LHE."""
    return {"number": number_, "text": text, "owners": [owner], "component": component, "repeats": repeats}


def _signatories(each: str) -> tuple[str, list[dict[str, str]]]:
    bupati = {"person": "bupati", "position": "Bupati"}
    if each == HEAD_UNIT:
        return "bupati", [bupati]
    head = unit(each)
    return head.head, [{"person": head.head, "position": head.position}, bupati]


def _moved(commitment: dict[str, Any], year: int) -> dict[str, Any]:
    indicator = dict(commitment["indicator"])
    indicator.pop("measured_from", None)
    target = {"year": number("99")} if commitment["id"] == "aps" else commitment["target"]
    return {**commitment, "indicator": indicator, "target": target, "id": f"{commitment['id']}-{year}"}
