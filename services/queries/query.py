"""What a query is: its address, its parameters, the read models it needs, and whose authority it asks for."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, get_args, get_type_hints

from sqlalchemy import Engine

from domain.stream import ORGANISATION
from projections.read_model import ReadModel
from services.event_log.codec import Codec
from services.event_log.contract import EventLog
from services.proofs import Proofs
from services.queries.asked import Asked, AskedList, OfDerived, narrowing
from services.reading import Reader, View

_STREAMS: Final = {
    "/organisation": ORGANISATION,
    "/organisation/units/{key}": ORGANISATION,
    "/agreement/{unit}/{fiscal_year}": "agreement/{unit}/{fiscal_year}",
    "/measurement/{unit}/{fiscal_year}": "measurement/{unit}/{fiscal_year}",
    "/report/{unit}/{fiscal_year}": "report/{unit}/{fiscal_year}",
    "/evaluation/{unit}/{fiscal_year}": "evaluation/{unit}/{fiscal_year}",
    "/follow-up/{key}": "recommendation/{key}",
    "/obligation/{key}": "obligation/{key}",
    "/allowance-hold/{key}": "hold/{key}",
}


class Sources(NamedTuple):
    """What a query may read besides a view of the read models."""

    log: EventLog
    codec: Codec
    engine: Engine
    proofs: Proofs
    checkpoints: Path | None
    reader: Reader
    time_zone: Callable[[str], str]


class Query(NamedTuple):
    """One question.

    `stage` and `path` make its address, with fields of `asked` in braces; `authority` is its name in
    `domain/authority.py`; `ask` gives the items of a list, or one thing of type `answer`, null where there is none.
    `finish` turns the items of one page into `answer`s, where telling them all would cost too much. `whose` says by
    `unit` and `owners` of what it gives whom the one thing concerns, where the question alone does not, so that this is
    known before the thing is told. `note` is what its title leaves open, for those who read of the API.
    """

    name: str
    stage: str
    path: str
    title: str
    authority: str
    models: tuple[ReadModel[Any], ...]
    asked: type[Asked]
    answer: Any
    ask: Callable[[Sources, View, Any], Any]
    finish: Callable[[Sources, View, Sequence[Any]], Sequence[Any]] = lambda _sources, _view, items: items
    whose: Callable[[Sources, View, Any], Any] | None = None
    note: str = ""

    @property
    def many(self) -> bool:
        """Whether it is answered with a list, in pages."""
        return issubclass(self.asked, AskedList)

    @property
    def stream(self) -> str | None:
        """The stream, with fields of `asked` in braces, whose version a client needs in If-Match; null for lists."""
        return None if self.many else _STREAMS.get(self.address)

    @property
    def address(self) -> str:
        """The path below the institution, such as `/agreement/{unit}/{fiscal_year}`."""
        return f"/{self.stage}/{self.path}".rstrip("/")


def query(
    ask: Callable[..., Any],
    address: str,
    asked: type[Asked],
    model: ReadModel[Any],
    title: str,
    authority: str | None = None,
) -> Query:
    """Return a query that is a function of rows, a day and the parameters; its return type tells the answer."""
    stage, _, path = address.partition("/")

    def tell(_sources: Sources, view: View, wanted: Asked) -> Any:  # noqa: ANN401 - as the question's answer
        return ask(view.rows, view.valid_on, **narrowing(wanted))

    return Query(
        name=ask.__name__,
        stage=stage,
        path=path,
        title=title,
        authority=authority or model.name,
        models=(model,),
        asked=asked,
        answer=get_args(get_type_hints(ask)["return"])[0],
        ask=tell,
        whose=tell if issubclass(asked, OfDerived) else None,  # it may have passed on to another unit
    )
