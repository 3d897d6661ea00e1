"""Throws the read models of an institution away, as nobody but a test does: all of it can be folded again."""

from sqlalchemy import Engine, delete

from projections.catalogue import READ_MODELS
from projections.read_model import FOLDED_TABLES


def throw_away(engine: Engine, institution: str) -> None:
    """Delete rows, positions, generations, milestones and what is parked."""
    with engine.begin() as connection:
        for table in (*FOLDED_TABLES, *(model.table for model in READ_MODELS)):
            connection.execute(delete(table).where(table.c.institution == institution))
