"""How SQLite comes to the rows of a year, or of a unit and year: past those of the year, and of no other."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.dialects import sqlite

from projections.catalogue import READ_MODELS
from projections.read_model import ReadModel, milestone_row
from services.databases import create_tables, open_database
from services.event_log.migrate import migrate
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


def test_a_database_that_was_there_before_gets_that_order_too(file_url: str) -> None:
    migrate(file_url)
    engine = open_database(file_url)
    create_tables(engine)
    tables = [milestone_row, *(model.table for model in READ_MODELS)]
    with engine.begin() as connection:
        for table in tables:
            connection.execute(text(f"DROP INDEX {table.name}_by_year"))
            connection.execute(text(f"CREATE INDEX {table.name}_by_year ON {table.name} (fiscal_year, unit)"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0006'"))
    migrate(file_url)
    for table in tables:
        ((made,), (meant,)) = inspect(engine).get_indexes(table.name), table.indexes
        assert made["column_names"] == [column.name for column in meant.columns]
    engine.dispose()


def the_way(engine: Engine, model: ReadModel[Any], rows: type[LiveRows], asked: tuple[str, ...]) -> str:
    """Return what SQLite says of the way that it will take."""
    statement = rows._by(model, *asked).compile(dialect=sqlite.dialect())
    with engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (None,) * len(statement.positiontup or ()))
        return "\n".join(row.detail for row in plan)
