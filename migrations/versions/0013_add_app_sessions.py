"""Add what browsers hold at the hosts of apps, and the tickets that take them there."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create(
        "app_sessions",
        sa.Column("app_id", NUMBER, nullable=True),
        sa.Column("proofs", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
    )
    _create(
        "tickets",
        sa.Column("app_id", NUMBER, nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
    )


def downgrade() -> None:
    for table in ("tickets", "app_sessions"):
        op.drop_table(table)


def _create(table: str, *columns: sa.Column) -> None:
    op.create_table(
        table,
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("session_id", NUMBER, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["session_id"], ["user_sessions.id"], name=f"fk_{table}_session_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["app_id"], ["apps.id"], name=f"fk_{table}_app_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("token_hash", name=f"uq_{table}_token_hash"),
    )
    op.create_index(f"ix_{table}_session_id", table, ["session_id"])
