"""What is told of a past moment is what the live read models told then."""

from datetime import timedelta

from projections import agreement_register
from projections.catalogue import READ_MODELS
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
