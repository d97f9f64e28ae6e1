"""Let the trail of one person be read from its newest line on."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = depends_on = None


def upgrade() -> None:
    op.create_index("ix_events_user_id_id", "events", ["user_id", "id"])
    op.drop_index("ix_events_user_id", "events")


def downgrade() -> None:
    op.create_index("ix_events_user_id", "events", ["user_id"])
    op.drop_index("ix_events_user_id_id", "events")
