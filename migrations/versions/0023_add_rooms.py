"""Add rooms and seats, for classes."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "rooms",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("join_code", sa.String(8), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("ahead_seconds", NUMBER, nullable=False),
        sa.Column("frozen_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_rooms"),
        sa.UniqueConstraint("join_code", name="uq_rooms_join_code"),
    )
    op.create_table(
        "seats",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("room_id", NUMBER, nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("taken_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["room_id"], ["rooms.id"], name="fk_seats_room_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_seats_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_seats"),
        sa.UniqueConstraint("room_id", "number", name="uq_seats_room_id"),
        sa.UniqueConstraint("token_hash", name="uq_seats_token_hash"),
        sa.UniqueConstraint("user_id", name="uq_seats_user_id"),
    )


def downgrade() -> None:
    op.drop_table("seats")
    op.drop_table("rooms")
