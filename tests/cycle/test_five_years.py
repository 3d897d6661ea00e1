"""What was answered at any moment of five generated years is answered again: later, after a rebuild, after an upcast.

The years are played through the command handler with all that goes wrong in them: late amendments, corrections,
withdrawals, holds, mergers and splits. Each moment was drawn before; what every query answered then was kept.
"""

import fcntl
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from domain.cycle import event_types
from domain.event import RecordedEvent
from projections import obligation_calendar
from projections.catalogue import READ_MODELS
from projections.replay import ReplayedRows
from projections.timeline import Trace, trace_of
from services.bootstrap import System, bootstrap
from services.event_log.codec import UnknownEventType
from services.queries.table import QUERIES
from services.unsealing import encode_unsealed
from services.verification import verify
from tests.cycle.five_years import next_release
from tests.cycle.five_years.moments import OUTSIDE_THE_LOG, Difference, Held, Question, differences, found, rows_of
from tests.cycle.five_years.play import FIRST_YEAR, Account, Plan, opened, play
from tests.databases import copy_database
from tests.services.office import INSTITUTION
from tests.services.silence import silence

SHORT = Plan(seed=14, years=1, instants=25, deeds_a_day=6, more_months=4, quiet=0.86, asked=0.4)
CONTROL = Plan(seed=2, years=1, instants=6, deeds_a_day=3, more_months=-10, quiet=0.8)
SEEDS = (1, 2, 3)
IN_THE_FORM_OF_THE_EVENTS: dict[str, dict[str, int]] = {
    "audit_trail": {},
    "history": {},
    "year_file": {"fiscal_year": FIRST_YEAR},
}
"""What shows events themselves shows them in the form of the program that is asked."""


Fold = Callable[[RecordedEvent[Any], System], Trace]


class Played(NamedTuple):
    """A database in which years were played, and what came of it."""

    url: str
    plan: Plan
    account: Account

    @property
    def afterwards(self) -> datetime:
        """An instant after the last."""
        return datetime.combine(self.plan.ends, datetime.max.time(), UTC)


def played_on(url: str, plan: Plan) -> Played:
    with silence():
        return Played(url, plan, play(url, plan))


@pytest.fixture(scope="session")
def short(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Played:
    """Return a short play, which nobody may change; under xdist the first worker plays it for all."""
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "five_years"
    folder.mkdir(exist_ok=True)
    url, notes = f"sqlite:///{folder}/years.db", folder / "account.json"
    with (folder / "turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not notes.exists():
            notes.write_bytes(msgspec.json.encode(played_on(url, SHORT).account))
    return Played(url, SHORT, msgspec.json.decode(notes.read_bytes(), type=Account))


@pytest.fixture
def copied(short: Played, tmp_path: Path) -> Played:
    """Return a copy of the short play that the test may change."""
    copy_database(Path(short.url.removeprefix("sqlite:///")), tmp_path / "years.db")
    return short._replace(url=f"sqlite:///{tmp_path}/years.db")


def told_otherwise(system: System, held: Sequence[Held], axis: str, leaving_out: frozenset[str]) -> list[Difference]:
    """Ask again about every moment, by its position or by its instant."""
    return [
        difference for each in held for difference in differences(system, each, str(getattr(each, axis)), leaving_out)
    ]


def last_of_their_instant(system: System, held: Sequence[Held]) -> list[Held]:
    """Return the moments after which nothing more was recorded at the same instant."""
    return [each for each in held if system.log.position_at(INSTITUTION, each.instant) == each.position]


def asked_again_everywhere(played: Played, *, every: int = 1) -> None:
    """Ask about each moment by position and instant; after a rebuild and after an upcast about each `every`th again."""
    held = played.account.held
    with opened(played.url, played.afterwards) as (system, _):
        exact = last_of_their_instant(system, held)
        assert played.plan.instants <= len(exact) < len(held)
        assert told_otherwise(system, held, "position", frozenset()) == []
        assert told_otherwise(system, exact, "instant", frozenset()) == []
        standing_clock_shows_all_of_its_instant(system, [each for each in held if each not in exact])
        rebuilt_rows_are_those_folded_live(system)
        assert told_otherwise(system, held[::every], "position", frozenset()) == []
        before = [shown(system, name) for name in IN_THE_FORM_OF_THE_EVENTS]
    with pytest.MonkeyPatch.context() as patch:
        next_release.installed(patch)
        with opened(played.url, played.afterwards) as (system, _):
            assert told_otherwise(system, exact[::every], "instant", frozenset(IN_THE_FORM_OF_THE_EVENTS)) == []
            after = [shown(system, name) for name in IN_THE_FORM_OF_THE_EVENTS]
            assert after != before
            assert after == next_release.upcast(before)
            system.follower.rebuild(INSTITUTION)
            assert live_equals_replay(system)


def standing_clock_shows_all_of_its_instant(system: System, held: Sequence[Held]) -> None:
    """An instant means all that was recorded at it: what was asked between two such events has only its position."""
    for each in held:
        with system.reader.view(INSTITUTION, (), str(each.instant)) as view:
            assert view.position > each.position
            later = system.log.read(INSTITUTION, after=each.position, until=view.position)
        assert {entry.recorded_at for entry in later} == {each.instant}


def rebuilt_rows_are_those_folded_live(system: System) -> None:
    with system.reader.live(INSTITUTION) as live:
        before = rows_of(live)
    system.follower.rebuild(INSTITUTION)
    assert system.follower.position(INSTITUTION) == system.log.head(INSTITUTION)
    with system.reader.live(INSTITUTION) as live:
        assert rows_of(live) == before
    assert live_equals_replay(system)


def live_equals_replay(system: System) -> bool:
    """Compare the rows in use, those folded from the last milestone on, those of the whole log, and all milestones."""
    with (
        system.reader.live(INSTITUTION) as live,
        system.reader.view(INSTITUTION, READ_MODELS, str(system.log.head(INSTITUTION))) as replayed,
    ):
        folded = rows_of(ReplayedRows(system.reader.events(INSTITUTION)))
        return rows_of(live) == rows_of(replayed.rows) == folded and verify(system, INSTITUTION).sound


def shown(system: System, query: str) -> Any:  # noqa: ANN401 - plain JSON values
    """Return what shows events as it is told at the end, in plain values."""
    with system.reader.view(INSTITUTION, READ_MODELS, str(system.log.head(INSTITUTION))) as view:
        answer = found(system, view, Question(query, IN_THE_FORM_OF_THE_EVENTS[query], view.valid_on))
    return json.loads(encode_unsealed(answer, lambda _digests: {}))


def test_a_year_is_told_again_as_it_was_told(copied: Played) -> None:
    asked_again_everywhere(copied, every=4)


def test_the_year_is_worth_asking_about(short: Played) -> None:
    """Otherwise the comparison would compare nothing with nothing."""
    account = short.account
    assert sum(account.events.values()) > 400
    assert sum(account.refused.values()) > 15
    assert account.repeated > 2
    assert account.events.keys() >= {
        "agreement.amended.v1",
        "agreement.target_corrected.v1",
        "evaluation.lhe_issued.v1",
        "measurement.realisation_corrected.v1",
        "obligation.overdue.v1",
        "hold.imposed.v1",
    }
    assert account.events["unit.dissolved.v1"] >= 4
    asked = {question.query for each in account.held for question, _ in each.answers}
    assert asked == QUERIES.keys() - OUTSIDE_THE_LOG
    for model in READ_MODELS:
        assert len({each.rows[model.name] for each in account.held}) > 2, model.name
    answers = [pair for each in account.held for pair in each.answers]
    for query in asked:
        assert len({answer for question, answer in answers if question.query == query}) > 1, query


def test_a_fact_recorded_late_is_not_told_of_the_day_that_it_is_about(short: Played) -> None:
    """Many events take effect days before they are recorded: what was asked in between did not know of them."""
    with opened(short.url, short.afterwards) as (system, _):
        events = system.reader.events(INSTITUTION)
        late = [event for event in events if (event.recorded_at.date() - event.effective_on).days > 5]
    days = [each.instant.date() for each in short.account.held]
    between = [event for event in late if any(event.effective_on < day < event.recorded_at.date() for day in days)]
    assert len(between) > 20


def read_the_wall_clock(event: RecordedEvent[Any], _system: System) -> Trace:
    return msgspec.structs.replace(trace_of(event), recorded_at=datetime.now(UTC))


def read_the_clock_of_the_system(event: RecordedEvent[Any], system: System) -> Trace:
    return msgspec.structs.replace(trace_of(event), recorded_at=system.clock.now())


def look_at_a_later_event(event: RecordedEvent[Any], system: System) -> Trace:
    known = system.log.read_stream(INSTITUTION, event.stream)
    return msgspec.structs.replace(trace_of(event), version=known[-1].originator_version)


def plant(patch: pytest.MonkeyPatch, fold: Fold) -> None:
    """Let the fold of duties go wrong in every system that is opened from now on."""
    systems: list[System] = []

    def remember(*arguments: Any, **more: Any) -> System:  # noqa: ANN401 - as they come
        systems.append(bootstrap(*arguments, **more))
        return systems[-1]

    patch.setattr("tests.cycle.five_years.play.bootstrap", remember)
    patch.setattr(obligation_calendar, "trace_of", lambda event: fold(event, systems[-1]))


@pytest.fixture
def patched(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    with silence():
        yield monkeypatch


@pytest.mark.parametrize("fault", [read_the_wall_clock, read_the_clock_of_the_system, look_at_a_later_event])
def test_a_fold_that_looks_elsewhere_than_at_its_event_is_caught(
    fault: Fold, patched: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    plant(patched, fault)
    played = played_on(f"sqlite:///{tmp_path}/years.db", CONTROL)
    with opened(played.url, played.afterwards) as (system, _):
        wrong = told_otherwise(system, played.account.held, "position", frozenset())
    assert "rows of obligation_calendar" in {each.what for each in wrong}
    assert any("duties" in each.what for each in wrong)


def test_an_upcast_that_loses_something_is_caught(short: Played, patched: pytest.MonkeyPatch) -> None:
    next_release.installed(patched, {**next_release.UPCASTS, "agreement.target_set.v1": next_release.losing})
    with opened(short.url, short.afterwards) as (system, _):
        wrong = told_otherwise(system, short.account.held[-3:], "position", frozenset(IN_THE_FORM_OF_THE_EVENTS))
    assert "rows of agreement_register" in {each.what for each in wrong}


def test_without_its_upcast_an_old_event_is_not_read(short: Played, patched: pytest.MonkeyPatch) -> None:
    next_release.installed(patched, {})
    with opened(short.url, short.afterwards) as (system, _), pytest.raises(UnknownEventType):
        told_otherwise(system, short.account.held[-1:], "position", frozenset())


@pytest.mark.ordeal
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_five_years_are_told_again_as_they_were_told(
    database: str, seed: int, tmp_path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path}/years.db" if database == "sqlite" else request.getfixturevalue("fresh_postgres_url")
    began = datetime.now(UTC)
    played = played_on(url, Plan(seed=seed, years=5, instants=200))
    told = datetime.now(UTC)
    account = played.account
    asked_again_everywhere(played)
    never = sorted(event_types().keys() - account.events.keys())
    with capsys.disabled():
        print(  # noqa: T201 - the figures of a long run are what it is run for
            f"\n{database} seed {seed}: {sum(account.events.values())} events, "
            f"{sum(account.accepted.values())} commands accepted, "
            f"{sum(account.refused.values())} refused, {len(account.held)} moments, "
            f"{sum(len(each.answers) + len(each.rows) for each in account.held)} answers, "
            f"played in {told - began}, asked again in {datetime.now(UTC) - told}\n"
            f"by type: {account.events}\nnever: {never}\n"
            f"by command: {account.accepted}\nby refusal: {account.refused}"
        )
    assert sum(account.events.values()) > 3_000
    assert len(never) <= 4
