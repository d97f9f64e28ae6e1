"""Let users change their identifiers: one is the first, one that was removed can come back."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = depends_on = None

TABLE = "identifiers"


def upgrade() -> None:
    op.add_column(
        TABLE, sa.Column("is_first", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column(TABLE, sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    # What was removed would open a sign-in again.
    op.execute(f"DELETE FROM {TABLE} WHERE removed_at IS NOT NULL")
    op.drop_column(TABLE, "removed_at")
    op.drop_column(TABLE, "is_first")
