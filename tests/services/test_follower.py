"""Read models and their position move together, whoever else follows and whatever breaks in between."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from domain.event import RecordedEvent
from projections.catalogue import READ_MODELS
from projections.read_model import projection_position
from projections.replay import ReplayedRows, digest_of_rows
from services import follower as following
from services.follower import Follower
from services.generations import PositionMovedError
from services.read_tables import LiveRows, ReadTables
from tests.services.at_once import at_once
from tests.services.office import INSTITUTION, Office, office, open_year, sign
from tests.services.position_apart import PositionAfterwards, PositionFirst
from tests.services.thrown_away import throw_away

WRITES = ("INSERT", "UPDATE", "DELETE")
CUTS = (("projection_position", 1), ("projection_position", 3), ("organisation_chart", 1), ("audit_trail", 3))
"""Where the connection is cut: at the n-th write to a table, in the first page and in a later one."""


class CutError(Exception):
    """The connection was cut."""


@contextmanager
def cut_at(engine: Engine, table: str, number: int) -> Iterator[None]:
    """Cut the connection at the n-th statement, counted from 1, that writes to a table."""
    left = [number]

    def cut(_connection: object, _cursor: object, sql: str, *_more: object) -> None:
        if sql.startswith(WRITES) and table in sql:
            left[0] -= 1
            if left[0] == 0:
                raise CutError

    event.listen(engine, "before_cursor_execute", cut)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", cut)


def follower_of(opened: Office, kind: type[Follower] = Follower) -> Follower:
    """Return another follower of the same log, as another process has one."""
    return kind(opened.system.log, opened.system.codec, ReadTables(opened.system.engine), opened.clock)


def events(opened: Office, until: int | None = None) -> Iterator[RecordedEvent[Any]]:
    """Return the events of the log."""
    return opened.system.reader.events(INSTITUTION, until=until)


def digest(opened: Office) -> str:
    """Return the digest of the live rows."""
    with opened.system.engine.connect() as connection:
        return digest_of_rows(LiveRows(connection, INSTITUTION))


def position(opened: Office) -> int:
    """Return the position of the live rows."""
    return opened.system.follower.position(INSTITUTION)


def equals_the_fold(opened: Office) -> bool:
    """Say whether the live rows are those that the log gives up to their position."""
    return digest(opened) == digest_of_rows(ReplayedRows(events(opened, until=position(opened))))


def survives_cuts(opened: Office, kind: type[Follower]) -> bool:
    """Follow with the connection cut at some of the writes, then in peace; say whether all is as it should be."""
    follower = follower_of(opened, kind)
    for table, number in CUTS:
        throw_away(opened.system.engine, INSTITUTION)
        with cut_at(opened.system.engine, table, number), pytest.raises(CutError):
            follower.catch_up(INSTITUTION)
        if not equals_the_fold(opened):
            return False
        follower.catch_up(INSTITUTION)
        if not equals_the_fold(opened):
            return False
    return position(opened) == opened.head


@pytest.fixture
def pages_of_twenty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a page have 20 events, so that there are several."""
    monkeypatch.setattr(following, "PAGE", 20)


class TestOneTransaction:
    @pytest.mark.usefixtures("pages_of_twenty")
    def test_a_cut_at_any_write_leaves_rows_and_position_of_one_instant(self, shared_url: str) -> None:
        with office(shared_url) as opened:
            open_year(opened)
            sign(opened)

            assert survives_cuts(opened, Follower)

    @pytest.mark.usefixtures("pages_of_twenty")
    @pytest.mark.parametrize("kind", [PositionAfterwards, PositionFirst])
    def test_a_position_in_a_transaction_of_its_own_is_found_out(self, regency: Office, kind: type[Follower]) -> None:
        """The control: the same cuts, and the rows are not those of the position."""
        open_year(regency)
        sign(regency)
        assert not survives_cuts(regency, kind)


class TestTwoFollowers:
    def test_a_page_that_somebody_else_followed_first_is_not_folded_twice(self, stored: Office) -> None:
        """The second follows the same page between the first one's reading and writing."""
        moved: list[PositionMovedError] = []
        first, second = follower_of(stored), follower_of(stored)
        store = Follower._store

        def overtaken(follower: Follower, *arguments: Any) -> None:  # noqa: ANN401 - as they come
            if follower is first and not moved:
                second.catch_up(INSTITUTION)
            try:
                store(follower, *arguments)
            except PositionMovedError as error:
                moved.append(error)
                raise

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Follower, "_store", overtaken)
            assert first.catch_up(INSTITUTION) == stored.head

        assert len(moved) == 1
        assert equals_the_fold(stored)

    def test_many_follow_while_others_write(self, stored: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(following, "PAGE", 3)
        goal = stored.head + 30

        def write(unit: str) -> Callable[[], None]:
            def names() -> None:
                for turn in range(15):
                    stored.does("admin", "organisation.rename_unit", unit=unit, name=f"{unit} {turn}")

            return names

        def follow() -> None:
            own = follower_of(stored)
            while own.catch_up(INSTITUTION) < goal:
                assert equals_the_fold_at_one_instant(stored)

        outcomes = at_once(write("setda"), write("dinkes"), follow, follow)

        assert outcomes == [None] * 4
        assert position(stored) == goal == stored.head
        assert equals_the_fold(stored)


class TestFromTheBeginning:
    def test_the_rows_thrown_away_come_back_the_same(self, stored: Office) -> None:
        open_year(stored)
        sign(stored)
        before = digest(stored)

        throw_away(stored.system.engine, INSTITUTION)
        assert (position(stored), digest(stored) == before) == (0, False)
        assert stored.system.follower.catch_up(INSTITUTION) == stored.head

        assert digest(stored) == before

    def test_pages_of_any_size_give_the_same_rows(self, regency: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        open_year(regency)
        sign(regency)
        digests = set()
        for size in (1, 7, 500):
            monkeypatch.setattr(following, "PAGE", size)
            throw_away(regency.system.engine, INSTITUTION)
            regency.system.follower.catch_up(INSTITUTION)
            digests.add(digest(regency))

        assert digests == {digest_of_rows(ReplayedRows(events(regency)))}

    def test_a_rebuild_in_the_middle_of_another_follower_does_no_harm(self, regency: Office) -> None:
        regency.settle()
        regency.does("admin", "organisation.rename_unit", unit="dinkes", name="Dinas Kesehatan")
        first, second = follower_of(regency), follower_of(regency)
        store, rebuilt = first._store, list[int]()

        def overtaken(*arguments: Any) -> None:  # noqa: ANN401 - as they come
            if not rebuilt:
                rebuilt.append(second.rebuild(INSTITUTION).position)
            store(*arguments)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(first, "_store", overtaken)
            first.catch_up(INSTITUTION)

        assert rebuilt == [regency.head]
        assert position(regency) == regency.head
        assert equals_the_fold(regency)

    def test_rows_of_another_shape_are_folded_anew(self, regency: Office) -> None:
        """As after an update of the program that gave a row another field."""
        regency.settle()
        with regency.system.engine.begin() as connection:
            connection.execute(projection_position.update().values(fingerprint="of an older program"))
            for model in READ_MODELS:
                connection.execute(model.table.update().values(content=b'{"of": "an older program"}'))

        assert regency.system.follower.catch_up(INSTITUTION) == regency.head
        assert equals_the_fold(regency)


def equals_the_fold_at_one_instant(opened: Office) -> bool:
    """Say the same of rows that are written meanwhile."""
    with opened.system.reader.live(INSTITUTION) as live:
        until = live.position()
        return digest_of_rows(live) == digest_of_rows(ReplayedRows(events(opened, until=until)))
