"""The played year as a log: simulated, unbroken, without dead letters, and its read models are nothing but its fold."""

import pytest

from projections.catalogue import READ_MODELS
from projections.replay import ReplayedRows, digest_of_rows
from services.bootstrap import System
from services.demo.cast import INSTITUTION
from services.queries.dead_letters import dead_letters
from services.verification import verify
from tests.services.thrown_away import throw_away


def live_digest(system: System) -> str:
    """Return the digest of the live rows."""
    with system.reader.live(INSTITUTION) as live:
        return digest_of_rows(live)


def test_every_output_of_a_workflow_was_accepted(year: System) -> None:
    assert list(dead_letters(year.engine, INSTITUTION, year.log.head(INSTITUTION))) == []


def test_every_event_says_that_it_is_simulated(year: System) -> None:
    entries = year.log.read(INSTITUTION, limit=100_000)

    assert len(entries) == year.log.head(INSTITUTION) > 600
    assert {entry.origin for entry in entries} == {"simulated"}


def test_workflows_and_read_models_have_nothing_left_to_do(year: System) -> None:
    head = year.log.head(INSTITUTION)

    assert (year.runner.position(INSTITUTION), year.follower.position(INSTITUTION)) == (head, head)


def test_it_verifies(year: System) -> None:
    verdict = verify(year, INSTITUTION)

    assert verdict.sound
    assert verdict.events == year.log.head(INSTITUTION)
    assert verdict.rows_digest == live_digest(year)


def test_every_kind_of_read_model_holds_something(year: System) -> None:
    with year.reader.live(INSTITUTION) as live:
        assert [model.name for model in READ_MODELS if not live.rows(model, limit=1)] == []


def test_deleting_every_read_model_and_rebuilding_gives_the_same_rows(copy: System) -> None:
    before = live_digest(copy)

    throw_away(copy.engine, INSTITUTION)
    assert live_digest(copy) == digest_of_rows(ReplayedRows([]))
    copy.follower.rebuild(INSTITUTION)

    assert live_digest(copy) == before
    assert verify(copy, INSTITUTION).sound


@pytest.mark.parametrize("model", READ_MODELS, ids=lambda model: model.name)
def test_each_read_model_folds_alone_as_it_does_among_the_others(year: System, model: object) -> None:
    (alone,) = (each for each in READ_MODELS if each is model)
    folded = ReplayedRows(year.reader.events(INSTITUTION), [alone])
    with year.reader.live(INSTITUTION) as live:
        assert digest_of_rows(folded, [alone]) == digest_of_rows(live, [alone])
