"""Given / when asked / then for a read model: what was recorded, the day that is asked about, and the answer.

given(*facts).known_on("2025-07-31").on("2025-04-01").asked(target_in_effect, unit="dinkes", fiscal_year=2025)
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Concatenate, NamedTuple, ParamSpec, Self, TypeVar

from domain.actor import Actor
from domain.event import Event, Origin, RecordedEvent, type_of
from domain.stream import cycle_of
from projections.read_model import ReadModel, Rows, RowT
from projections.replay import ReplayedRows
from tests.spec import ANYONE

P = ParamSpec("P")
AnswerT = TypeVar("AnswerT")

RECORDED_ON = "2025-12-31"
"""When a fact is recorded unless it says otherwise: late, so that all days of the year lie in the past."""


class Fact(NamedTuple):
    """An event on its stream, the UTC day of its recording (03.00), who recorded it, and how it came into the log."""

    stream: str
    body: Event
    recorded_on: str = RECORDED_ON
    by: Actor = ANYONE
    origin: Origin = Origin.LIVE

    def recorded(self, on: str) -> "Fact":
        """Return the same, recorded on another day."""
        return self._replace(recorded_on=on)

    def by_actor(self, actor: Actor) -> "Fact":
        """Return the same, recorded by somebody else."""
        return self._replace(by=actor)

    def as_history(self) -> "Fact":
        """Return the same, entered late."""
        return self._replace(origin=Origin.HISTORY)


def happened(stream: str, *bodies: Event) -> tuple[Fact, ...]:
    """Return facts on one stream, in order."""
    return tuple(Fact(stream, body) for body in bodies)


def logged(facts: Iterable[Fact]) -> list[RecordedEvent[Event]]:
    """Put facts into envelopes as the log would: positions without gaps, versions by stream."""
    versions: dict[str, int] = {}
    log = []
    for position, fact in enumerate(facts, 1):
        versions[fact.stream] = versions.get(fact.stream, 0) + 1
        log.append(_recorded(fact, position, versions[fact.stream]))
    return log


def _recorded(fact: Fact, position: int, version: int) -> RecordedEvent[Event]:
    found = cycle_of(fact.stream)
    day = date.fromisoformat(fact.recorded_on)
    return RecordedEvent(
        institution="contoh",
        position=position,
        stream=fact.stream,
        version=version,
        fiscal_year=None if found is None else found[1],
        type=type_of(fact.body),
        recorded_at=datetime(day.year, day.month, day.day, 3, tzinfo=UTC),
        origin=fact.origin,
        actor=fact.by,
        command_id=f"c-{position}",
        index=0,
        causation=None,
        correlation=None if found is None else f"{found[0]}/{found[1]}",
        body=fact.body,
    )


class _Asked:
    """Folds a read model when it is asked for, so that a specification only tells what its own question needs."""

    def __init__(self, log: list[RecordedEvent[Event]]) -> None:
        self._log = log

    def rows(
        self,
        model: ReadModel[RowT],
        *,
        unit: str | None = None,
        fiscal_year: int | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> Sequence[RowT]:
        """Return rows as a replay does."""
        replayed = ReplayedRows(self._log, [model])
        return replayed.rows(model, unit=unit, fiscal_year=fiscal_year, after=after, limit=limit)

    def row(self, model: ReadModel[RowT], key: str) -> RowT | None:
        """Return a row as a replay does."""
        return ReplayedRows(self._log, [model]).row(model, key)


class Spec:
    """A log, what of it is known, and the day that is asked about."""

    def __init__(self, log: list[RecordedEvent[Event]], day: date = date(2026, 12, 31)) -> None:
        self.log = log
        self.day = day

    @property
    def rows(self) -> Rows:
        """The rows of the read models that are asked for, folded from what is known."""
        return _Asked(self.log)

    def known_on(self, day: str) -> Self:
        """Know only what was recorded up to the end of a UTC day."""
        last = date.fromisoformat(day)
        return type(self)([each for each in self.log if each.recorded_at.date() <= last], self.day)

    def on(self, day: str) -> Self:
        """Ask about a day of valid time."""
        return type(self)(self.log, date.fromisoformat(day))

    def asked(self, query: Callable[Concatenate[Rows, date, P], AnswerT], *args: P.args, **kwargs: P.kwargs) -> AnswerT:
        """Return the answer of a query on the day."""
        return query(self.rows, self.day, *args, **kwargs)


def given(*facts: Fact) -> Spec:
    """Begin with a log."""
    return Spec(logged(facts))


def there(answer: AnswerT | None) -> AnswerT:
    """Return an answer that has to be there."""
    assert answer is not None
    return answer
