"""Which process delivers for which institution; only where several processes can share a database."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.create_table(
        "delivery_process",
        sa.Column("id", sa.String(400), primary_key=True),
        sa.Column("alive_until", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "delivery_lease",
        sa.Column("institution", sa.String(512), primary_key=True),
        sa.Column("process", sa.String(400), nullable=False, index=True),
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON delivery_process, delivery_lease TO sakip_app")
