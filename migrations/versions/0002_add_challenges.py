"""Add challenges."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "challenges",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("handle_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("identifier_id", NUMBER, nullable=True),
        sa.Column("subject", sa.String(320), nullable=False),
        sa.Column("destination", sa.String(320), nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("door", sa.String(8), nullable=False),
        sa.Column("method", sa.String(8), nullable=False),
        sa.Column("counter", NUMBER, nullable=False),
        sa.Column("digits", sa.SmallInteger(), nullable=False),
        sa.Column("reference", sa.String(3), nullable=False),
        sa.Column("keep", sa.Boolean(), nullable=False),
        sa.Column("next_path", sa.String(2000), nullable=False),
        sa.Column("ip", sa.String(45), nullable=False),
        sa.Column("browser", sa.String(60), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["identifier_id"],
            ["identifiers.id"],
            name="fk_challenges_identifier_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_challenges_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_challenges"),
        sa.UniqueConstraint("handle_hash", name="uq_challenges_handle_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_challenges_subject_id", "challenges", ["subject", "id"])
    op.create_index("ix_challenges_user_id", "challenges", ["user_id"])


def downgrade() -> None:
    op.drop_table("challenges")
