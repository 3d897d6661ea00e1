"""Rows come to lie where they should on every database, one by one or as a stream."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from projections import audit_trail
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
