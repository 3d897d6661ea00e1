"""How SQLite comes to the rows of a year, or of a unit and year: past those of the year, and of no other."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.dialects import sqlite

from projections.catalogue import READ_MODELS
from projections.read_model import ReadModel
from services.databases import create_tables, open_database
from services.milestones import MilestoneRows
from services.read_tables import LiveRows

MODELS = pytest.mark.parametrize("model", READ_MODELS, ids=lambda model: model.name)
KINDS = pytest.mark.parametrize("rows", [LiveRows, MilestoneRows])
ASKED = pytest.mark.parametrize("asked", [("fiscal_year",), ("fiscal_year", "unit"), ("fiscal_year", "unit", "after")])


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = open_database("memory:")
    create_tables(engine)
    yield engine
    engine.dispose()


@MODELS
@KINDS
@ASKED
def test_rows_of_a_year_lie_together_in_the_order_of_their_keys(
    engine: Engine, model: ReadModel[Any], rows: type[LiveRows], asked: tuple[str, ...]
) -> None:
    way = the_way(engine, model, rows, asked)
    assert f"{rows.table(model).name}_by_year (" in way
    assert "fiscal_year=?" in way
    assert "TEMP B-TREE" not in way


@KINDS
def test_without_their_index_all_years_are_walked_through(engine: Engine, rows: type[LiveRows]) -> None:
    model = next(each for each in READ_MODELS if not each.of_event)
    (index,) = rows.table(model).indexes
    with engine.begin() as connection:
        connection.execute(text(f"DROP INDEX {index.name}"))
    assert "fiscal_year=?" not in the_way(engine, model, rows, ("fiscal_year",))


def the_way(engine: Engine, model: ReadModel[Any], rows: type[LiveRows], asked: tuple[str, ...]) -> str:
    """Return what SQLite says of the way that it will take."""
    statement = rows._by(model, *asked).compile(dialect=sqlite.dialect())
    with engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (None,) * len(statement.positiontup or ()))
        return "\n".join(row.detail for row in plan)
