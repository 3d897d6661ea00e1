"""Rows of a year are indexed in the order of their keys, as they are asked for; tables that come later have it so."""

from alembic import op
from sqlalchemy import inspect

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ROWS = {
    "achievement",
    "agreement_register",
    "audit_trail",
    "cycle_status",
    "evaluation_result",
    "hold_register",
    "inbox",
    "milestone_row",
    "obligation_calendar",
    "organisation_chart",
    "recommendation_register",
    "report_register",
}


def upgrade() -> None:
    there = set(inspect(op.get_bind()).get_table_names())
    for table in sorted(_ROWS & there):
        place = "institution, model, generation" if table == "milestone_row" else "institution, generation"
        op.execute(f"DROP INDEX IF EXISTS {table}_by_year")
        op.execute(f'CREATE INDEX {table}_by_year ON {table} ({place}, fiscal_year, "key", unit)')
