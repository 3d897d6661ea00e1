"""A small regency behind its HTTP API: units, people in every role with a token each, and an open fiscal year."""

import asyncio
import itertools
import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Self, cast

import httpx

from domain.actor import Role, system_actor
from domain.organisation.commands import FoundInstitution
from services.bootstrap import System, bootstrap
from services.clock import VirtualClock
from services.command_handler import Request
from services.http.app import API, create_app
from services.sealing import read_command
from services.settings import Settings

Json = dict[str, Any]

NOW = datetime(2024, 1, 8, 2, tzinfo=UTC)
FOUNDED = "2020-01-01"
HOME = "contoh"
NEIGHBOUR = "tetangga"
YEAR = 2024

UNITS = ("setda", "bappeda", "inspektorat", "bkad", "dinkes", "dinsos")
HEADS = {"pemda": "bupati", **{unit: f"kepala-{unit}" for unit in UNITS}}
ROLES = (
    ("operator", Role.UNIT_OPERATOR, "dinkes"),
    ("operator-dinsos", Role.UNIT_OPERATOR, "dinsos"),
    ("operator-pemda", Role.UNIT_OPERATOR, "pemda"),
    ("perencana", Role.PLANNING_OFFICE, "bappeda"),
    ("ortala", Role.ORGANISATION_BUREAU, "setda"),
    ("sekda", Role.HOLD_AUTHORITY, "setda"),
    ("inspektur", Role.INSPECTOR, "inspektorat"),
    ("dalmut", Role.QUALITY_CONTROLLER, "inspektorat"),
    ("dalnis", Role.TECHNICAL_CONTROLLER, "inspektorat"),
    ("ketua", Role.TEAM_LEAD, "inspektorat"),
    ("anggota", Role.TEAM_MEMBER, "inspektorat"),
    ("bendahara", Role.TREASURY, "bkad"),
    ("auditor", Role.AUDITOR, None),
)
ADMINISTRATOR = "admin"
PEOPLE = (ADMINISTRATOR, *HEADS.values(), *(person for person, _, _ in ROLES))

RULE_KINDS = {
    "due-dates-53-2014": "due_dates",
    "lke-88-2021": "evaluation",
    "follow-up-lhe-contoh": "follow_up",
    "hold-contoh-perkada": "hold",
    "achievement-86-2017": "achievement_scale",
}

FILE = "a" * 64
AGREED = {"year": {"type": "number", "value": "90"}}
INDICATOR = {
    "name": "Persentase imunisasi dasar lengkap",
    "definition": "Bayi yang mendapat imunisasi dasar lengkap dibagi seluruh bayi",
    "formula": "a / b x 100",
    "unit_of_measure": "persen",
    "source": "Laporan puskesmas",
    "frequency": "quarter",
    "direction": "maximise",
    "accumulation": "last",
}
COMMITMENT = {"id": "imunisasi", "objective": "Anak sehat", "indicator": INDICATOR, "target": AGREED}


class World:
    """One running system, its clock, a client, the token of each person by (institution, person), and what was done."""

    def __init__(self, system: System, clock: VirtualClock) -> None:
        self.system = system
        self.clock = clock
        self.app = create_app(system)
        self.tokens: dict[tuple[str, str], str] = {}
        self.deeds: list[tuple[str, str, Json]] = []
        self._loop = asyncio.Runner()
        self._numbers = itertools.count(1)
        transport = httpx.ASGITransport(cast("Any", self.app))
        logging.getLogger("httpx").setLevel(logging.WARNING)
        self._client = httpx.AsyncClient(transport=transport, base_url="http://sakip.test", timeout=60)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.run(self._client.aclose())
        self._loop.close()
        self.system.close()

    def send(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        headers: Mapping[str, str | bytes] | None = None,
        **more: Any,  # noqa: ANN401 - what httpx takes
    ) -> httpx.Response:
        """Send a request, with a token where one is given."""
        bearer = {} if token is None else {"Authorization": f"Bearer {token}"}
        sent = [(name.encode(), as_bytes(value)) for name, value in {**bearer, **(headers or {})}.items()]
        return self._loop.run(self._client.request(method, path, headers=sent, **more))

    def get(self, person: str, path: str, institution: str = HOME, **more: Any) -> httpx.Response:  # noqa: ANN401
        """Ask as a person of the regency."""
        return self.send(
            "GET", f"{API}/institutions/{institution}{path}", token=self.tokens[institution, person], **more
        )

    def post(self, person: str, path: str, institution: str = HOME, **more: Any) -> httpx.Response:  # noqa: ANN401
        """Command as a person of the regency."""
        return self.send(
            "POST", f"{API}/institutions/{institution}{path}", token=self.tokens[institution, person], **more
        )

    def do(self, person: str, path: str, /, institution: str = HOME, **body: Any) -> Json:  # noqa: ANN401
        """Command as a person, let everything follow from it, and return the receipt."""
        self.deeds.append((person, path, body))
        answer = self.post(person, path, institution, json=body)
        assert answer.is_success, (path, answer.status_code, answer.text)
        self.system.delivery.settle(institution)
        receipt: Json = answer.json()
        return receipt

    def new_unit(self) -> str:
        """Return the id of a unit that nobody used before."""
        return f"unit-{next(self._numbers)}"

    def head(self, institution: str = HOME) -> int:
        """Return the head of the log."""
        return self.system.log.head(institution)

    def live(self, days: int, institution: str = HOME) -> None:
        """Let days go by, with whatever time brings about on each of them."""
        for _ in range(days):
            self.pass_days(1)
            while self.system.timekeeper.tick(institution):
                self.system.delivery.settle(institution)

    def pass_days(self, days: int) -> datetime:
        """Let time go by, and return the instant it is then."""
        self.clock.set(self.clock.now() + timedelta(days=days))
        return self.clock.now()

    def found(self, institution: str) -> None:
        """Begin an institution at the console and give its administrator a token."""
        fields = {
            "institution": institution,
            "name": f"Kabupaten {institution.title()}",
            "level": "kabupaten",
            "head_unit": "pemda",
            "administrator": ADMINISTRATOR,
            "effective_on": FOUNDED,
        }
        self.system.handler.handle(
            Request(
                institution=institution,
                command_id=f"found:{institution}",
                sealed=read_command(FoundInstitution, fields, "console"),
                system=system_actor(Role.CONSOLE, "console"),
            )
        )
        self.issue(institution, ADMINISTRATOR)

    def issue(self, institution: str, person: str) -> str:
        """Give a person a token, and return it."""
        self.tokens[institution, person] = self.system.tokens.issue(institution, person, timedelta(days=3_650))
        return self.tokens[institution, person]


def as_bytes(value: str | bytes) -> bytes:
    """Return a header as it goes over the wire."""
    return value if isinstance(value, bytes) else value.encode()


def open_world(database_url: str) -> World:
    """Return a system of its own on a clock that stands at `NOW`."""
    clock = VirtualClock(NOW)
    return World(bootstrap(Settings(database_url=database_url), clock=clock), clock)


def settle_in(world: World) -> None:
    """Found two institutions; fill the first with units and people, and open a fiscal year there."""
    for institution in (HOME, NEIGHBOUR):
        world.found(institution)
    for unit in UNITS:
        world.do(ADMINISTRATOR, "/organisation/establish-unit", unit=unit, name=unit.title(), effective_on=FOUNDED)
    for person in PEOPLE[1:]:
        world.do(ADMINISTRATOR, "/organisation/register-person", person=person, name=f"Nama {person.title()}")
        world.issue(HOME, person)
    for unit, person in HEADS.items():
        headed: Json = {"unit": unit, "person": person, "position": f"Kepala {unit}", "effective_on": FOUNDED}
        world.do(ADMINISTRATOR, "/organisation/appoint-official", **headed)
    for person, role, home in ROLES:
        granted: Json = {"person": person, "role": role, "unit": home, "effective_on": FOUNDED}
        world.do(ADMINISTRATOR, "/organisation/grant-role", **granted)
    for rule in world.system.shelf.references:
        kind = RULE_KINDS.get(rule.name)
        if kind:
            triple = {"name": rule.name, "version": rule.version, "digest": rule.digest}
            adopted: Json = {"kind": kind, "rule": triple, "legal_basis": "Perkada 1/2020", "effective_on": FOUNDED}
            world.do(ADMINISTRATOR, "/organisation/adopt-rulebook", **adopted)
    world.do("perencana", "/organisation/open-fiscal-year", fiscal_year=YEAR)


def propose_and_sign(world: World, unit: str = "dinkes", operator: str = "operator") -> None:
    """Bring the agreement of a unit into force."""
    world.do(operator, "/agreement/propose", unit=unit, fiscal_year=YEAR, commitments=[COMMITMENT])
    paper = {
        "place": "Wonosari",
        "file": FILE,
        "signatories": [
            {"person": HEADS[unit], "position": f"Kepala {unit}"},
            {"person": "bupati", "position": "Bupati"},
        ],
    }
    world.do(HEADS[unit], "/agreement/sign", unit=unit, fiscal_year=YEAR, paper=paper)
