"""Add the tallies that limits count in."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "tallies",
        sa.Column("limit_name", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(320), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("times", NUMBER, nullable=False),
        sa.Column("last_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("limit_name", "subject", name="pk_tallies"),
    )


def downgrade() -> None:
    op.drop_table("tallies")
