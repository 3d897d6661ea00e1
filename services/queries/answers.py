"""Answers a query: whether the person may ask, at which moment, which page of it, and as what it leaves the system."""

import base64
import binascii
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from itertools import islice
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from domain.authority import permit_query
from domain.bounds import Version
from domain.errors import CursorUnfit, NotAllowed, NotFollowedYet, NothingRecorded, ReadModelParked, UnitUnknown
from services.bootstrap import System
from services.clock import local_day
from services.queries.asked import Asked, AskedList, OfCycle, OfFollowUp, narrowing, units_concerned
from services.queries.query import Query, Sources
from services.reading import ParkedMark, View
from services.unsealing import encode_unsealed

WAIT_SECONDS = 5.0
"""How long a question with `after` waits for the read models."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What every answer says: of which institution, as known at which position and instant, valid on which day.

    Asked again with this position as `known_at` and this `valid_on`, the answer is the same. `cursor` asks for the next
    page, null where
    there is none; `version` is that of the stream that a command about this is decided on. `parked` names what stopped
    at an earlier position among the read models that were asked: there the answer is older than it says, or lacks
    something.
    """

    institution: str
    position: int
    known_at: datetime
    valid_on: date
    version: int | None = None
    cursor: str | None = None
    parked: tuple[ParkedMark, ...] = ()
    data: msgspec.Raw


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """An answer as JSON, and a tag that begins with the stream version where there is one.

    The tag changes with whatever is said, and not with the mere passing of time.
    """

    content: bytes
    tag: str


class Place(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """Where a list goes on: at which moment it is read, from which item on, and of which question (a digest)."""

    position: Version
    known_at: datetime
    valid_on: date
    offset: Annotated[int, Meta(ge=0, le=10_000_000)]
    question: str


class Answers:
    """Answers every query of `services/queries/table.py` for a person."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._sources = Sources(
            log=system.log,
            codec=system.codec,
            engine=system.engine,
            proofs=system.proofs,
            checkpoints=system.settings.checkpoints,
            reader=system.reader,
            time_zone=lambda institution: system.handler.institution(institution).time_zone,
        )

    def answer(self, query: Query, institution: str, person: str, asked: Asked) -> Told:
        """Return the answer to a question of a person.

        Raises:
            NotAllowed: no role of the person permits the query about that unit.
            UnitUnknown: a list or a sum is asked for of a unit that the institution never had: an empty one would look
                as if it had done nothing.
            NotFollowedYet: the read models do not stand at `after` yet.
            NothingRecorded: the one thing asked for does not exist then.
            ReadModelParked: it is not there, and a read model has stopped somewhere, so nobody knows; or a replay met
                an event that one of them fails at.
            CursorUnfit: the cursor is not one of this question.
        """
        tell = self._list if isinstance(asked, AskedList) else self._one
        answer = tell(query, institution, person, asked)
        stopped = msgspec.json.encode(answer.parked)
        said = b"%d %b %b %b" % (answer.position, answer.valid_on.isoformat().encode(), stopped, answer.data)
        mark = hashlib.sha256(said).hexdigest()[:16]
        tag = mark if answer.version is None else f"{answer.version}-{mark}"
        return Told(content=msgspec.json.encode(answer), tag=tag)

    def found(self, query: Query, institution: str, person: str, asked: Asked) -> tuple[View, Any]:
        """Return the one thing that a person asks for as it is within the system, and the moment that it is of.

        Whoever may not ask is refused before the thing is made, and before the log is replayed where the question alone
        says whom it concerns. Raises what `answer` raises.
        """
        if query.whose is None:
            self._permit(query, institution, person, units_concerned(asked))
        if isinstance(asked, OfFollowUp):
            self._demand_units(institution, units_concerned(asked))
        self._wait(institution, asked.after)
        with self._view(query, institution, asked) as view:
            if query.whose is not None:
                concerned = units_concerned(asked, query.whose(self._sources, view, asked))
                self._permit(query, institution, person, concerned)
            found = query.ask(self._sources, view, asked)
        if found is None:
            for each in view.parked:
                raise ReadModelParked(model=each.model, key=each.key, position=each.position)
            raise NothingRecorded(**narrowing(asked))
        return view, found

    def _written(self, institution: str, found: object) -> msgspec.Raw:
        return msgspec.Raw(encode_unsealed(found, lambda digests: self._system.log.texts(institution, digests)))

    def _list(self, query: Query, institution: str, person: str, asked: Any) -> Answer:  # noqa: ANN401 - each its own
        self._permit(query, institution, person, units_concerned(asked))
        self._demand_units(institution, units_concerned(asked))
        place = _place_of(query, asked)
        self._wait(institution, asked.after)
        offset = 0 if place is None else place.offset
        with self._view(query, institution, asked, place) as view:
            found = list(islice(query.ask(self._sources, view, asked), offset, offset + asked.limit + 1))
            told = query.finish(self._sources, view, found[: asked.limit])
        known_at = view.known_at if place is None else place.known_at
        following = None
        if len(found) > asked.limit:
            following = Place(
                position=view.position,
                known_at=known_at,
                valid_on=view.valid_on,
                offset=offset + asked.limit,
                question=_digest(query, asked),
            )
        return Answer(
            institution=institution,
            position=view.position,
            known_at=known_at,
            valid_on=view.valid_on,
            cursor=None if following is None else _write(following),
            parked=view.parked,
            data=self._written(institution, told),
        )

    def _one(self, query: Query, institution: str, person: str, asked: Asked) -> Answer:
        view, found = self.found(query, institution, person, asked)
        return Answer(
            institution=institution,
            position=view.position,
            known_at=view.known_at,
            valid_on=view.valid_on,
            version=self._version(query, view, asked),
            parked=view.parked,
            data=self._written(institution, found),
        )

    def _permit(self, query: Query, institution: str, person: str, units: tuple[str | None, ...]) -> None:
        """Let pass whoever may ask about one of the units: the question is about what they have in common."""
        organisation = self._system.handler.institution(institution)
        today = local_day(self._system.clock.now(), organisation.time_zone)
        *others, last = units
        for unit in others:
            with suppress(NotAllowed):
                permit_query(query.authority, unit, person, organisation, today)
                return
        permit_query(query.authority, last, person, organisation, today)

    def _demand_units(self, institution: str, units: tuple[str | None, ...]) -> None:
        """Refuse a unit that there is none of, even today; every role may read which ones there are."""
        known = self._system.handler.institution(institution).units
        for unit in units:
            if unit is not None and unit not in known:
                raise UnitUnknown(unit=unit)

    def _wait(self, institution: str, position: int | None) -> None:
        if position is None:
            return
        reached = position <= self._system.log.head(institution)
        if not reached or not self._system.delivery.wait(institution, position, WAIT_SECONDS):
            raise NotFollowedYet(after=position)

    @contextmanager
    def _view(self, query: Query, institution: str, asked: Asked, place: Place | None = None) -> Iterator[View]:
        """Open the rows at the moment asked for; a further page at that of the first."""
        reader = self._system.reader
        if place is None:
            own = (asked.unit, asked.fiscal_year) if isinstance(asked, OfCycle) else None
            with reader.view(institution, query.models, asked.known_at, asked.valid_on, own) as view:
                _demand_shown(view, asked)
                yield view
            return
        valid_on = place.valid_on.isoformat()
        with reader.view(institution, query.models, None, valid_on) as live:
            if live.position == place.position:
                yield live
                return
        with reader.view(institution, query.models, str(place.position), valid_on) as past:
            yield past

    def _version(self, query: Query, view: View, asked: Asked) -> int | None:
        if query.stream is None:
            return None
        stream = query.stream.format(**narrowing(asked))
        entries = self._system.log.read_stream(view.institution, stream)
        return sum(entry.id <= view.position for entry in entries)


def _demand_shown(view: View, asked: Asked) -> None:
    """Refuse rows that don't show what was waited for: a server that failed may have taken them back meanwhile."""
    if asked.after is not None and asked.known_at is None and view.position < asked.after:
        raise NotFollowedYet(after=asked.after)


def _digest(query: Query, asked: AskedList) -> str:
    question = [query.name, narrowing(asked), asked.known_at, asked.valid_on]
    return hashlib.sha256(msgspec.json.encode(question)).hexdigest()[:16]


def _write(place: Place) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def _place_of(query: Query, asked: AskedList) -> Place | None:
    if asked.cursor is None:
        return None
    try:
        content = base64.b64decode(asked.cursor + "=" * (-len(asked.cursor) % 4), b"-_", validate=True)
        place = msgspec.json.decode(content, type=Place)
    except (binascii.Error, UnicodeError, ValueError) as error:
        raise CursorUnfit(cursor=asked.cursor) from error
    if place.question != _digest(query, asked):
        raise CursorUnfit(cursor=asked.cursor)
    return place
