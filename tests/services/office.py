"""A small regency on any recorder, for tests of what stands on the log: its people, and what they send."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import msgspec

from domain.actor import Role, system_actor
from domain.cycle import commands
from domain.event import Origin
from services.bootstrap import System, bootstrap
from services.clock import VirtualClock
from services.command_handler import Receipt, Request
from services.identity import new_command_id
from services.sealing import read_command
from services.settings import Settings

INSTITUTION = "contoh"
UNIT = "dinkes"
YEAR = 2024
AGREEMENT: dict[str, Any] = {"unit": UNIT, "fiscal_year": YEAR}
HOLD = f"{YEAR}.{UNIT}.agreement"
BEGINS = datetime(2024, 1, 2, 2, tzinfo=UTC)
UNITS = ("setda", "inspektorat", UNIT, "disdik")
ROLES = (
    ("op", "unit_operator", UNIT),
    ("kabag", "organisation_bureau", "setda"),
    ("sekda", "hold_authority", "setda"),
    ("plan", "planning_office", "setda"),
    ("ins", "inspector", "inspektorat"),
    ("kt", "team_lead", "inspektorat"),
    ("audit", "auditor", None),
)
HEADS = (("bupati", "pemda", "Bupati"), ("kadin", UNIT, "Kepala Dinas"))
RULES = (("due_dates", "due-dates-53-2014"), ("hold", "hold-contoh-perkada"))


def request(person: str, command: str, /, *, id_: str | None = None, **fields: Any) -> Request:  # noqa: ANN401
    """Return a command of a person; `id_` makes it a repetition of whatever had the same."""
    return Request(
        institution=INSTITUTION,
        command_id=id_ or new_command_id(),
        sealed=read_command(commands()[command], fields, person),
        person=person,
    )


def expecting(version: int, asked: Request) -> Request:
    """Return the same command of a client that saw a version of the stream."""
    return msgspec.structs.replace(asked, expected=version)


def by_system(role: Role, command: str, /, *, origin: Origin | None = None, **fields: Any) -> Request:  # noqa: ANN401
    """Return a command of a part of the system."""
    return Request(
        institution=INSTITUTION,
        command_id=new_command_id(),
        sealed=read_command(commands()[command], fields, role.value),
        system=system_actor(role, role.value),
        origin=origin,
    )


class Office:
    """A system on a clock of its own, and what is said to it."""

    def __init__(self, system: System, clock: VirtualClock) -> None:
        self.system = system
        self.clock = clock

    def does(self, person: str, command: str, /, **fields: Any) -> Receipt:  # noqa: ANN401 - any command
        """Let a person's command be carried out, without what follows from it."""
        return self.system.handler.handle(request(person, command, **fields))

    def on(self, day: str) -> None:
        """Let it be nine in the morning of a day, in western Indonesia."""
        self.clock.set(datetime.fromisoformat(f"{day}T02:00:00+00:00"))

    def settle(self) -> int:
        """Let workflows react and read models follow; return the position reached."""
        return self.system.delivery.settle(INSTITUTION)

    def lives_through(self, *days: str) -> None:
        """Let each day come with all that time brings about."""
        for day in days:
            self.on(day)
            self.settle()
            while self.system.timekeeper.tick(INSTITUTION):
                self.settle()

    @property
    def head(self) -> int:
        """The last position."""
        return self.system.log.head(INSTITUTION)

    def types(self, stream: str) -> list[str]:
        """Return the types of the events of a stream."""
        return [entry.topic for entry in self.system.log.read_stream(INSTITUTION, stream)]

    def told(self) -> list[tuple[str, int, str, str, int | None]]:
        """Return what the log tells, without what chance drew: stream, version, type, who, and the cause."""
        entries = self.system.log.read(INSTITUTION, limit=10_000)
        return [(str(e.originator_id), e.originator_version, e.topic, e.actor_id, e.causation) for e in entries]


@contextmanager
def office(url: str = "memory:", *, founded: bool = True, begins: datetime = BEGINS) -> Iterator[Office]:
    """Open a system on the database of a URL; founded with its units, people, roles and rules, or as it stands."""
    clock = VirtualClock(begins)
    system = bootstrap(Settings(database_url=url, secret="of the tests"), clock=clock)
    opened = Office(system, clock)
    try:
        if founded:
            found(opened)
        yield opened
    finally:
        system.close()


def found(opened: Office) -> None:
    """Found the regency."""
    founding: dict[str, Any] = {
        "institution": INSTITUTION,
        "name": "Kabupaten Contoh",
        "level": "kabupaten",
        "head_unit": "pemda",
    }
    begun = by_system(Role.CONSOLE, "organisation.found", **founding, administrator="admin", effective_on="2020-01-01")
    opened.system.handler.handle(begun)
    for unit in UNITS:
        opened.does("admin", "organisation.establish_unit", unit=unit, name=unit.title(), effective_on="2020-01-01")
    for person in (*(role[0] for role in ROLES), *(head[0] for head in HEADS)):
        opened.does("admin", "organisation.register_person", person=person, name=person.title())
    for person, role, home in ROLES:
        opened.does("admin", "organisation.grant_role", person=person, role=role, unit=home)
    for person, unit, position in HEADS:
        head = {"unit": unit, "person": person, "position": position, "effective_on": "2022-01-03"}
        opened.does("admin", "organisation.appoint_official", **head)
    for kind, name in RULES:
        rule = msgspec.to_builtins(opened.system.shelf.reference(name))
        adopted = {"kind": kind, "rule": rule, "legal_basis": name, "effective_on": "2023-11-01"}
        opened.does("kabag", "organisation.adopt_rulebook", **adopted)


def open_year(opened: Office) -> None:
    """Open the year and ratify the unit's budget, with all that follows."""
    opened.does("plan", "organisation.open_fiscal_year", fiscal_year=YEAR)
    opened.does("plan", "organisation.ratify_budget", **AGREEMENT, document="DPA", number="DPA/1")
    opened.settle()


def number(value: str) -> dict[str, str]:
    """Return a figure as target or realisation."""
    return {"type": "number", "value": value}


def commitment(id_: str = "aki", target: str = "100") -> dict[str, Any]:
    """Return a commitment as the API takes it: less is better, measured each quarter."""
    indicator = {
        "name": "Angka kematian ibu",
        "definition": "Kematian ibu menurut profil kesehatan",
        "formula": "Kematian dibagi kelahiran hidup",
        "unit_of_measure": "per 100.000",
        "source": "Dinas Kesehatan",
        "frequency": "quarter",
        "direction": "minimise",
        "accumulation": "last",
    }
    return {"id": id_, "objective": "Ibu sehat", "indicator": indicator, "target": {"year": number(target)}}


def paper(*signatories: str, file: str = "f") -> dict[str, Any]:
    """Return a signed paper; without names it is the unit's own, signed by its head and the Bupati."""
    signed = [{"person": each, "position": each.title()} for each in signatories or ("kadin", "bupati")]
    return {"place": "Kota Contoh", "signatories": signed, "file": file * 64}


def sign(opened: Office) -> None:
    """Propose and sign the unit's agreement, with all that follows."""
    opened.does("op", "agreement.propose", **AGREEMENT, commitments=[commitment()])
    opened.does("kadin", "agreement.sign", **AGREEMENT, paper=paper())
    opened.settle()


def quarter(number_: int) -> dict[str, Any]:
    """Return a quarter as the API takes it."""
    return {"fiscal_year": YEAR, "frequency": "quarter", "number": number_}


def realisation(number_: int, value: str) -> dict[str, Any]:
    """Return the realisation of a quarter as the API takes it."""
    return {"commitment": "aki", "period": quarter(number_), "realised": number(value)}
