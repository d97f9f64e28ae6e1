"""Find admins and disabled users without looking at everybody."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = depends_on = None

WHICH = {"admins": "role = 'admin'", "disabled": "disabled_at IS NOT NULL"}


def upgrade() -> None:
    for name, which in WHICH.items():
        op.create_index(
            f"ix_users_{name}",
            "users",
            ["id"],
            sqlite_where=sa.text(which),
            postgresql_where=sa.text(which),
        )


def downgrade() -> None:
    for name in WHICH:
        op.drop_index(f"ix_users_{name}", "users")
