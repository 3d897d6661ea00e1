"""Rows of a year are indexed in the order of their keys, as they are asked for; tables that come later have it so."""

from alembic import op
from sqlalchemy import inspect

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ROWS = {
    "achievement": "institution, generation",
    "agreement_register": "institution, generation",
    "audit_trail": "institution, generation",
    "cycle_status": "institution, generation",
    "evaluation_result": "institution, generation",
    "hold_register": "institution, generation",
    "inbox": "institution, generation",
    "milestone_row": "institution, model, generation",
    "obligation_calendar": "institution, generation",
    "organisation_chart": "institution, generation",
    "recommendation_register": "institution, generation",
    "report_register": "institution, generation",
}


def upgrade() -> None:
    there = set(inspect(op.get_bind()).get_table_names())
    for table in _ROWS.keys() & there:
        op.execute(f"DROP INDEX IF EXISTS {table}_by_year")
        op.execute(f'CREATE INDEX {table}_by_year ON {table} ({_ROWS[table]}, fiscal_year, "key", unit)')
