"""The year of the demo, played once through HTTP, and what its live read models held while it was played."""

import fcntl
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from domain.event import Origin
from projections.catalogue import READ_MODELS
from projections.replay import digest_of_rows
from services.bootstrap import System, bootstrap
from services.clock import VirtualClock
from services.delivery import Delivery
from services.demo import live_year
from services.demo.cast import INSTITUTION
from services.queries.answers import Answers
from services.queries.query import Query, Sources
from services.queries.table import QUERIES
from services.reading import View
from services.settings import Settings
from services.unsealing import encode_unsealed
from tests.databases import copy_database
from tests.services.silence import silence

AFTERWARDS = datetime(2025, 11, 3, 2, tzinfo=UTC)
"""A working day after the story has ended."""

EVERY = 8
"""At how many positions apart it is noted down what the live read models hold."""


class Held(msgspec.Struct, frozen=True):
    """What the live read models held at a position: the digest of all rows, and that of each named query's answer."""

    position: int
    day: date
    rows: str
    answers: dict[str, str]


class Played(NamedTuple):
    """The folder of the played year, and what was held while it was played."""

    folder: Path
    held: tuple[Held, ...]

    @property
    def settings(self) -> Settings:
        """The settings of a system on the played year."""
        return Settings(database_url=f"sqlite:///{self.file}")

    @property
    def file(self) -> Path:
        """The database."""
        return self.folder / "year.db"

    def copied_to(self, folder: Path) -> "Played":
        """Copy the year into a folder."""
        copy = self._replace(folder=folder)
        copy_database(self.file, copy.file)
        return copy


def played_in(folder: Path) -> Played:
    """Return the year in a folder, which is played there if nobody has, by whichever process comes first."""
    folder.mkdir(exist_ok=True)
    notes = folder / "held.json"
    with (folder / "turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not notes.exists():
            with silence():
                notes.write_bytes(msgspec.json.encode(_play(folder)))
    return Played(folder, tuple(msgspec.json.decode(notes.read_bytes(), type=list[Held])))


@contextmanager
def opened(year: Played) -> Iterator[System]:
    """Open a system on the played year, after it has ended."""
    system = bootstrap(year.settings, clock=VirtualClock(AFTERWARDS), origin=Origin.SIMULATED)
    try:
        yield system
    finally:
        system.close()


def held_by(system: System, view: View) -> Held:
    """Return what a view holds."""
    sources = Answers(system)._sources
    return Held(
        position=view.position,
        day=view.valid_on,
        rows=digest_of_rows(view.rows),
        answers={query.name: _answer(query, sources, view) for query in asked_of_all()},
    )


def asked_of_all() -> Iterator[Query]:
    """Yield each named query of read models that can be asked without saying about what."""
    for query in QUERIES.values():
        if query.models and not any(field.required for field in msgspec.structs.fields(query.asked)):
            yield query


def _answer(query: Query, sources: Sources, view: View) -> str:
    found = query.ask(sources, view, query.asked())
    told = encode_unsealed(list(found) if query.many else found, lambda _digests: {})
    return hashlib.sha256(told).hexdigest()


def _play(folder: Path) -> list[Held]:
    held: list[Held] = []
    systems: list[System] = []

    def remember(*arguments: Any, **more: Any) -> System:  # noqa: ANN401 - as they come
        systems.append(bootstrap(*arguments, **more))
        return systems[-1]

    settle = Delivery.settle

    def note(delivery: Delivery, institution: str) -> int:
        position = settle(delivery, institution)
        if not held or position >= held[-1].position + EVERY:
            with systems[-1].reader.view(INSTITUTION, READ_MODELS) as view:
                held.append(held_by(systems[-1], view))
        return position

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(live_year, "bootstrap", remember)
        patch.setattr(Delivery, "settle", note)
        live_year.play(Settings(database_url=f"sqlite:///{folder / 'year.db'}"), lambda _told: None)
    return held


def plain(value: object) -> Any:  # noqa: ANN401 - plain JSON values
    """Return an answer as plain values, sealed texts left out."""
    return json.loads(encode_unsealed(value, lambda _digests: {}))
