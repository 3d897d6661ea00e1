"""What is told of a past moment is what the live read models told then."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, update

from projections import agreement_register, audit_trail
from projections.catalogue import READ_MODELS
from projections.read_model import parked_key, projection_position
from services.bootstrap import System
from services.demo.cast import INSTITUTION
from tests.cycle.api import api
from tests.cycle.played import Played, asked_of_all, held_by


def test_rows_and_answers_at_fifty_past_positions_are_those_held_then(year: System, played: Played) -> None:
    assert len(played.held) >= 50
    for then in played.held:
        with year.reader.view(INSTITUTION, READ_MODELS, str(then.position), then.day.isoformat()) as view:
            assert held_by(year, view) == then


def test_the_answers_that_are_compared_are_many_and_move(played: Played) -> None:
    """Otherwise the comparison above would compare nothing with nothing."""
    names = {query.name for query in asked_of_all()}

    assert names >= {"agreements", "achievements", "reports", "scores", "recommendations", "duties", "holds", "late"}
    for name in names:
        assert len({then.answers[name] for then in played.held}) > 1, name


def test_the_day_at_whose_end_a_position_was_the_last_gives_the_same(year: System, played: Played) -> None:
    """A date means the end of that day there: what was recorded later on that day is part of it."""
    zone = timedelta(hours=7)
    entries = year.log.read(INSTITUTION, limit=100_000)
    days = [(entry.recorded_at + zone).date() for entry in entries]
    for then in played.held[::10]:
        last = max(position for position, day in enumerate(days, 1) if day <= then.day)
        assert year.reader.moment(INSTITUTION, then.day.isoformat())[0] == last


def test_the_api_echoes_the_moment_and_answers_it_the_same_again(year: System) -> None:
    with api(year) as client:
        first = client.asks("nadia", "agreement/dinkes/2024", known_at="2024-06-09")
        again = client.asks(
            "nadia", "agreement/dinkes/2024", known_at=str(first["position"]), valid_on=first["valid_on"]
        )

    assert first["valid_on"] == "2024-06-09"
    assert (again["data"], again["position"], again["version"]) == (first["data"], first["position"], first["version"])
    assert first["data"]["status"] == "signed"


def test_valid_on_selects_inside_what_is_known(year: System) -> None:
    """The target of July was agreed in June (from 1 July on)."""
    targets = {}
    for known_at, valid_on in (
        ("2024-06-09", "2024-07-01"),
        ("2024-06-10", "2024-06-30"),
        ("2024-06-10", "2024-07-01"),
    ):
        with year.reader.view(INSTITUTION, (agreement_register.READ_MODEL,), known_at, valid_on) as view:
            found = agreement_register.target_in_effect(
                view.rows, view.valid_on, unit="dinkes", fiscal_year=2024, commitment="aki"
            )
        assert found is not None
        targets[known_at, valid_on] = str(getattr(found.year, "value", None))

    assert list(targets.values()) == ["100", "100", "80"]


def test_a_read_model_names_no_rows_for_streams_that_it_is_said_not_to_fold(year: System) -> None:
    for model in READ_MODELS:
        events = list(year.reader.events(INSTITUTION))
        concerned = [event for event in events if model.concerns(event.stream)]
        assert any(model.keys(event) for event in concerned), model.name
        assert not any(model.keys(event) for event in events if not model.concerns(event.stream)), model.name


YEARS = (2019, 2022, 2023, 2024, 2025, None)
"""Also one of which there is nothing."""


def positions_of(year: System, fiscal_year: int | None, until: int | None) -> list[int]:
    return [each.position for each in year.reader.events(INSTITUTION, until=until, fiscal_year=fiscal_year)]


def by_looking_at_all(year: System, fiscal_year: int | None, until: int) -> list[int]:
    entries = year.log.read(INSTITUTION, limit=until)
    return [each.id for each in entries if fiscal_year in {None, each.fiscal_year}]


def test_the_events_of_a_year_are_those_of_the_whole_log(year: System) -> None:
    head = year.log.head(INSTITUTION)
    found = {}
    for until in (1, 5, head // 3, head // 2, head - 1, head):
        for fiscal_year in YEARS:
            found[fiscal_year, until] = positions_of(year, fiscal_year, until)
            assert found[fiscal_year, until] == by_looking_at_all(year, fiscal_year, until)
    assert found[2019, head] == []
    assert 0 < len(found[2024, head // 2]) < len(found[2024, head]) < head
    assert positions_of(year, 2024, None) == found[2024, head]


def test_only_the_stretch_of_the_log_with_the_year_in_it_is_read(year: System, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int | None]] = []
    read = year.log.read

    def noting(institution: str, after: int = 0, limit: int = 500, until: int | None = None) -> Any:  # noqa: ANN401
        asked.append((after, until))
        return read(institution, after=after, limit=limit, until=until)

    monkeypatch.setattr(year.log, "read", noting)
    own = positions_of(year, 2025, None)

    assert asked[0] == (own[0] - 1, own[-1])
    assert own[0] > 100


def change(system: System, statement: Any) -> None:  # noqa: ANN401 - any statement
    with system.engine.begin() as connection:
        connection.execute(statement)


def lose_the_first_of_the_year(system: System) -> None:
    rows = audit_trail.READ_MODEL.table
    first = positions_of(system, 2024, None)[0]
    change(system, delete(rows).where(rows.c.fiscal_year == 2024, rows.c.position <= first))


def test_where_the_audit_trail_is_behind_the_whole_log_is_looked_at(copy: System) -> None:
    lose_the_first_of_the_year(copy)
    change(copy, update(projection_position).values(position=projection_position.c.position - 1))

    assert positions_of(copy, 2024, None) == by_looking_at_all(copy, 2024, copy.log.head(INSTITUTION))


def test_where_the_audit_trail_stopped_the_whole_log_is_looked_at(copy: System) -> None:
    lose_the_first_of_the_year(copy)
    place = {"institution": INSTITUTION, "model": audit_trail.READ_MODEL.name, "generation": 0}
    why = {"reason": "ValueError", "waiting": 1, "positions": "[9]", "since": copy.clock.now()}
    change(copy, insert(parked_key).values(**place, **why, key="000000000009", position=9))

    assert positions_of(copy, 2024, None) == by_looking_at_all(copy, 2024, copy.log.head(INSTITUTION))


def test_without_looking_at_all_what_the_audit_trail_lost_is_missed(copy: System) -> None:
    """The control of both."""
    lose_the_first_of_the_year(copy)

    assert positions_of(copy, 2024, None) != by_looking_at_all(copy, 2024, copy.log.head(INSTITUTION))
