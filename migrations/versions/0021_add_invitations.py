"""Add invitations, and let messages be the mails of them."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
TABLE = "invitations"
OPEN = sa.text("accepted_at IS NULL AND withdrawn_at IS NULL")
OF_ONE = sa.text("invitation_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("key", sa.String(320), nullable=False),
        sa.Column("address", sa.String(320), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("role", sa.String(8), nullable=False),
        sa.Column("nonce", sa.LargeBinary(8), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=True),
        sa.Column("days", sa.SmallInteger(), nullable=False),
        sa.Column("times", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("accepted_at", INSTANT, nullable=True),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=f"fk_{TABLE}_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
    )
    for name in ("ends_at", "user_id"):
        op.create_index(f"ix_{TABLE}_{name}", TABLE, [name])
    op.create_index(
        f"uq_{TABLE}_open", TABLE, ["key"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
    )
    # SQLite makes the table anew for this; no other table names its rows.
    with op.batch_alter_table("messages") as messages:
        messages.add_column(sa.Column("invitation_id", NUMBER, nullable=True))
        messages.create_foreign_key(
            "fk_messages_invitation_id", TABLE, ["invitation_id"], ["id"], ondelete="CASCADE"
        )
    op.create_index(
        "ix_messages_invitation_id",
        "messages",
        ["invitation_id"],
        sqlite_where=OF_ONE,
        postgresql_where=OF_ONE,
    )


def downgrade() -> None:
    op.execute("DELETE FROM messages WHERE invitation_id IS NOT NULL")
    op.drop_index("ix_messages_invitation_id", "messages")
    with op.batch_alter_table("messages") as messages:
        messages.drop_constraint("fk_messages_invitation_id", type_="foreignkey")
        messages.drop_column("invitation_id")
    op.drop_table(TABLE)
