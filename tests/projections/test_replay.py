"""What holds of all read models: folds are pure, rows survive their encoding, a replay equals what was live then."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from domain.cycle import event_types
from domain.event import Event, RecordedEvent
from domain.sealed_text import SealedText
from domain.stream import cycle, cycle_of
from projections import agreement_register, audit_trail, cycle_status
from projections.catalogue import READ_MODELS
from projections.read_model import METADATA, ReadModel, Row
from projections.replay import ReplayedRows, digest_of_rows
from projections.row_codec import decode_row, encode_row, pack_row, sealed_to_text
from tests.projections.sample import day
from tests.projections.spec import logged
from tests.projections.year import EVERYTHING

LOG = logged(EVERYTHING)
EACH_MODEL = pytest.mark.parametrize("model", READ_MODELS, ids=lambda model: str(model.name))


def folded_stepwise(log: list[RecordedEvent[Event]], size: int) -> dict[tuple[str, str], Row]:
    """Fold page by page as a follower does: rows go through their encoding between two pages."""
    stored: dict[tuple[str, str], bytes] = {}
    for begin in range(0, len(log), size):
        for model in READ_MODELS:
            _fold_page(model, log[begin : begin + size], stored)
    types = {model.name: model.row for model in READ_MODELS}
    return {(name, key): decode_row(types[name], content) for (name, key), content in stored.items()}


def _fold_page(model: ReadModel[Any], page: list[RecordedEvent[Event]], stored: dict[tuple[str, str], bytes]) -> None:
    for event in page:
        for key in model.keys(event):
            content = stored.get((model.name, key))
            row = None if content is None else decode_row(model.row, content)
            changed = model.evolve(key, row, event)
            assert changed is not None
            stored[model.name, key] = pack_row(changed)


def test_every_type_of_event_happens_in_the_log_of_these_tests() -> None:
    assert {event.type for event in LOG} == set(event_types())


@EACH_MODEL
def test_every_read_model_has_rows_in_it(model: ReadModel[Any]) -> None:
    assert ReplayedRows(LOG, [model]).rows(model)


@EACH_MODEL
def test_folding_the_same_events_twice_gives_equal_rows(model: ReadModel[Any]) -> None:
    first, second = ReplayedRows(LOG, [model]), ReplayedRows(LOG, [model])
    assert first.rows(model) == second.rows(model)
    assert digest_of_rows(first, [model]) == digest_of_rows(second, [model])


@EACH_MODEL
def test_a_fold_leaves_the_row_and_the_event_that_it_is_given_as_they_are(model: ReadModel[Any]) -> None:
    rows: dict[str, Row | None] = {}
    for event in LOG:
        for key in model.keys(event):
            before = rows.get(key)
            content = None if before is None else encode_row(before)
            told = repr(event)
            rows[key] = model.evolve(key, before, event)
            assert content == (None if before is None else encode_row(before))
            assert told == repr(event)


@EACH_MODEL
def test_rows_survive_their_encoding(model: ReadModel[Any]) -> None:
    for row in ReplayedRows(LOG, [model]).rows(model):
        again = decode_row(model.row, pack_row(row))
        assert again == row
        assert encode_row(again) == encode_row(row)


@EACH_MODEL
def test_every_answer_can_be_written_out_on_every_day(model: ReadModel[Any]) -> None:
    rows = ReplayedRows(LOG, [model]).rows(model)
    days = ("2019-01-01", "2025-02-14", "2025-04-10", "2025-12-31", "2026-02-05", "2027-12-31")
    answers = [model.at(row, day(on)) for row in rows for on in days]
    assert any(answer is not None for answer in answers)
    for answer in answers:
        msgspec.json.encode(answer, enc_hook=sealed_to_text)


@pytest.mark.parametrize("size", [1, 7, 1_000])
def test_pages_of_any_size_give_the_rows_of_a_replay(size: int) -> None:
    replayed = ReplayedRows(LOG)
    live = folded_stepwise(LOG, size)
    assert live == {(model.name, row.key): row for model in READ_MODELS for row in replayed.rows(model)}


def test_a_prefix_of_the_log_gives_the_rows_as_they_stood_then() -> None:
    for position in range(1, len(LOG), 9):
        assert ReplayedRows(LOG[:position]).position == position
        live = folded_stepwise(LOG[:position], position)
        replayed = ReplayedRows(LOG[:position])
        assert live == {(model.name, row.key): row for model in READ_MODELS for row in replayed.rows(model)}


def test_the_digest_changes_with_any_event() -> None:
    whole = digest_of_rows(ReplayedRows(LOG))
    assert digest_of_rows(ReplayedRows(LOG[:-1])) != whole
    later = msgspec.structs.replace(LOG[-1], recorded_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert digest_of_rows(ReplayedRows([*LOG[:-1], later])) != whole
    assert len(whole) == 64


def test_rows_are_given_in_the_order_of_their_keys_and_page_by_page() -> None:
    replayed = ReplayedRows(LOG, [audit_trail.READ_MODEL])
    every = [row.position for row in replayed.rows(audit_trail.READ_MODEL)]
    assert every == [event.position for event in LOG]
    page = replayed.rows(audit_trail.READ_MODEL, after="000000000003", limit=2)
    assert [row.position for row in page] == [4, 5]
    assert replayed.rows(audit_trail.READ_MODEL, after="000000000999") == []
    units = {row.unit for row in replayed.rows(audit_trail.READ_MODEL, unit="setda")}
    assert units == {"setda"}


def test_a_read_model_that_was_not_folded_cannot_be_asked() -> None:
    with pytest.raises(KeyError):
        ReplayedRows(LOG, [audit_trail.READ_MODEL]).rows(agreement_register.READ_MODEL)


def test_names_of_read_models_are_their_tables_and_modules() -> None:
    assert len({model.name for model in READ_MODELS}) == len(READ_MODELS)
    for model in READ_MODELS:
        assert model.table is METADATA.tables[model.name]
        assert model.evolve.__module__.startswith("projections.")


def test_only_sealed_text_has_a_written_form_of_its_own() -> None:
    assert sealed_to_text(SealedText("a" * 64)) == "a" * 64
    with pytest.raises(TypeError):
        sealed_to_text(object())


@pytest.mark.parametrize("model", [model for model in READ_MODELS if model.of_cycle], ids=lambda model: str(model.name))
def test_a_row_of_a_cycle_follows_from_the_events_of_its_cycle_alone(model: ReadModel[Any]) -> None:
    whole = ReplayedRows(LOG, [model])
    assert whole.rows(model)
    for row in whole.rows(model):
        assert row.unit is not None
        assert row.fiscal_year is not None
        assert row.key == cycle(row.unit, row.fiscal_year)
        alone = ReplayedRows([event for event in LOG if event.correlation == row.key], [model])
        assert alone.rows(model) == [row]


def test_only_streams_of_the_cycle_change_a_row_of_a_cycle() -> None:
    for event in LOG:
        found = cycle_of(event.stream)
        own = set() if found is None else {cycle(*found)}
        for model in READ_MODELS:
            assert not model.of_cycle or set(model.keys(event)) <= own
    assert any(set(cycle_status.READ_MODEL.keys(event)) and cycle_of(event.stream) is None for event in LOG)
