"""Let identifiers be muted."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = depends_on = None


def upgrade() -> None:
    op.add_column("identifiers", sa.Column("muted_until", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("identifiers", "muted_until")
