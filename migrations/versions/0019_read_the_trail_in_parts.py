"""Read the trail of one user, kind, address or subject without looking at all of it."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = depends_on = None

NAMES = ("user_id", "kind", "ip", "subject")


def upgrade() -> None:
    for name in NAMES:
        op.create_index(f"ix_events_{name}_at", "events", [name, "at"])
    op.drop_index("ix_events_user_id", "events")


def downgrade() -> None:
    op.create_index("ix_events_user_id", "events", ["user_id"])
    for name in NAMES:
        op.drop_index(f"ix_events_{name}_at", "events")
