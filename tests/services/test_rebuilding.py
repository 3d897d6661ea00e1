"""Read models are folded anew beside those in use, and take their place at once, whatever happens meanwhile."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, Engine, event, func, select, text

from domain.errors import RowsOutdated
from projections import agreement_register, audit_trail, inbox
from projections.catalogue import READ_MODELS
from projections.read_model import projection_generation, projection_position
from projections.replay import ReplayedRows, digest_of_rows
from services import follower as following
from services import rebuilding
from services.cli import sakip
from services.generations import REBUILDING, TakenOverError, claim
from services.read_tables import LiveRows, ReadTables, Stand
from services.rebuilding import Rebuilder
from services.verification import verify
from tests.services.at_once import at_once
from tests.services.office import INSTITUTION, UNIT, Office, office, open_year, sign
from tests.services.rebuilt_beside import rebuilding_beside
from tests.services.thrown_away import throw_away
from tests.services.until import until

HOME = Path(__file__).parents[2]
ROUNDS = [
    pytest.param("file_url", 5, id="sqlite-short"),
    pytest.param("file_url", 200, id="sqlite-long", marks=[pytest.mark.ordeal, pytest.mark.timeout(900)]),
    pytest.param("fresh_postgres_url", 200, id="postgres-long", marks=[pytest.mark.ordeal, pytest.mark.timeout(900)]),
]


class CutError(Exception):
    """The connection was cut."""


def rebuilder(opened: Office) -> Rebuilder:
    """Return what rebuilds without following first."""
    return opened.system.follower._rebuilder


def rename(opened: Office) -> None:
    """Append an event that several read models fold."""
    opened.does("admin", "organisation.rename_unit", unit=UNIT, name="Dinas Kesehatan")


def digest(opened: Office) -> str:
    """Return the digest of the rows in use."""
    with opened.system.reader.live(INSTITUTION) as live:
        return digest_of_rows(live)


def equals_the_fold(opened: Office, live: LiveRows) -> bool:
    """Say whether rows are those that the log gives up to the position that they state."""
    events = opened.system.reader.events(INSTITUTION, until=live.position())
    return digest_of_rows(live) == digest_of_rows(ReplayedRows(events))


def equals_the_fold_at_the_head(opened: Office) -> bool:
    """Say whether the rows in use are those that the whole log gives."""
    with opened.system.reader.live(INSTITUTION) as live:
        return live.position() == opened.head and equals_the_fold(opened, live)


def numbers(opened: Office) -> set[int]:
    """Return the generations of which rows lie in the database."""
    with opened.system.engine.connect() as connection:
        return {
            number
            for model in READ_MODELS
            for number in connection.scalars(select(model.table.c.generation).distinct())
        }


@pytest.fixture
def begun(stored: Office) -> Office:
    """Open the regency's year on a database of each kind."""
    open_year(stored)
    sign(stored)
    return stored


@pytest.fixture
def small(regency: Office) -> Office:
    """Open the regency's year in memory."""
    open_year(regency)
    sign(regency)
    return regency


@pytest.fixture
def served(fresh_postgres_url: str) -> Iterator[Office]:
    """Open the regency's year on a server, where other processes can rebuild too."""
    with office(fresh_postgres_url) as opened:
        open_year(opened)
        sign(opened)
        yield opened


@pytest.fixture
def pages_of_nine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a page have 9 events, so that there are many."""
    for module in (following, rebuilding):
        monkeypatch.setattr(module, "PAGE", 9)


@contextmanager
def at_statement(engine: Engine, number: int, act: Callable[[], None]) -> Iterator[None]:
    """Act before the n-th statement that writes."""
    left = [number]

    def count(_connection: object, _cursor: object, sql: str, *_more: object) -> None:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            left[0] -= 1
            if left[0] == 0:
                act()

    event.listen(engine, "before_cursor_execute", count)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", count)


def in_turn(opened: Office) -> bool:
    """Wait until a process waits for another one's rebuild; say whether only one generation is being built then."""
    waiting = text(
        "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
        " WHERE datname = current_database() AND locktype = 'advisory' AND classid = :class AND NOT granted"
    )
    with opened.system.engine.connect() as connection:
        asked = lambda: connection.scalar(waiting, {"class": REBUILDING}) == 1  # noqa: E731 - a condition
        return until(asked) and {state: len(built) for state, built in generations(opened).items()} == {"building": 1}


def generations(opened: Office) -> dict[str, set[int]]:
    """Return the numbers of the generations in each state."""
    table, found = projection_generation, dict[str, set[int]]()
    with opened.system.engine.connect() as connection:
        for state, number in connection.execute(select(table.c.state, table.c.generation)):
            found.setdefault(state, set()).add(number)
    return found


def cut() -> None:
    """Cut the connection."""
    raise CutError


class TestSwitch:
    @pytest.mark.usefixtures("pages_of_nine")
    def test_the_new_rows_are_the_same_and_the_old_ones_are_gone(self, begun: Office) -> None:
        before, reached = digest(begun), list[int]()

        rebuilt = begun.system.follower.rebuild(INSTITUTION, progress=reached.append)

        assert (rebuilt.position, rebuilt.compared, rebuilt.differing) == (begun.head, begun.head, {})
        assert reached == sorted(set(reached))
        assert reached[-1] == begun.head
        assert len(reached) > 5
        assert digest(begun) == before
        assert len(numbers(begun)) == 1
        assert numbers(begun) != {0}

    def test_one_read_model_alone(self, small: Office) -> None:
        before = digest(small)

        small.system.follower.rebuild(INSTITUTION, [agreement_register.READ_MODEL])

        with small.system.engine.connect() as connection:
            built = set(connection.scalars(select(agreement_register.READ_MODEL.table.c.generation).distinct()))
            others = set(connection.scalars(select(audit_trail.READ_MODEL.table.c.generation).distinct()))
        assert (len(built), others) == (1, {0})
        assert built != {0}
        assert digest(small) == before
        rename(small)
        small.settle()
        assert verify(small.system, INSTITUTION).sound

    def test_differences_are_counted_by_read_model(self, small: Office) -> None:
        trail, register = audit_trail.READ_MODEL.table, agreement_register.READ_MODEL.table
        extra = {"institution": INSTITUTION, "generation": 0, "key": "zz/2024", "position": 1, "content": b"{"}
        with small.system.engine.begin() as connection:
            keys = connection.scalars(select(trail.c.key).order_by(trail.c.key)).all()
            connection.execute(trail.delete().where(trail.c.key.in_([keys[0], keys[5], keys[-1]])))
            connection.execute(trail.update().where(trail.c.key == keys[7]).values(unit="x"))
            connection.execute(register.insert().values(**extra))

        assert small.system.follower.rebuild(INSTITUTION).differing == {"audit_trail": 4, "agreement_register": 1}
        assert small.system.follower.rebuild(INSTITUTION).differing == {}
        assert verify(small.system, INSTITUTION).sound

    def test_a_page_under_way_is_not_stored_into_rows_that_were_replaced(self, begun: Office) -> None:
        assert follows_beside_a_switch(begun)

    def test_without_the_generation_in_the_condition_it_would_be(
        self, small: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control: a position that did not move says nothing of the rows."""

        def by_position(connection: Connection, institution: str, _stand: Stand, after: int) -> None:
            table = projection_position
            connection.execute(table.update().where(table.c.institution == institution).values(position=after))

        monkeypatch.setattr(following, "move", by_position)
        assert not follows_beside_a_switch(small)


class TestMeanwhile:
    @pytest.mark.usefixtures("pages_of_nine")
    def test_no_reader_sees_a_mix(self, begun: Office) -> None:
        assert seen_while_rebuilding(begun) == set()

    def test_a_switch_that_forgets_the_last_events_is_found_out(self, small: Office) -> None:
        """The control: what was appended since the new rows caught up is not folded into them."""

        def forgetful(*_arguments: Any) -> Iterator[Any]:  # noqa: ANN401 - as they come
            yield from ()

        assert not rebuilt_while_following(small, pages=forgetful)

    def test_what_is_appended_before_the_switch_is_in_it(self, begun: Office) -> None:
        assert rebuilt_while_following(begun)

    def test_a_reader_that_looks_up_the_generation_beforehand_is_found_out(
        self, small: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control: where rows stand is asked in one transaction, and the rows in another."""
        snapshot = ReadTables.snapshot

        @contextmanager
        def in_two(tables: ReadTables, institution: str, stand: Stand | None = None) -> Iterator[LiveRows]:
            earlier = tables.stand(institution) if stand is None else stand
            if not switched and stand is None:
                switched.append(True)
                small.system.follower.rebuild(INSTITUTION)
            with snapshot(tables, institution, earlier) as live:
                yield live

        switched = [True]
        monkeypatch.setattr(ReadTables, "snapshot", in_two)
        monkeypatch.setattr(ReadTables, "stand", lambda tables, institution: _stand_of(snapshot, tables, institution))
        with small.system.reader.live(INSTITUTION) as live:
            assert equals_the_fold(small, live)
        switched.clear()
        with small.system.reader.live(INSTITUTION) as live:
            assert not equals_the_fold(small, live)

    @pytest.mark.usefixtures("pages_of_nine")
    def test_a_later_rebuild_takes_over(self, small: Office) -> None:
        def overtake(position: int) -> None:
            if position == 27:
                claim(small.system.engine, INSTITUTION, READ_MODELS)

        with pytest.raises(TakenOverError):
            rebuilder(small).rebuild(INSTITUTION, progress=overtake)

        with small.system.reader.live(INSTITUTION) as live:
            assert equals_the_fold(small, live)
        assert small.system.follower.rebuild(INSTITUTION).differing == {}
        assert len(numbers(small)) == 1


class TestTwoProcesses:
    def test_one_rebuilds_after_the_other(self, served: Office, fresh_postgres_url: str) -> None:
        with rebuilding_beside(fresh_postgres_url) as first, rebuilding_beside(fresh_postgres_url) as second:
            first.go_on()
            assert first.said() == "folding"
            second.go_on()
            assert in_turn(served)
            rename(served)
            served.system.follower.catch_up(INSTITUTION)

            first.go_on()
            assert first.said() == "rebuilt 0"
            assert second.said() == "folding"
            assert equals_the_fold_at_the_head(served)
            second.go_on()
            assert second.said() == "rebuilt 0"

        assert equals_the_fold_at_the_head(served)
        assert generations(served) == {"live": numbers(served)}
        assert len(numbers(served)) == 1

    def test_without_the_lock_the_earlier_one_is_overtaken(self, served: Office, fresh_postgres_url: str) -> None:
        """The control: the second begins while the first is in the middle of it, whose work is lost."""
        beside = (rebuilding_beside(fresh_postgres_url, "--unlocked") for _ in range(2))
        with next(beside) as first, next(beside) as second:
            for each in (first, second):
                each.go_on()
                assert each.said() == "folding"

            first.go_on()
            assert first.said() == TakenOverError.__name__
            second.go_on()
            assert second.said() == "rebuilt 0"

        assert equals_the_fold_at_the_head(served)
        assert generations(served) == {"live": numbers(served)}


class TestEndedEarly:
    @pytest.mark.usefixtures("pages_of_nine")
    def test_a_cut_at_any_write_leaves_the_old_rows_in_use(self, begun: Office) -> None:
        before, cuts = digest(begun), 0
        for number in range(1, 2_000, 7):
            try:
                with at_statement(begun.system.engine, number, cut):
                    begun.system.follower.rebuild(INSTITUTION)
            except CutError:
                cuts += 1
                assert digest(begun) == before
            else:
                break

        assert cuts > 10
        assert begun.system.follower.rebuild(INSTITUTION).differing == {}
        assert len(numbers(begun)) == 1
        with begun.system.engine.connect() as connection:
            states = set(connection.scalars(select(projection_generation.c.state)))
        assert states == {"live"}

    def test_throwing_the_old_rows_away_first_is_found_out(self, small: Office) -> None:
        """The control: cut in the same way, what was in use is lost."""
        before = digest(small)
        throw_away(small.system.engine, INSTITUTION)
        with pytest.raises(CutError), at_statement(small.system.engine, 2, cut):
            small.system.follower.catch_up(INSTITUTION)

        assert digest(small) != before

    @pytest.mark.parametrize(("database", "rounds"), ROUNDS)
    def test_killed_with_signal_9(self, request: pytest.FixtureRequest, database: str, rounds: int) -> None:
        url: str = request.getfixturevalue(database)
        with office(url) as opened:
            open_year(opened)
            sign(opened)
        command = [sys.executable, "-m", "tests.services.rebuilt", url, str(rounds), "4711"]
        subprocess.run(command, cwd=HOME, capture_output=True, check=True)

        with office(url, founded=False) as opened:
            with opened.system.reader.live(INSTITUTION) as live:
                assert equals_the_fold(opened, live)
            opened.settle()
            assert opened.system.follower.rebuild(INSTITUTION).differing == {}
            assert len(numbers(opened)) == 1
            assert verify(opened.system, INSTITUTION).sound


class TestAnotherShape:
    def test_nobody_is_answered_from_rows_that_cannot_be_read(self, small: Office) -> None:
        with small.system.engine.begin() as connection:
            connection.execute(projection_position.update().values(fingerprint="of an older program"))
            for model in READ_MODELS:
                connection.execute(model.table.update().values(content=b'{"of": "an older program"}'))
        rename(small)

        with pytest.raises(RowsOutdated), small.system.reader.view(INSTITUTION, READ_MODELS):
            pass
        assert small.system.follower.catch_up(INSTITUTION) == small.head
        with small.system.reader.view(INSTITUTION, READ_MODELS) as view:
            assert view.position == small.head
        assert verify(small.system, INSTITUTION).sound
        assert len(numbers(small)) == 1

    def test_one_read_model_is_not_replaced_alone(self, regency: Office) -> None:
        regency.settle()
        with regency.system.engine.begin() as connection:
            connection.execute(projection_position.update().values(fingerprint="of an older program"))

        assert rebuilder(regency).rebuild(INSTITUTION, [inbox.READ_MODEL]).compared is None
        assert 0 not in numbers(regency)


def test_the_command_line_tells_what_it_did(file_url: str) -> None:
    with office(file_url) as opened:
        open_year(opened)
        head = opened.head

    assert said(file_url) == f"Data baca diganti pada posisi {head}; sama dengan yang lama pada posisi {head}.\n"
    assert said(file_url, "inbox").startswith("Data baca diganti")
    told = msgspec.json.decode(said(file_url, "--json"))
    assert told == {"position": head, "compared": head, "differing": {}}
    with office(file_url, founded=False) as opened, opened.system.engine.begin() as connection:
        table = audit_trail.READ_MODEL.table
        first = connection.scalar(select(func.min(table.c.key)))
        connection.execute(table.delete().where(table.c.key == first))
    assert "SELISIH" in said(file_url, "audit_trail", code=1)
    assert "audit_trail" in said(file_url, "nothing", code=2)


def said(url: str, *arguments: str, code: int = 0) -> str:
    """Run `sakip rebuild` and return what it printed to standard output."""
    place = {"SAKIP_DATABASE_URL": url, "SAKIP_SECRET": "of the tests", "SAKIP_INSTITUTION": INSTITUTION}
    outcome = CliRunner().invoke(sakip, ["rebuild", *arguments], env=place)
    assert outcome.exit_code == code, outcome.output
    return outcome.stdout if code < 2 else outcome.output


def follows_beside_a_switch(opened: Office) -> bool:
    """Switch between a follower's reading and writing of a page; say whether the rows are right afterwards."""
    rename(opened)
    follower, switched = opened.system.follower, list[bool]()
    store = follower._store

    def beaten(*arguments: Any) -> None:  # noqa: ANN401 - as they come
        if not switched:
            switched.append(True)
            rebuilder(opened).rebuild(INSTITUTION)
        store(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(follower, "_store", beaten)
        assert follower.catch_up(INSTITUTION) == opened.head
    with opened.system.reader.live(INSTITUTION) as live:
        return equals_the_fold(opened, live)


def rebuilt_while_following(opened: Office, pages: Any = None) -> bool:  # noqa: ANN401 - a broken variant
    """Let events be appended and followed just before the switch; say whether the rows are right afterwards."""
    catch_up, caught_up = Rebuilder._catch_up, list[bool]()

    def late(own: Rebuilder, *arguments: Any) -> Stand:  # noqa: ANN401 - as they come
        built = catch_up(own, *arguments)
        caught_up.append(True)
        if len(caught_up) == 2:
            rename(opened)
            opened.system.follower.catch_up(INSTITUTION)
            if pages is not None:
                patch.setattr(Rebuilder, "_pages", pages)
        return built

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rebuilder, "_catch_up", late)
        rebuilder(opened).rebuild(INSTITUTION)
    with opened.system.reader.live(INSTITUTION) as live:
        return equals_the_fold(opened, live)


def seen_while_rebuilding(opened: Office) -> set[str]:
    """Rebuild at full append speed while readers poll; return what any of them saw that was wrong."""
    ended, wrong = list[bool](), set[str]()

    def write() -> None:
        while not ended:
            rename(opened)
            opened.system.follower.catch_up(INSTITUTION)

    def read() -> None:
        while not ended:
            with opened.system.reader.live(INSTITUTION) as live:
                wrong.update(() if equals_the_fold(opened, live) else {"rows"})

    def rebuild() -> None:
        try:
            for _ in range(3):
                wrong.update(opened.system.follower.rebuild(INSTITUTION).differing)
        finally:
            ended.append(True)

    outcomes = at_once(write, read, read, rebuild)
    return wrong | {repr(each) for each in outcomes if each is not None}


def _stand_of(snapshot: Any, tables: ReadTables, institution: str) -> Stand:  # noqa: ANN401 - the real one
    with snapshot(tables, institution) as live:
        stand: Stand = live.stand
        return stand
