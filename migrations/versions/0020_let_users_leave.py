"""Let users say that they leave."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = depends_on = None

COLUMN = "leaves_at"


def upgrade() -> None:
    op.add_column("users", sa.Column(COLUMN, sa.DateTime(timezone=True), nullable=True))
    some = sa.text(f"{COLUMN} IS NOT NULL")
    op.create_index(
        f"ix_users_{COLUMN}", "users", [COLUMN], sqlite_where=some, postgresql_where=some
    )


def downgrade() -> None:
    op.drop_index(f"ix_users_{COLUMN}", "users")
    op.drop_column("users", COLUMN)
