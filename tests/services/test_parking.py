"""An event that a read model fails at stops one key and nothing else; everybody is told, and a retry heals it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from threading import Event
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from sqlalchemy import Connection

from domain.errors import NothingRecorded, ReadModelParked, RowsOutdated
from domain.stream import category_of
from projections import agreement_register, audit_trail, keyed_fold
from projections.keyed_fold import WHOLE, KeyedFold
from projections.replay import ReplayedRows, digest_of_rows
from services import follower as following
from services import generations, milestones, parking, read_tables
from services.cli import sakip
from services.parking import Parking
from services.queries.answers import Answers
from services.queries.asked import AskedList, OfAgreements, OfCycle
from services.queries.table import QUERIES
from services.read_tables import ParkedSince
from services.verification import verify
from tests.services.at_once import at_once
from tests.services.office import (
    AGREEMENT,
    INSTITUTION,
    UNIT,
    YEAR,
    Office,
    commitment,
    number,
    office,
    open_year,
    paper,
    sign,
)
from tests.services.thrown_away import throw_away

MODEL = "agreement_register"
KEY = f"{UNIT}/{YEAR}"
OTHER = {"unit": "disdik", "fiscal_year": YEAR}
SIZES = [pytest.param(1, id="page-of-one"), pytest.param(7, id="page-of-seven"), pytest.param(2_000, id="one-page")]


@contextmanager
def faulty(unit: str = UNIT, said: str = "tanda tangan tak terduga", at: str = "signed") -> Iterator[None]:
    """Let `evolve` fail at the signing of one unit's agreement, or at what else befalls it."""
    reached: Callable[..., Any] = agreement_register._reached

    def fail(row: Any, event: Any, status: Any) -> Any:  # noqa: ANN401 - as the original
        if (row.unit, status) == (unit, at):
            raise ValueError(said)
        return reached(row, event, status)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(agreement_register, "_reached", fail)
        yield


@contextmanager
def nameless(unnamed: str = f"agreement/{KEY}") -> Iterator[None]:
    """Let `keys` fail at what happens to one unit's agreement."""

    def fail(stream: str) -> str:
        if stream == unnamed:
            raise LookupError(stream)
        return category_of(stream)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(agreement_register, "category_of", fail)
        yield


def unwritable(_body: object) -> None:
    """Stand where the body of an event is written down."""
    raise ValueError("tidak dapat ditulis")


def sign_all(opened: Office) -> None:
    """Sign the agreements of two units, then amend the first: one event more for a key that stopped."""
    for each, operator, head in ((AGREEMENT, "op", "kadin"), (OTHER, "op2", "kadis")):
        opened.does(operator, "agreement.propose", **each, commitments=[commitment()])
        opened.does(head, "agreement.sign", **each, paper=paper(head, "bupati"))
        opened.settle()
    amend(opened, "90")
    opened.settle()


def amend(opened: Office, target: str) -> None:
    """Amend the unit's agreement: two events for its key."""
    changes = [{"commitment": "aki", "target": {"year": number(target)}, "effective_on": "2024-01-02"}]
    amended = {"trigger": "strategy_changed", "reason": "RPJMD diubah", "paper": paper(file="e"), "changes": changes}
    opened.does("kadin", "agreement.amend", **AGREEMENT, **amended)


def follow_amended(opened: Office, target: str) -> None:
    """Amend the unit's agreement and let read models follow."""
    amend(opened, target)
    opened.system.follower.catch_up(INSTITUTION)


def prepare(opened: Office) -> None:
    """Open the year of both units, and let everybody be there who signs."""
    opened.does("admin", "organisation.register_person", person="kadis", name="Kadis")
    opened.does("admin", "organisation.register_person", person="op2", name="Op")
    opened.does("admin", "organisation.grant_role", person="op2", role="unit_operator", unit="disdik")
    head = {"unit": "disdik", "person": "kadis", "position": "Kepala Dinas", "effective_on": "2022-01-03"}
    opened.does("admin", "organisation.appoint_official", **head)
    open_year(opened)
    opened.does("plan", "organisation.ratify_budget", **OTHER, document="DPA", number="DPA/2")
    opened.settle()


def replayed(opened: Office) -> ReplayedRows:
    """Fold the log as it stands at the position of the live rows."""
    return ReplayedRows(opened.system.reader.events(INSTITUTION, until=opened.system.follower.position(INSTITUTION)))


def digest(opened: Office) -> str:
    """Return the digest of the live rows."""
    with opened.system.reader.live(INSTITUTION) as live:
        return digest_of_rows(live)


def signing(opened: Office) -> int:
    """Return the position at which the unit's agreement was signed."""
    found = (e.position for e in opened.system.reader.events(INSTITUTION) if "Signed" in type(e.body).__name__)
    return next(found)


@contextmanager
def before_pages(do: Callable[[int], None]) -> Iterator[None]:
    """Let something happen before each page of a retry, while it keeps nobody out; told how many pages went before."""
    turns = count()

    def locked(connection: Connection, institution: str) -> int:
        do(next(turns))
        return generations.lock(connection, institution)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parking, "lock", locked)
        yield


def said_rightly(opened: Office, *, listed: bool = True) -> list[ParkedSince]:
    """Return what is parked, having made sure that it says how many events wait, and lists the first of them.

    From the event on that the read model stopped at as a whole, what happens waits for that, and not for a key.
    """
    model = agreement_register.READ_MODEL
    events = list(opened.system.reader.events(INSTITUTION, until=opened.system.follower.position(INSTITUTION)))
    parked = opened.system.parking.parked(INSTITUTION)
    whole = next((each.position for each in parked if each.key == WHOLE), opened.head + 1)
    for each in parked:
        concerned = (event for event in events if event.position >= each.position and model.concerns(event.stream))
        waiting = [
            e.position for e in concerned if each.key == WHOLE or (e.position < whole and each.key in model.keys(e))
        ]
        first = waiting[: keyed_fold.LISTED if listed else len(each.positions)]
        assert (each.waiting, each.positions) == (len(waiting), tuple(first))
    return parked


class TestOneKey:
    @pytest.mark.parametrize("size", SIZES)
    def test_the_others_go_on_and_a_retry_heals_it(
        self, shared_url: str, size: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(following, "PAGE", size)
        monkeypatch.setattr(parking, "PAGE", size)
        with office(shared_url) as opened:
            prepare(opened)
            with faulty():
                sign_all(opened)
                (parked,) = opened.system.parking.parked(INSTITUTION)
                with opened.system.reader.live(INSTITUTION) as live:
                    stopped = live.row(agreement_register.READ_MODEL, KEY)
                    other = live.row(agreement_register.READ_MODEL, f"disdik/{YEAR}")
                assert digest(opened) == digest_of_rows(replayed(opened))
                (failed,) = opened.system.parking.retry(INSTITUTION)
                assert (failed.position, failed.positions) == (parked.position, parked.positions)

            assert opened.system.follower.position(INSTITUTION) == opened.head
            assert (parked.model, parked.key, parked.position) == (MODEL, KEY, signing(opened))
            assert parked.reason == "ValueError: tanda tangan tak terduga"
            assert parked.since == opened.clock.now()
            assert parked.waiting == len(parked.positions) >= 2
            assert parked.positions[0] == parked.position
            assert stopped is not None
            assert [step.status for step in stopped.steps] == ["opened", "proposed"]
            assert other is not None
            assert other.steps[-1].status == "signed"

            assert digest(opened) != digest_of_rows(replayed(opened))
            assert opened.system.parking.retry(INSTITUTION) == []
            assert opened.system.parking.parked(INSTITUTION) == []
            assert digest(opened) == digest_of_rows(replayed(opened))

    def test_without_parking_one_event_would_stop_everything(self, regency: Office) -> None:
        """The control: as a fold does that lets the fault through."""
        prepare(regency)
        before = regency.system.follower.position(INSTITUTION)

        def through(_fold: object, _key: str, _position: int, fault: Exception) -> None:
            raise fault

        with pytest.MonkeyPatch.context() as patch, faulty():
            patch.setattr(KeyedFold, "park", through)
            regency.does("op", "agreement.propose", **AGREEMENT, commitments=[commitment()])
            regency.does("kadin", "agreement.sign", **AGREEMENT, paper=paper())
            with pytest.raises(ValueError, match="tak terduga"):
                regency.system.follower.catch_up(INSTITUTION)

        assert regency.system.follower.position(INSTITUTION) == before < regency.head

    def test_a_retry_that_forgets_what_waited_is_found_out(self, regency: Office) -> None:
        """The control: only the failing event is folded, those that waited are not."""
        prepare(regency)
        with faulty():
            sign_all(regency)
        (parked,) = regency.system.parking.parked(INSTITUTION)
        read = regency.system.log.read
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(regency.system.log, "read", lambda *a, **more: read(*a, **{**more, "until": parked.position}))
            regency.system.parking.retry(INSTITUTION)

        assert regency.system.parking.parked(INSTITUTION) == []
        assert digest(regency) != digest_of_rows(replayed(regency))

    def test_a_retry_beside_the_follower_loses_nothing(self, stored: Office) -> None:
        prepare(stored)
        with faulty():
            sign_all(stored)

        def write() -> None:
            for turn in range(20):
                stored.does("admin", "organisation.rename_unit", unit=UNIT, name=f"Dinas {turn}")
                stored.system.follower.catch_up(INSTITUTION)

        def retry() -> None:
            for _ in range(5):
                stored.system.parking.retry(INSTITUTION)

        assert at_once(write, retry) == [None, None]
        assert stored.system.parking.parked(INSTITUTION) == []
        assert digest(stored) == digest_of_rows(replayed(stored))

    def test_whoever_follows_waits_for_a_few_pages_of_a_retry_and_not_for_all(
        self, stored: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Each page takes the lock again, so that a page that was folded without it never fits."""
        monkeypatch.setattr(parking, "PAGE", 1)
        prepare(stored)
        with faulty():
            sign_all(stored)
            for target in range(50, 90):
                amend(stored, str(target))
            stored.settle()
        begun, pages, followed_at = Event(), list[int](), list[int]()

        def count_pages(turn: int) -> None:
            pages.append(turn)
            if turn == 2:
                stored.does("admin", "organisation.rename_unit", unit=UNIT, name="Dinas Kesehatan Baru")
                begun.set()

        def follow() -> None:
            begun.wait(30)
            stored.system.follower.catch_up(INSTITUTION)
            followed_at.append(len(pages))

        def retry() -> None:
            with before_pages(count_pages):
                stored.system.parking.retry(INSTITUTION)

        assert at_once(follow, retry) == [None, None]
        assert len(pages) > 80
        assert followed_at[0] < len(pages)

    def test_an_unreadable_row_parks_its_key(self, regency: Office) -> None:
        prepare(regency)
        table = agreement_register.READ_MODEL.table
        with regency.system.engine.begin() as connection:
            connection.execute(table.update().where(table.c.key == KEY).values(content=b"{"))
        sign(regency)

        (parked,) = regency.system.parking.parked(INSTITUTION)
        assert (parked.model, parked.key) == (MODEL, KEY)
        assert regency.system.follower.rebuild(INSTITUTION).differing == {MODEL: 1}
        assert regency.system.parking.parked(INSTITUTION) == []
        assert digest(regency) == digest_of_rows(replayed(regency))

    def test_what_waits_is_counted_and_only_the_first_are_listed(
        self, regency: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Events in streams that the read model doesn't fold are none that wait."""
        monkeypatch.setattr(keyed_fold, "LISTED", 3)
        prepare(regency)
        with nameless():
            sign_all(regency)
            regency.does("admin", "organisation.rename_unit", unit=UNIT, name="Dinas")
            regency.settle()

        (parked,) = regency.system.parking.parked(INSTITUTION)
        later = [each for each in regency.system.reader.events(INSTITUTION) if each.position >= parked.position]
        concerned = [each.position for each in later if category_of(each.stream) == "agreement"]
        assert parked.positions == tuple(concerned[:3])
        assert len(later) > parked.waiting == len(concerned) > 3

    def test_a_reason_is_stored_whatever_it_says(self, stored: Office) -> None:
        prepare(stored)
        with faulty(said="\0 \ud800 " + "x" * 10_000):
            sign(stored)

        (parked,) = stored.system.parking.parked(INSTITUTION)
        assert parked.reason.startswith("ValueError: \\0 \\ud800 xxx")
        assert len(parked.reason) < 600


class TestPages:
    """A retry goes page by page, and between two pages it keeps nobody out."""

    @pytest.mark.parametrize("size", [1, 5])
    def test_what_is_followed_between_two_pages_waits_and_is_folded(
        self, stored: Office, size: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(parking, "PAGE", size)
        prepare(stored)
        with faulty():
            sign_all(stored)
        (first,) = stored.system.parking.parked(INSTITUTION)
        later = first.since.replace(hour=9)
        stood = list[int]()

        def follow(turn: int) -> None:
            (each,) = said_rightly(stored)
            assert (each.reason, each.since) == (first.reason, first.since)
            stood.append(each.position)
            if turn < 3:
                follow_amended(stored, str(80 + turn))

        stored.clock.set(later)
        with before_pages(follow):
            assert stored.system.parking.retry(INSTITUTION) == []

        assert stood[:3] == [first.position, first.position + size, first.position + 2 * size]
        assert digest(stored) == digest_of_rows(replayed(stored))
        assert verify(stored.system, INSTITUTION).sound

    def test_it_ends_whatever_is_followed_meanwhile(self, regency: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        """The last pages fold what came since the first one too, up to a milestone each."""
        monkeypatch.setattr(parking, "PAGE", 2)
        prepare(regency)
        with faulty():
            sign_all(regency)
        ahead = regency.head - signing(regency) + 1
        pages = list[int]()

        def follow(turn: int) -> None:
            pages.append(turn)
            for target in (80, 90):
                follow_amended(regency, str(target + turn))

        with before_pages(follow):
            assert regency.system.parking.retry(INSTITUTION) == []
        assert len(pages) <= -(-ahead // 2) + 1
        assert digest(regency) == digest_of_rows(replayed(regency))

    @pytest.mark.parametrize(("after", "page"), [("decoded", 2), ("lock", 1), ("store_page", 3)])
    def test_one_that_ends_early_leaves_the_key_where_its_row_stands(
        self, stored: Office, after: str, page: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Before a page, at its beginning, and once all of it but the commit is done."""
        monkeypatch.setattr(parking, "PAGE", 2)
        prepare(stored)
        with faulty():
            sign_all(stored)
        (first,) = stored.system.parking.parked(INSTITUTION)
        with dying(after, page), pytest.raises(InterruptedError):
            stored.system.parking.retry(INSTITUTION)

        (left,) = said_rightly(stored)
        assert (left.position, left.since) == (first.position + 2 * page, first.since)
        follow_amended(stored, "80")
        said_rightly(stored)
        assert stored.system.parking.retry(INSTITUTION) == []
        assert digest(stored) == digest_of_rows(replayed(stored))
        assert verify(stored.system, INSTITUTION).sound

    def test_one_that_releases_the_key_after_its_first_page_is_found_out(
        self, regency: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control: it takes the end of a page for that of the rows in use."""
        monkeypatch.setattr(parking, "PAGE", 2)
        prepare(regency)
        with faulty():
            sign_all(regency)
        page = Parking._page
        monkeypatch.setattr(Parking, "_page", lambda *given: (found := page(*given))._replace(end=found.until))
        regency.system.parking.retry(INSTITUTION)

        assert regency.system.parking.parked(INSTITUTION) == []
        assert digest(regency) != digest_of_rows(replayed(regency))

    @pytest.mark.parametrize("size", [1, 3, 2_000])
    def test_what_fails_again_is_parked_there_since_now(
        self, regency: Office, size: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """More waits for it than is listed, all of it behind the page in which it fails."""
        monkeypatch.setattr(parking, "PAGE", size)
        monkeypatch.setattr(keyed_fold, "LISTED", 3)
        prepare(regency)
        with faulty():
            sign_all(regency)
            for target in ("80", "70"):
                follow_amended(regency, target)
        now = regency.clock.now().replace(hour=9)
        regency.clock.set(now)
        with faulty(at="amended", said="perubahan tak terduga"):
            (failed,) = regency.system.parking.retry(INSTITUTION)

        assert said_rightly(regency, listed=False) == [failed]
        assert (failed.since, failed.reason, failed.waiting) == (now, "ValueError: perubahan tak terduga", 6)
        assert regency.system.parking.retry(INSTITUTION) == []
        assert digest(regency) == digest_of_rows(replayed(regency))

    def test_the_listed_ones_run_out_while_more_wait(self, regency: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(parking, "PAGE", 2)
        prepare(regency)
        with faulty():
            sign_all(regency)
            for target in range(50, 50 + keyed_fold.LISTED // 2):
                amend(regency, str(target))
            regency.settle()
        (first,) = said_rightly(regency)
        assert first.waiting > len(first.positions) == keyed_fold.LISTED
        listed = list[int]()

        def follow(turn: int) -> None:
            listed.append(len(said_rightly(regency, listed=False)[0].positions))
            if turn % 10 == 0:
                follow_amended(regency, str(200 + turn))

        with before_pages(follow):
            assert regency.system.parking.retry(INSTITUTION) == []
        assert (listed[0], listed[-1]) == (keyed_fold.LISTED, 0)
        assert digest(regency) == digest_of_rows(replayed(regency))

    @pytest.mark.parametrize("still", [pytest.param(False, id="mended"), pytest.param(True, id="not-mended")])
    def test_a_rebuild_between_two_pages_is_gone_on_from(
        self, stored: Office, monkeypatch: pytest.MonkeyPatch, *, still: bool
    ) -> None:
        """Where it stopped at the same event, the key of the new rows is folded on from there."""
        monkeypatch.setattr(parking, "PAGE", 2)
        prepare(stored)
        with faulty():
            sign_all(stored)

        def rebuild(turn: int) -> None:
            if turn == 2:
                with faulty(UNIT if still else "setda"):
                    stored.system.follower.rebuild(INSTITUTION)
                assert len(said_rightly(stored)) == still

        with before_pages(rebuild):
            assert stored.system.parking.retry(INSTITUTION) == []
        assert stored.system.parking.parked(INSTITUTION) == []
        assert digest(stored) == digest_of_rows(replayed(stored))
        assert verify(stored.system, INSTITUTION).sound

    def test_two_retries_take_turns(self, stored: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(parking, "PAGE", 1)
        prepare(stored)
        with faulty():
            sign_all(stored)

        def retry() -> None:
            assert stored.system.parking.retry(INSTITUTION) == []

        assert at_once(retry, retry) == [None, None]
        assert digest(stored) == digest_of_rows(replayed(stored))
        assert verify(stored.system, INSTITUTION).sound

    def test_another_one_may_end_first(self, regency: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(parking, "PAGE", 1)
        prepare(regency)
        with faulty():
            sign_all(regency)

        def overtake(turn: int) -> None:
            if turn == 2:
                assert regency.system.parking.retry(INSTITUTION) == []
                follow_amended(regency, "80")

        with before_pages(overtake):
            assert regency.system.parking.retry(INSTITUTION) == []
        assert digest(regency) == digest_of_rows(replayed(regency))

    def test_what_stops_meanwhile_is_named_and_left_to_the_next_one(
        self, regency: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(parking, "PAGE", 1)
        prepare(regency)
        regency.does("op2", "agreement.propose", **OTHER, commitments=[commitment()])
        with faulty():
            sign(regency)

        def stop(turn: int) -> None:
            if turn == 1:
                regency.does("kadis", "agreement.sign", **OTHER, paper=paper("kadis", "bupati"))
                regency.system.follower.catch_up(INSTITUTION)
                assert len(said_rightly(regency)) == 2

        names = [(MODEL, KEY), (MODEL, f"disdik/{YEAR}")]
        with before_pages(stop), faulty("disdik"):
            (failed,) = regency.system.parking.retry(INSTITUTION, names)

        assert said_rightly(regency) == [failed]
        assert (failed.model, failed.key) == names[1]
        assert regency.system.parking.retry(INSTITUTION) == []
        assert digest(regency) == digest_of_rows(replayed(regency))

    def test_a_key_goes_only_to_where_the_whole_stops_meanwhile(
        self, regency: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(parking, "PAGE", 1)
        prepare(regency)
        with faulty():
            sign_all(regency)

        def stop(turn: int) -> None:
            if turn in {1, 3}:
                with nameless():
                    follow_amended(regency, str(80 + turn))

        with before_pages(stop):
            (stopped,) = regency.system.parking.retry(INSTITUTION)
        assert said_rightly(regency) == [stopped]
        assert (stopped.key, stopped.waiting) == (WHOLE, 4)
        assert regency.system.parking.retry(INSTITUTION) == []
        assert digest(regency) == digest_of_rows(replayed(regency))


@contextmanager
def dying(after: str, page: int) -> Iterator[None]:
    """Let a retry end as if its process died, in one of its pages, after what it does by that name."""
    does: Callable[..., Any] = getattr(parking, after)
    turns = count()

    def die(*arguments: Any) -> Any:  # noqa: ANN401 - as the original
        done = does(*arguments)
        if next(turns) == page:
            raise InterruptedError(after)
        return done

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parking, after, die)
        yield


class TestWholeModel:
    @pytest.mark.parametrize("size", SIZES)
    def test_no_row_of_it_moves_on_and_a_retry_heals_it(
        self, regency: Office, size: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(following, "PAGE", size)
        monkeypatch.setattr(parking, "PAGE", size)
        prepare(regency)
        with nameless():
            sign_all(regency)
            with regency.system.reader.live(INSTITUTION) as live:
                other = live.row(agreement_register.READ_MODEL, f"disdik/{YEAR}")
        (parked,) = regency.system.parking.parked(INSTITUTION)

        assert (parked.model, parked.key) == (MODEL, WHOLE)
        assert other is not None
        assert other.steps[-1].status == "opened"
        assert regency.system.parking.retry(INSTITUTION) == []
        assert digest(regency) == digest_of_rows(replayed(regency))

    @pytest.mark.parametrize("size", [1, 4])
    def test_between_two_pages_it_stands_where_the_page_ended(
        self, stored: Office, size: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A key that fails on the way stays behind, and what the whole comes to then waits for it too."""
        monkeypatch.setattr(parking, "PAGE", size)
        prepare(stored)
        with nameless():
            sign_all(stored)
        stood = dict[str, list[int]]()

        def follow(turn: int) -> None:
            for each in said_rightly(stored):
                stood.setdefault(each.key, []).append(each.position)
            if turn < 3:
                follow_amended(stored, str(80 + turn))

        with before_pages(follow), faulty():
            (failed,) = stored.system.parking.retry(INSTITUTION)
        assert stood[WHOLE] == [stood[WHOLE][0] + size * turn for turn in range(len(stood[WHOLE]))]
        assert set(stood[KEY]) == {signing(stored)} == {failed.position}
        assert said_rightly(stored) == [failed]
        assert stored.system.parking.retry(INSTITUTION) == []
        assert digest(stored) == digest_of_rows(replayed(stored))
        assert verify(stored.system, INSTITUTION).sound

    def test_what_keys_raises_before_its_stop_ends_the_retry_and_the_pages_before_stay(
        self, regency: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(parking, "PAGE", 1)
        prepare(regency)
        with faulty():
            sign(regency)
        regency.does("op2", "agreement.propose", **OTHER, commitments=[commitment()])
        proposed = regency.head
        with faulty("disdik"):
            regency.does("kadis", "agreement.sign", **OTHER, paper=paper("kadis", "bupati"))
            regency.settle()
        with nameless(), pytest.raises(ReadModelParked):
            regency.system.parking.retry(INSTITUTION)
        first, other = said_rightly(regency)
        assert (first.key, first.position, other.position) == (KEY, signing(regency), proposed + 1)

        with nameless(f"agreement/disdik/{YEAR}"), pytest.raises(ReadModelParked):
            regency.system.parking.retry(INSTITUTION)
        (left, _) = said_rightly(regency)
        assert (left.key, left.position, left.waiting) == (KEY, proposed, 0)
        assert regency.system.parking.retry(INSTITUTION) == []
        assert digest(regency) == digest_of_rows(replayed(regency))

    def test_a_row_of_one_event_is_whole_with_the_page_that_has_it(
        self, regency: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(parking, "PAGE", 1)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(audit_trail, "plain", unwritable)
            prepare(regency)
        sign_all(regency)
        trail = [each for each in regency.system.parking.parked(INSTITUTION) if each.model == "audit_trail"]
        assert len(trail) > 10
        assert trail[-1].position + 10 < regency.head

        standing = list[int]()
        with before_pages(lambda _turn: standing.append(len(regency.system.parking.parked(INSTITUTION)))):
            assert regency.system.parking.retry(INSTITUTION) == []
        assert standing == sorted(range(1, len(trail) + 1), reverse=True)
        assert digest(regency) == digest_of_rows(replayed(regency))

    def test_rows_of_another_shape_are_not_retried(self, regency: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        prepare(regency)
        with faulty():
            sign(regency)
        before = said_rightly(regency)
        monkeypatch.setattr(read_tables, "FINGERPRINT", "of another program")
        with pytest.raises(RowsOutdated):
            regency.system.parking.retry(INSTITUTION)
        monkeypatch.undo()
        assert said_rightly(regency) == before

    @pytest.mark.parametrize("every", [2, 40])
    def test_keys_and_the_whole_heal_in_any_order(
        self, regency: Office, monkeypatch: pytest.MonkeyPatch, every: int
    ) -> None:
        """Milestones are laid on while the read model has stopped: a key is folded only up to where that happened."""
        monkeypatch.setattr(milestones, "EVERY", every)
        prepare(regency)
        with faulty("disdik"):
            regency.does("op2", "agreement.propose", **OTHER, commitments=[commitment()])
            regency.does("kadis", "agreement.sign", **OTHER, paper=paper("kadis", "bupati"))
            regency.settle()
            with nameless():
                sign(regency)
        places = [(each.model, each.key) for each in regency.system.parking.parked(INSTITUTION)]
        assert places == [(MODEL, f"disdik/{YEAR}"), (MODEL, WHOLE)]

        for place in places:
            assert regency.system.parking.retry(INSTITUTION, [place]) == []
        assert digest(regency) == digest_of_rows(replayed(regency))
        assert verify(regency.system, INSTITUTION).sound

        throw_away(regency.system.engine, INSTITUTION)
        with faulty("disdik"), nameless():
            regency.settle()
        for place in reversed([(each.model, each.key) for each in regency.system.parking.parked(INSTITUTION)]):
            assert regency.system.parking.retry(INSTITUTION, [place]) == []
        assert digest(regency) == digest_of_rows(replayed(regency))


class TestTold:
    def test_every_answer_of_the_read_model_says_so(self, regency: Office) -> None:
        prepare(regency)
        with faulty():
            sign_all(regency)
        mark = {"model": MODEL, "key": KEY, "position": signing(regency)}
        before = answer(regency, "agreements", OfAgreements())

        assert before["parked"] == [mark]
        assert answer(regency, "agreement", OfCycle(**AGREEMENT))["parked"] == [mark]
        assert answer(regency, "units", QUERIES["units"].asked())["parked"] == []

        tag = Answers(regency.system).answer(QUERIES["agreements"], INSTITUTION, "audit", OfAgreements()).tag
        regency.system.parking.retry(INSTITUTION)
        after = answer(regency, "agreements", OfAgreements())
        healed = Answers(regency.system).answer(QUERIES["agreements"], INSTITUTION, "audit", OfAgreements()).tag
        assert after["parked"] == []
        assert after["position"] == before["position"]
        assert tag != healed

    def test_what_is_missing_for_this_reason_is_not_called_unrecorded(self, regency: Office) -> None:
        prepare(regency)
        asked = OfCycle(unit=UNIT, fiscal_year=YEAR + 1)
        with pytest.raises(NothingRecorded):
            answer(regency, "agreement", asked)
        with faulty():
            sign(regency)

        with pytest.raises(ReadModelParked):
            answer(regency, "agreement", asked)

    def test_a_replay_is_refused_from_that_event_on(self, regency: Office) -> None:
        prepare(regency)
        with faulty():
            sign(regency)
            position = signing(regency)
            before = answer(regency, "agreements", OfAgreements(known_at=str(position - 1)))
            with pytest.raises(ReadModelParked) as refusal:
                answer(regency, "agreements", OfAgreements(known_at=str(position)))
            assert answer(regency, "units", QUERIES["units"].asked(known_at=str(position)))["data"]

        assert before["parked"] == []
        assert refusal.value.fields == {"model": MODEL, "key": KEY, "position": position}
        assert answer(regency, "agreements", OfAgreements(known_at=str(position)))["parked"] == []

    def test_verify_names_it(self, regency: Office) -> None:
        prepare(regency)
        assert verify(regency.system, INSTITUTION).sound
        with faulty():
            sign_all(regency)
            verdict = verify(regency.system, INSTITUTION)

        assert (verdict.sound, verdict.fault, verdict.differing) == (False, None, ())
        assert [(each.model, each.key) for each in verdict.parked] == [(MODEL, KEY)]
        assert verify(regency.system, INSTITUTION).differing == (MODEL,)
        regency.system.parking.retry(INSTITUTION)
        assert verify(regency.system, INSTITUTION).sound


class TestCommandLine:
    def test_it_lists_and_retries(self, file_url: str) -> None:
        with office(file_url) as opened:
            prepare(opened)
            with faulty():
                sign_all(opened)

        with faulty():
            (listed,) = run(file_url, "parked")["parked"]
            assert run(file_url, "parked", "retry", code=1)["parked"][0]["key"] == KEY
            assert f"{MODEL} {KEY}" in said(file_url, "verify", code=1)
        assert {**listed, "since": None} == {
            "model": MODEL,
            "key": KEY,
            "position": listed["positions"][0],
            "reason": "ValueError: tanda tangan tak terduga",
            "waiting": len(listed["positions"]),
            "positions": listed["positions"],
            "since": None,
        }
        with nameless():
            assert run(file_url, "parked", "retry", code=1)["code"] == "read_model_parked"
        assert "Tidak sedang berhenti" in said(file_url, "parked", "retry", "inbox", KEY, code=2)
        assert "KEY harus diisi" in said(file_url, "parked", "retry", MODEL, code=2)
        assert said(file_url, "parked", "retry", MODEL, KEY).endswith("Tidak ada yang berhenti.\n")
        assert run(file_url, "parked") == {"parked": []}
        assert "utuh" in said(file_url, "verify")


def answer(opened: Office, name: str, asked: Any) -> dict[str, Any]:  # noqa: ANN401 - the parameters of any query
    """Return the envelope of an answer to an auditor."""
    assert isinstance(asked, AskedList | OfCycle)
    told = Answers(opened.system).answer(QUERIES[name], INSTITUTION, "audit", asked)
    envelope: dict[str, Any] = msgspec.json.decode(told.content)
    return envelope


def said(url: str, *arguments: str, code: int = 0) -> str:
    """Run a verb on the institution and return what it printed."""
    place = {"SAKIP_DATABASE_URL": url, "SAKIP_SECRET": "of the tests", "SAKIP_INSTITUTION": INSTITUTION}
    outcome = CliRunner().invoke(sakip, arguments, env=place)
    assert outcome.exit_code == code, outcome.output
    return outcome.output


def run(url: str, verb: str, *arguments: str, code: int = 0) -> dict[str, Any]:
    """Run a verb with `--json` and return the object."""
    told: dict[str, Any] = msgspec.json.decode(said(url, verb, "--json", *arguments, code=code))
    return told
