"""A question about the past begins at the last milestone, and is answered like one that folds the whole log."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from sqlalchemy import Table, select, update

from domain.errors import NotFollowedYet, ReadModelParked
from projections import agreement_register, audit_trail, inbox, obligation_calendar
from projections.catalogue import READ_MODELS
from projections.keyed_fold import KeyedFold, Parked
from projections.read_model import FOLDED_TABLES, ReadModel, milestone, milestone_row, projection_position
from projections.replay import ReplayedRows, digest_of_rows
from projections.row_codec import unpack_row
from services import folding, follower, milestones, parking, past_rows
from services.event_log.contract import EventLog
from services.folding import store_page
from services.milestones import MilestoneRows, lay, wrongly_laid
from services.past_rows import PastRows
from services.queries.answers import Answers
from services.queries.asked import OfAgreements
from services.queries.table import QUERIES
from services.read_tables import LiveRows, Stand
from services.reading import Reader
from services.verification import verify
from tests.services.office import INSTITUTION, Office, office, open_year, realisation, sign
from tests.services.test_parking import KEY, MODEL, before_pages, dying, faulty, follow_amended, prepare, sign_all
from tests.services.thrown_away import throw_away

PAGE = 7


@pytest.fixture(autouse=True)
def pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pages and what lies between milestones be short, so that there are many."""
    monkeypatch.setattr(follower, "PAGE", PAGE)
    monkeypatch.setattr(milestones, "EVERY", 10)


@pytest.fixture
def year(shared_url: str) -> Iterator[Office]:
    """Open a regency with a signed agreement and some figures on a database of each kind."""
    with office(shared_url) as opened:
        open_year(opened)
        sign(opened)
        for value in ("90", "91", "92"):
            opened.does("op", "measurement.record", unit="dinkes", fiscal_year=2024, realisation=realisation(1, value))
            opened.settle()
        yield opened


def laid(opened: Office) -> list[int]:
    """Return the positions at which rows of duties were kept."""
    with opened.system.reader.live(INSTITUTION) as live:
        return milestones.laid(live, obligation_calendar.READ_MODEL)


def told_otherwise(opened: Office) -> list[int]:
    """Return the positions, each third, at which the past is told otherwise than by a fold of the log."""
    folded, wrong = ReplayedRows(()), list[int]()
    for event in opened.system.reader.events(INSTITUTION):
        folded.fold(event)
        if event.position % 3:
            continue
        try:
            with opened.system.reader.view(INSTITUTION, READ_MODELS, str(event.position)) as view:
                assert isinstance(view.rows, PastRows)
                same = digest_of_rows(view.rows) == digest_of_rows(folded)
        except ReadModelParked:  # it went on from rows that no event of the log fits
            same = False
        wrong += [] if same else [event.position]
    return wrong


class TestEveryPosition:
    def test_is_told_as_the_whole_log_tells_it(self, year: Office) -> None:
        assert len(laid(year)) >= 2
        assert told_otherwise(year) == []
        assert verify(year.system, INSTITUTION).sound

    def test_is_told_so_after_a_rebuild_which_lays_its_own(self, year: Office) -> None:
        year.system.follower.rebuild(INSTITUTION)

        with year.system.engine.connect() as connection:
            generations = set(connection.scalars(select(milestone.c.generation)))
            assert generations == set(connection.scalars(select(milestone_row.c.generation)))
        assert len(generations) == 1
        assert 0 not in generations
        assert laid(year)
        assert told_otherwise(year) == []

    def test_is_told_so_where_one_read_model_was_rebuilt_alone(self, year: Office) -> None:
        year.system.follower.rebuild(INSTITUTION, [agreement_register.READ_MODEL])

        assert told_otherwise(year) == []
        assert verify(year.system, INSTITUTION).sound

    def test_is_told_so_where_rows_were_followed_before_there_were_milestones(
        self, shared_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(milestones, "EVERY", 1_000_000)
        with office(shared_url) as opened:
            open_year(opened)
            assert laid(opened) == []
            monkeypatch.setattr(milestones, "EVERY", 2)
            sign(opened)

            assert laid(opened)
            assert told_otherwise(opened) == []
            assert verify(opened.system, INSTITUTION).sound

    def test_is_told_so_while_read_models_are_behind(self, year: Office) -> None:
        year.does("admin", "organisation.establish_unit", unit="dinsos", name="Dinas Sosial")

        assert year.system.follower.position(INSTITUTION) < year.head
        assert told_otherwise(year) == []


class TestOneQuestion:
    def test_folds_no_more_than_was_recorded_since_the_milestone(
        self, year: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        read = list[int]()
        whole: Callable[..., Any] = type(year.system.log).read

        def counted(log: EventLog, *arguments: Any, **more: Any) -> Any:  # noqa: ANN401 - as the original
            found = whole(log, *arguments, **more)
            read.append(len(found))
            return found

        monkeypatch.setattr(type(year.system.log), "read", counted)
        models: list[ReadModel[Any]] = [agreement_register.READ_MODEL, obligation_calendar.READ_MODEL]
        with year.system.reader.view(INSTITUTION, models, str(year.head)):
            folded = sum(read) - 1  # one entry tells the instant of the position

        assert folded == year.head - laid(year)[-1] < milestones.EVERY + PAGE

    def test_of_one_cycle_folds_its_own_events_alone(self, year: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        models, of_cycle = [model for model in READ_MODELS if model.of_cycle], ("dinkes", 2024)
        folded, told, wrong = ReplayedRows((), models), 0, list[int]()
        monkeypatch.setattr(Reader, "_read", lambda *_: pytest.fail("the events of all cycles were read"))
        for entry in year.system.log.read(INSTITUTION, limit=year.head):
            folded.fold(year.system.codec.decode(entry))
            with year.system.reader.view(INSTITUTION, models, str(entry.id), of_cycle=of_cycle) as view:
                assert isinstance(view.rows, PastRows)
                rows = [[each.rows(m, unit="dinkes", fiscal_year=2024) for m in models] for each in (view.rows, folded)]
            told += sum(map(len, rows[0]))
            wrong += [entry.id] if rows[0] != rows[1] else []

        assert (wrong, told > 20) == ([], True)

    def test_of_one_page_of_rows_is_answered_in_order(self, year: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(past_rows, "_AT_ONCE", 2)
        position = str(year.head - 3)
        folded = ReplayedRows(year.system.reader.events(INSTITUTION, until=year.head - 3))
        models: list[ReadModel[Any]] = [audit_trail.READ_MODEL, obligation_calendar.READ_MODEL]
        for model in models:
            every = folded.rows(model)
            with year.system.reader.view(INSTITUTION, [model], position) as view:
                for limit in (1, 3, len(every)):
                    for after in (None, every[0].key, every[-1].key):
                        assert view.rows.rows(model, after=after, limit=limit) == folded.rows(
                            model, after=after, limit=limit
                        )
                assert view.rows.rows(model, unit="dinkes") == folded.rows(model, unit="dinkes")
                assert view.rows.rows(model, fiscal_year=2024, unit="dinkes")

    def test_is_answered_from_one_generation_while_another_takes_its_place(self, year: Office) -> None:
        position = str(year.head - 3)
        folded = ReplayedRows(year.system.reader.events(INSTITUTION, until=year.head - 3))
        with year.system.reader.view(INSTITUTION, READ_MODELS, position) as view:
            year.system.follower.rebuild(INSTITUTION)
            assert digest_of_rows(view.rows) == digest_of_rows(folded)

        assert told_otherwise(year) == []


class TestFallenBack:
    def test_rows_and_milestones_that_a_failing_server_took_back_are_followed_again(
        self, file_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """They go back together, and the pages that follow end elsewhere."""
        with office(file_url) as opened:
            open_year(opened)
            kept = {table.name: rows_of(opened, table) for table in DERIVED}
            sign(opened)
            head = opened.head
            put_back(opened, kept)
            assert opened.system.follower.position(INSTITUTION) < head
            monkeypatch.setattr(follower, "PAGE", 5)
            opened.system.follower.catch_up(INSTITUTION)

            assert told_otherwise(opened) == []
            assert verify(opened.system, INSTITUTION).sound

    def test_the_position_alone_going_back_is_found_out(self, file_url: str) -> None:
        """The control: rows that have an event already are given it again."""
        with office(file_url) as opened:
            open_year(opened)
            kept = {projection_position.name: rows_of(opened, projection_position)}
            sign(opened)
            put_back(opened, kept)
            opened.system.follower.catch_up(INSTITUTION)

            assert not verify(opened.system, INSTITUTION).sound

    def test_who_waited_for_what_fell_back_is_refused(self, regency: Office) -> None:
        regency.settle()
        kept = {table.name: rows_of(regency, table) for table in DERIVED}
        position = regency.does("admin", "organisation.rename_unit", unit="dinkes", name="Dinas").position
        regency.settle()
        put_back(regency, kept)
        answers, asked = Answers(regency.system), OfAgreements(after=position)

        with pytest.raises(NotFollowedYet):
            answers.answer(QUERIES["agreements"], INSTITUTION, "kabag", asked)
        regency.settle()
        assert answers.answer(QUERIES["agreements"], INSTITUTION, "kabag", asked).content


DERIVED = (*FOLDED_TABLES, *(model.table for model in READ_MODELS))


def rows_of(opened: Office, table: Table) -> list[dict[str, Any]]:
    """Return what a table holds."""
    with opened.system.engine.connect() as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]


def put_back(opened: Office, kept: dict[str, list[dict[str, Any]]]) -> None:
    """Let tables hold what they held before."""
    with opened.system.engine.begin() as connection:
        for table in DERIVED:
            if table.name in kept:
                connection.execute(table.delete())
                if kept[table.name]:
                    connection.execute(table.insert(), kept[table.name])


class TestParked:
    def test_what_a_retry_mends_is_mended_in_milestones_too(self, shared_url: str) -> None:
        with office(shared_url) as opened:
            prepare(opened)
            with faulty():
                sign_all(opened)
                with (
                    pytest.raises(ReadModelParked),
                    opened.system.reader.view(INSTITUTION, [agreement_register.READ_MODEL], str(opened.head)),
                ):
                    pass
                retold_and_told_early(opened)
            assert opened.system.parking.retry(INSTITUTION) == []

            assert any(each > stopped_at(opened) for each in laid(opened))
            assert told_otherwise(opened) == []
            assert verify(opened.system, INSTITUTION).sound

    def test_a_retry_that_leaves_them_alone_is_found_out(
        self, shared_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control: the rows in use are healed, and what milestones kept of them is not."""
        monkeypatch.setattr(parking, "keep", lambda *_arguments: None)
        with office(shared_url) as opened:
            prepare(opened)
            with faulty():
                sign_all(opened)
            opened.system.parking.retry(INSTITUTION)

            assert told_otherwise(opened)
            assert verify(opened.system, INSTITUTION).differing == (MODEL,)

    @pytest.mark.parametrize("size", [1, 6])
    def test_between_two_pages_it_is_mended_up_to_where_the_key_stands(
        self, shared_url: str, size: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Milestones that are laid meanwhile lack the key again."""
        monkeypatch.setattr(parking, "PAGE", size)
        with office(shared_url) as opened:
            prepare(opened)
            with faulty():
                sign_all(opened)

            def follow(turn: int) -> None:
                assert agreements_told_otherwise(opened) == []
                if turn < 3:
                    follow_amended(opened, str(80 + turn))

            before = laid(opened)
            with before_pages(follow):
                assert opened.system.parking.retry(INSTITUTION) == []

            assert len(laid(opened)) > len(before)
            assert agreements_told_otherwise(opened) == []
            assert verify(opened.system, INSTITUTION).sound

    def test_a_retry_that_ends_early_leaves_it_mended_up_to_there(
        self, shared_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(parking, "PAGE", 1)
        with office(shared_url) as opened:
            prepare(opened)
            with faulty():
                sign_all(opened)
            mark = next(each for each in laid(opened) if each > stopped_at(opened))
            with dying("keep", 0), pytest.raises(InterruptedError):
                opened.system.parking.retry(INSTITUTION)

            (left,) = opened.system.parking.parked(INSTITUTION)
            assert left.position == mark
            assert agreements_told_otherwise(opened) == []
            opened.system.parking.retry(INSTITUTION)

            assert told_otherwise(opened) == []
            assert verify(opened.system, INSTITUTION).sound

    def test_a_key_that_waits_at_its_next_event_and_not_where_the_page_ended_is_found_out(
        self, regency: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control: between these two there may lie a milestone that lacks the key still."""
        monkeypatch.setattr(parking, "PAGE", 1)
        beyond = Parked.beyond

        def too_far(parked: Parked, position: int, counted: int) -> Parked:
            rest = beyond(parked, position, counted)
            return msgspec.structs.replace(rest, position=rest.positions[0]) if rest.positions else rest

        prepare(regency)
        with faulty():
            sign_all(regency)
        wrong = list[int]()
        monkeypatch.setattr(Parked, "beyond", too_far)
        with before_pages(lambda _turn: wrong.extend(agreements_told_otherwise(regency))):
            regency.system.parking.retry(INSTITUTION)

        assert wrong


def agreements_told_otherwise(opened: Office) -> list[int]:
    """Return the positions, shortly before the signing and after, at which the past is told otherwise than by a fold.

    Only from where a key stands on a milestone must not be asked.
    """
    model = agreement_register.READ_MODEL
    stand = min((each.position for each in opened.system.parking.parked(INSTITUTION)), default=opened.head + 1)
    first = stopped_at(opened) - 3
    folded, wrong = ReplayedRows((), [model]), list[int]()
    for event in opened.system.reader.events(INSTITUTION):
        folded.fold(event)
        if event.position < first:
            continue
        with opened.system.reader.view(INSTITUTION, [model], str(event.position)) as view:
            same = digest_of_rows(view.rows, [model]) == digest_of_rows(folded, [model])
            wrong += [] if same and isinstance(view.rows, PastRows) == (event.position < stand) else [event.position]
    return wrong


class TestRemoved:
    def test_a_removed_row_is_there_before_and_not_after(self, regency: Office) -> None:
        """No read model of ours removes rows; the form allows it."""
        model = inbox.READ_MODEL._replace(of_cycle=False)
        row = inbox.InboxRow(key="k", unit="dinkes", fiscal_year=2024, stream="s", subject=None)
        stored(regency, KeyedFold(model, rows={"k": row}), 10, touched=5)
        stored(regency, KeyedFold(model, rows={"k": None}), 20, touched=15)
        stored(regency, KeyedFold(model, rows={"k": None}), 30, touched=25)
        stored(regency, KeyedFold(model, rows={"k": row}), 30, touched=28)
        with regency.system.reader.live(INSTITUTION) as live:
            later = LiveRows(live.connection, INSTITUTION, live.stand._replace(position=100))
            assert MilestoneRows(later, model, 30).rows(model) == [row]
        stored(regency, KeyedFold(model, rows={"k": None}), 40, touched=26)  # as a retry that passes a milestone does
        stored(regency, KeyedFold(model, rows={"k": row}), 50, touched=45)

        with regency.system.reader.live(INSTITUTION) as live:
            later = LiveRows(live.connection, INSTITUTION, live.stand._replace(position=100))
            seen = [MilestoneRows(later, model, until).rows(model) for until in (9, 10, 20, 30, 40, 50)]
        assert seen == [[], [row], [], [], [], [row]]


def stored(opened: Office, fold: KeyedFold[inbox.InboxRow], milestone_at: int, *, touched: int) -> None:
    """Store a fold of one key, and keep what stands at a milestone."""
    fold.touched["k"] = touched
    with opened.system.engine.begin() as connection:
        live = LiveRows(connection, INSTITUTION, opened.system.reader._tables.stand(INSTITUTION)._replace(position=0))
        store_page(live, [fold], datetime(2024, 1, 1, tzinfo=UTC))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(milestones, "EVERY", milestone_at)
            lay(live, [fold.model], milestone_at)


class TestVerification:
    def test_a_milestone_that_was_changed_is_found(self, year: Office) -> None:
        with year.system.engine.begin() as connection:
            mine = milestone_row.c.model == MODEL
            content = connection.scalar(select(milestone_row.c.content).where(mine).limit(1))
            same = milestone_row.c.content == content
            forged = unpack_row(content or b"").replace(b"dinkes", b"disdik")
            assert connection.execute(update(milestone_row).where(mine, same).values(content=forged)).rowcount

        assert verify(year.system, INSTITUTION).differing == (MODEL,)

    @pytest.mark.parametrize(
        ("table", "change", "model"),
        [
            (milestone_row, {"fiscal_year": 2019}, MODEL),
            (milestone_row, {"unit": "setda"}, MODEL),
            (audit_trail.READ_MODEL.table, {"position": 1}, audit_trail.READ_MODEL.name),
        ],
    )
    def test_a_row_of_the_past_that_is_filed_where_no_question_finds_it_is_found(
        self, year: Office, table: Table, change: dict[str, Any], model: str
    ) -> None:
        mine = [table.c.model == model] if "model" in table.c else []
        with year.system.engine.begin() as connection:
            connection.execute(update(table).where(*mine).values(change))

        assert verify(year.system, INSTITUTION).differing == (model,)

    def test_a_milestone_row_that_is_gone_is_found(self, year: Office) -> None:
        with year.system.engine.begin() as connection:
            connection.execute(milestone_row.delete().where(milestone_row.c.model == MODEL))

        assert verify(year.system, INSTITUTION).differing == (MODEL,)


class TestControls:
    def test_a_milestone_that_is_laid_before_its_page_is_stored_is_found_out(
        self, year: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        late = list[Callable[[], None]]()

        def early(live: LiveRows, folds: list[KeyedFold[Any]], at: datetime) -> None:
            late.append(lambda: folding.store_page(live, folds, at))

        def then(live: LiveRows, models: list[ReadModel[Any]], after: int) -> None:
            lay(live, models, after)
            late.pop()()

        throw_away(year.system.engine, INSTITUTION)
        monkeypatch.setattr(follower, "store_page", early)
        monkeypatch.setattr(follower, "lay", then)
        year.system.follower.catch_up(INSTITUTION)

        assert verify(year.system, INSTITUTION).differing
        assert told_otherwise(year)

    def test_rows_that_are_carried_over_from_another_position_are_found_out(
        self, year: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        throw_away(year.system.engine, INSTITUTION)
        first = list[folding.Known]()

        def stale(known: folding.Known, _stand: Stand, model: str) -> dict[str, Any]:
            first.extend([known] if known.rows and not first else [])
            return dict(first[0].rows.get(model, {})) if first else {}

        monkeypatch.setattr(folding.Known, "of", stale)
        year.system.follower.catch_up(INSTITUTION)

        assert verify(year.system, INSTITUTION).differing


def retold_and_told_early(opened: Office) -> None:
    """Before the position at which a key stopped the past is told from milestones, as ever."""
    position = stopped_at(opened) - 1
    folded = ReplayedRows(opened.system.reader.events(INSTITUTION, until=position))
    with opened.system.reader.view(INSTITUTION, READ_MODELS, str(position)) as view:
        assert digest_of_rows(view.rows) == digest_of_rows(folded)


def stopped_at(opened: Office) -> int:
    """Return the position at which the agreement was signed."""
    return next(
        e.position
        for e in opened.system.reader.events(INSTITUTION)
        if e.stream == f"agreement/{KEY}" and "Signed" in type(e.body).__name__
    )


def test_what_was_kept_is_compared_with_what_a_fold_changed(year: Office) -> None:
    """Where a fold changed nothing since the milestone before, nothing must have been kept."""
    with year.system.reader.live(INSTITUTION) as live:
        assert any(wrongly_laid(live, KeyedFold(obligation_calendar.READ_MODEL), each) for each in laid(year))
