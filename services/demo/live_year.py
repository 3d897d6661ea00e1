"""Plays the live year: its own system on a virtual clock, its log marked simulated, every fact through the HTTP API."""

from collections.abc import Callable
from datetime import UTC, datetime

import httpx

from domain.actor import Role, system_actor
from domain.event import Origin
from domain.organisation.commands import FoundInstitution
from services.bootstrap import bootstrap
from services.clock import VirtualClock
from services.command_handler import Request
from services.demo.cast import ADMINISTRATOR, HEAD_UNIT, INSTITUTION
from services.demo.chapters import CHAPTERS
from services.demo.storyteller import Storyteller
from services.demo.year import found
from services.http.app import create_app
from services.http.server import BackgroundServer
from services.sealing import read_command
from services.settings import Settings

BEGINS = datetime(2023, 11, 1, 1, tzinfo=UTC)
FOUNDING = {
    "institution": INSTITUTION,
    "name": "Kabupaten Contoh (simulasi)",
    "level": "kabupaten",
    "head_unit": HEAD_UNIT,
    "administrator": ADMINISTRATOR,
    "effective_on": "2020-01-01",
}


def play(settings: Settings, told: Callable[[str], None]) -> None:
    """Play the year; `told` hears of each chapter and day. Raises StoryBroken where the system answers otherwise."""
    clock = VirtualClock(BEGINS)
    system = bootstrap(settings, clock=clock, origin=Origin.SIMULATED)
    try:
        system.handler.handle(
            Request(
                institution=INSTITUTION,
                command_id="demo:found",
                sealed=read_command(FoundInstitution, FOUNDING, "console"),
                system=system_actor(Role.CONSOLE, "console"),
            )
        )
        with BackgroundServer(create_app(system)) as server, httpx.Client(base_url=server.url, timeout=30) as client:
            story = Storyteller(system=system, clock=clock, client=client, institution=INSTITUTION, told=told)
            told("persiapan")
            found(story, system.shelf)
            for title, chapter in CHAPTERS:
                told(title)
                chapter(story)
    finally:
        system.close()
