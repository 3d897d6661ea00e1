"""Rows of read models are bytes, long ones deflated: the old tables go, and are made and filled again from the log."""

from alembic import op

revision = "0006"
down_revision = "0005"
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
