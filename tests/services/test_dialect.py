"""Rows come to lie where they should on every database, one by one or as a stream."""

from collections.abc import Sequence
from typing import Any
from unittest.mock import Mock

import psycopg
import pytest
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from projections import audit_trail
from services import dialect
from services.bootstrap import System
from services.dialect import STREAMED_FROM, store_new
from tests.services.office import INSTITUTION, Office

TABLE = audit_trail.READ_MODEL.table
CONTENT = b'{"\\t\\n": "\\\\ \xc3\xa9"}\x00\xff'
"""What a stream of text would spoil if it weren't escaped."""


def rows_like(numbers: range, content: bytes) -> list[dict[str, Any]]:
    """Return rows of another institution, the odd ones of no unit and year."""
    return [
        {
            "institution": "lain",
            "generation": 1,
            "key": f"{number:06}",
            "unit": None if number % 2 else "dinas\\kesehatan",
            "fiscal_year": None if number % 2 else 2024,
            "position": number,
            "content": content,
        }
        for number in numbers
    ]


def stored_in(system: System, batches: Sequence[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Store batches in one transaction each, and return what lies there."""
    for batch in batches:
        with system.engine.begin() as connection:
            store_new(connection, TABLE, batch)
    with system.engine.connect() as connection:
        found = connection.execute(select(TABLE).where(TABLE.c.institution == "lain").order_by(TABLE.c.key))
        return [dict(row) for row in found.mappings()]


@pytest.mark.parametrize("number", [1, STREAMED_FROM - 1, STREAMED_FROM, 3 * STREAMED_FROM])
def test_new_rows_lie_as_they_were_given(stored: Office, number: int) -> None:
    rows = rows_like(range(number), CONTENT)

    assert stored_in(stored.system, [rows]) == rows


@pytest.mark.parametrize(("number", "streams"), [(STREAMED_FROM - 1, 0), (STREAMED_FROM, 1)])
def test_many_rows_are_one_stream_on_postgresql(
    stored: Office, number: int, streams: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    streamed = Mock(wraps=dialect._stream)
    monkeypatch.setattr(dialect, "_stream", streamed)
    stored_in(stored.system, [rows_like(range(number), CONTENT)])

    assert streamed.call_count == (streams if stored.system.engine.dialect.name == "postgresql" else 0)


def test_columns_may_be_named_in_any_order(stored: Office) -> None:
    rows = rows_like(range(2 * STREAMED_FROM), CONTENT)
    shuffled = [dict(reversed(row.items())) if number % 3 else row for number, row in enumerate(rows)]

    assert stored_in(stored.system, [shuffled]) == rows


@pytest.mark.parametrize("number", [1, 2 * STREAMED_FROM])
def test_where_one_is_refused_none_is_stored(stored: Office, number: int) -> None:
    rows = rows_like(range(number), CONTENT)
    with pytest.raises((SQLAlchemyError, psycopg.Error)):
        stored_in(stored.system, [[*rows[:-1], {**rows[-1], "position": None}]])

    assert stored_in(stored.system, []) == []


@pytest.mark.parametrize("number", [1, 2 * STREAMED_FROM])
def test_where_some_were_there_they_are_replaced(stored: Office, number: int) -> None:
    last = number + STREAMED_FROM - 1
    old, new = rows_like(range(number), b"old"), rows_like(range(number - 1, last), b"new")

    assert stored_in(stored.system, [old, new]) == old[:-1] + new


def test_others_are_left_alone(stored: Office) -> None:
    stored.settle()
    with stored.system.reader.live(INSTITUTION) as live:
        before = live.rows(audit_trail.READ_MODEL)
    stored_in(stored.system, [rows_like(range(2 * STREAMED_FROM), CONTENT)])

    assert before
    with stored.system.reader.live(INSTITUTION) as live:
        assert live.rows(audit_trail.READ_MODEL) == before
