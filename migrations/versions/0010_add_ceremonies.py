"""Add ceremonies, the challenges of WebAuthn."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "ceremonies",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("challenge", sa.LargeBinary(32), nullable=False),
        sa.Column("purpose", sa.String(8), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("allowed", sa.JSON(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_ceremonies_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_ceremonies"),
        sa.UniqueConstraint("challenge", name="uq_ceremonies_challenge"),
    )
    op.create_index("ix_ceremonies_user_id", "ceremonies", ["user_id"])
    op.create_index("ix_ceremonies_expires_at", "ceremonies", ["expires_at"])


def downgrade() -> None:
    op.drop_table("ceremonies")
