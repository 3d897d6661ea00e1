"""Rows of a year are indexed in the order of keys: the old tables go, and are made and filled again from the log."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_DERIVED = (
    "achievement",
    "agreement_register",
    "audit_trail",
    "cycle_status",
    "evaluation_result",
    "hold_register",
    "inbox",
    "milestone",
    "milestone_row",
    "obligation_calendar",
    "organisation_chart",
    "parked_key",
    "projection_generation",
    "projection_position",
    "recommendation_register",
    "report_register",
)


def upgrade() -> None:
    for table in _DERIVED:
        op.execute(f"DROP TABLE IF EXISTS {table}")
