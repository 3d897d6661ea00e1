"""The HTTP API as people meet it: each with a token, sending commands and asking."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from services.bootstrap import System
from services.http.app import create_app

INSTITUTION = "contoh"
LONG = timedelta(days=3_650)


class Api:
    """A client of one system."""

    def __init__(self, system: System, client: TestClient[Litestar]) -> None:
        self.system = system
        self._client = client
        self._tokens: dict[str, str] = {}

    def sends(self, person: str, command: str, /, **fields: Any) -> Response:  # noqa: ANN401 - any command
        """Let a person send a command, by its permanent name."""
        path = self._client.app.route_reverse(command, institution=INSTITUTION)
        return self._client.post(path, json=fields, headers=self._bearing(person))

    def does(self, person: str, command: str, /, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - any command
        """Let a person's command be carried out, with all that follows; return its receipt."""
        answer = self.sends(person, command, **fields)
        assert answer.status_code == 201, answer.text
        self.system.delivery.settle(INSTITUTION)
        receipt: dict[str, Any] = answer.json()
        return receipt

    def refusal(self, person: str, command: str, /, **fields: Any) -> tuple[int, str]:  # noqa: ANN401 - any command
        """Let a person try what is to be refused; return status and code, with the log as it was."""
        before = self.system.log.head(INSTITUTION)
        answer = self.sends(person, command, **fields)
        assert self.system.log.head(INSTITUTION) == before
        return answer.status_code, answer.json()["code"]

    def asks(self, person: str, path: str, /, **parameters: str) -> Any:  # noqa: ANN401 - any answer
        """Let a person ask; return the answer."""
        address = f"/api/v1/institutions/{INSTITUTION}/{path}"
        answer = self._client.get(address, params=parameters, headers=self._bearing(person))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def _bearing(self, person: str) -> dict[str, str]:
        if person not in self._tokens:
            self._tokens[person] = self.system.tokens.issue(INSTITUTION, person, LONG)
        return {"Authorization": f"Bearer {self._tokens[person]}"}


@contextmanager
def api(system: System) -> Iterator[Api]:
    """Serve a system to a client."""
    with TestClient(create_app(system)) as client:
        yield Api(system, client)
