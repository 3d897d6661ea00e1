"""An event that a read model fails at stops one key and nothing else; everybody is told, and a retry heals it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from domain.errors import NothingRecorded, ReadModelParked
from domain.stream import category_of
from projections import agreement_register, keyed_fold
from projections.keyed_fold import WHOLE, KeyedFold
from projections.replay import ReplayedRows, digest_of_rows
from services import follower as following
from services import milestones, parking
from services.cli import sakip
from services.queries.answers import Answers
from services.queries.asked import AskedList, OfAgreements, OfCycle
from services.queries.table import QUERIES
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
def faulty(unit: str = UNIT, said: str = "tanda tangan tak terduga") -> Iterator[None]:
    """Let `evolve` fail at the signing of one unit's agreement."""
    reached: Callable[..., Any] = agreement_register._reached

    def fail(row: Any, event: Any, status: Any) -> Any:  # noqa: ANN401 - as the original
        if (row.unit, status) == (unit, "signed"):
            raise ValueError(said)
        return reached(row, event, status)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(agreement_register, "_reached", fail)
        yield


@contextmanager
def nameless() -> Iterator[None]:
    """Let `keys` fail at what happens to one unit's agreement."""

    def fail(stream: str) -> str:
        if stream == f"agreement/{KEY}":
            raise LookupError(stream)
        return category_of(stream)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(agreement_register, "category_of", fail)
        yield


def sign_all(opened: Office) -> None:
    """Sign the agreements of two units, then amend the first: one event more for a key that stopped."""
    for each, operator, head in ((AGREEMENT, "op", "kadin"), (OTHER, "op2", "kadis")):
        opened.does(operator, "agreement.propose", **each, commitments=[commitment()])
        opened.does(head, "agreement.sign", **each, paper=paper(head, "bupati"))
        opened.settle()
    changes = [{"commitment": "aki", "target": {"year": number("90")}, "effective_on": "2024-01-02"}]
    amended = {"trigger": "strategy_changed", "reason": "RPJMD diubah", "paper": paper(file="e"), "changes": changes}
    opened.does("kadin", "agreement.amend", **AGREEMENT, **amended)
    opened.settle()


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
        assert "Tidak sedang berhenti" in said(file_url, "parked", "retry", "inbox", KEY, code=2)
        assert "KEY harus diisi" in said(file_url, "parked", "retry", MODEL, code=2)
        assert said(file_url, "parked", "retry", MODEL, KEY) == "Tidak ada yang berhenti.\n"
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
