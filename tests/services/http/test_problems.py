"""Every failure has one way to be told, and a fault of ours tells nothing of itself."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from litestar import Litestar, Request, get
from litestar.testing import RequestFactory, TestClient, create_test_client
from structlog.testing import capture_logs

from domain.errors import NotFollowedYet, NotYetOpen, Refusal, RowsOutdated
from services.event_log.contract import StreamConflictError
from services.http.problems import HANDLERS, STATUS, refused

REQUEST: Request[Any, Any, Any] = RequestFactory().get("/")


def refusals(kind: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    """Yield every refusal of the domain."""
    for each in kind.__subclasses__():
        yield each
        yield from refusals(each)


@pytest.mark.parametrize("kind", list(refusals()), ids=lambda each: each.__name__)
def test_every_refusal_has_a_status_by_its_kind(kind: type[Refusal]) -> None:
    kinds = [each for each in STATUS if issubclass(kind, each)]
    assert len(kinds) == 1, "of exactly one kind"
    answer = refused(REQUEST, kind(unit="dinkes"))
    assert answer.status_code == STATUS[kinds[0]]
    assert ("Retry-After" in answer.headers) == issubclass(kind, NotYetOpen | NotFollowedYet | RowsOutdated)
    assert kind.title.encode() in answer.content


def failing(error: Exception) -> TestClient[Litestar]:
    """Return a client of an application that fails so."""

    @get("/", sync_to_thread=False)
    def fail() -> None:
        raise error

    return create_test_client(fail, exception_handlers={**HANDLERS}, raise_server_exceptions=False)


def test_a_fault_of_ours_is_logged_and_not_told() -> None:
    with capture_logs() as logs, failing(RuntimeError("rahasia")) as client:
        answer = client.get("/")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "rahasia" not in answer.text
    assert [(each["event"], str(each["exc_info"])) for each in logs] == [("unforeseen", "rahasia")]


def test_a_decoder_s_error_deep_inside_is_a_fault_of_ours() -> None:
    with capture_logs() as logs, failing(msgspec.ValidationError("a stored row")) as client:
        assert client.get("/").status_code == 500
    assert len(logs) == 1


def test_contention_asks_to_come_back() -> None:
    with failing(StreamConflictError("agreement/dinkes/2024", 3, 4)) as client:
        answer = client.get("/")
    assert (answer.status_code, answer.json()["code"]) == (503, "contended")
    assert int(answer.headers["Retry-After"]) >= 1
