"""Let messages be notices of events, events name credentials, and users freeze their sign-in."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNENDED = {
    "sqlite_where": sa.text("ended_at IS NULL"),
    "postgresql_where": sa.text("ended_at IS NULL"),
}


def upgrade() -> None:
    op.add_column("users", sa.Column("disabled_by", sa.String(8), nullable=True))
    op.add_column("events", sa.Column("credential_id", sa.Uuid(), nullable=True))
    op.drop_index("ix_messages_waiting", "messages")
    # SQLite makes the table anew for this; no other table names its rows.
    with op.batch_alter_table("messages") as messages:
        messages.alter_column("challenge_id", existing_type=NUMBER, nullable=True)
        messages.add_column(sa.Column("event_id", NUMBER, nullable=True))
        messages.add_column(sa.Column("identifier_id", NUMBER, nullable=True))
        for name, table in (("event_id", "events"), ("identifier_id", "identifiers")):
            messages.create_foreign_key(
                f"fk_messages_{name}", table, [name], ["id"], ondelete="CASCADE"
            )
    op.create_index("ix_messages_waiting", "messages", ["channel", "kind", "due_at"], **UNENDED)
    for name in ("event_id", "identifier_id"):
        where = sa.text(f"{name} IS NOT NULL")
        op.create_index(
            f"ix_messages_{name}", "messages", [name], sqlite_where=where, postgresql_where=where
        )


def downgrade() -> None:
    op.execute("DELETE FROM messages WHERE challenge_id IS NULL")
    for name in ("waiting", "event_id", "identifier_id"):
        op.drop_index(f"ix_messages_{name}", "messages")
    with op.batch_alter_table("messages") as messages:
        for name in ("event_id", "identifier_id"):
            messages.drop_constraint(f"fk_messages_{name}", type_="foreignkey")
            messages.drop_column(name)
        messages.alter_column("challenge_id", existing_type=NUMBER, nullable=False)
    op.create_index("ix_messages_waiting", "messages", ["channel", "due_at"], **UNENDED)
    op.drop_column("events", "credential_id")
    # Who was frozen stays disabled: nobody may come in by going back.
    op.drop_column("users", "disabled_by")
