"""Tells a story through the HTTP API: on a day, a person does something, and the system answers."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, get_args
from zoneinfo import ZoneInfo

import httpx

from domain.command import name_of
from domain.cycle import STAGES
from services.bootstrap import System
from services.clock import VirtualClock

_PATHS = {
    name_of(kind): f"{stage.name.replace('_', '-')}/{name_of(kind).partition('.')[2].replace('_', '-')}"
    for stage in STAGES
    for kind in get_args(stage.commands)
}


TIME_ZONE = "Asia/Jakarta"


class StoryBroken(RuntimeError):
    """The system answered otherwise than the story says."""


class Storyteller:
    """Moves the clock day by day, so that what time brings about happens, and sends what people do."""

    def __init__(
        self,
        *,
        system: System,
        clock: VirtualClock,
        client: httpx.Client,
        institution: str,
        told: Callable[[str], None],
    ) -> None:
        self._system = system
        self._clock = clock
        self._client = client
        self._institution = institution
        self._told = told
        self._tokens: dict[str, str] = {}

    def on(self, day: str) -> None:
        """Let it be the morning of a day; every day in between comes and goes."""
        goal = date.fromisoformat(day)
        today = self._clock.now().astimezone(ZoneInfo(TIME_ZONE)).date()
        while today < goal:
            today += timedelta(days=1)
            self._clock.set(datetime.combine(today, time(1, 0), UTC))
            while self._system.timekeeper.tick(self._institution):
                self._system.delivery.settle(self._institution)
        self._told(day)

    @property
    def today(self) -> str:
        """The local day of the story."""
        return self._clock.now().astimezone(ZoneInfo(TIME_ZONE)).date().isoformat()

    def does(self, person: str, command: str, /, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - any command
        """Let a person send a command, which is carried out; return its receipt."""
        answer = self._send(person, command, fields)
        if not answer.is_success:
            raise StoryBroken(f"{person} {command}: {answer.status_code} {answer.text}")
        self._system.delivery.settle(self._institution)
        receipt: dict[str, Any] = answer.json()
        return receipt

    def is_refused(self, person: str, command: str, code: str, /, **fields: Any) -> None:  # noqa: ANN401 - any command
        """Let a person try what is refused with a code."""
        answer = self._send(person, command, fields)
        if answer.is_success or answer.json().get("code") != code:
            raise StoryBroken(f"{person} {command} was to be refused with {code}: {answer.status_code} {answer.text}")

    def _send(self, person: str, command: str, fields: dict[str, Any]) -> httpx.Response:
        self._clock.set(self._clock.now() + timedelta(minutes=1))
        if person not in self._tokens:
            self._tokens[person] = self._system.tokens.issue(self._institution, person, timedelta(days=3_650))
        return self._client.post(
            f"/api/v1/institutions/{self._institution}/{_PATHS[command]}",
            json=fields,
            headers={"Authorization": f"Bearer {self._tokens[person]}"},
        )
