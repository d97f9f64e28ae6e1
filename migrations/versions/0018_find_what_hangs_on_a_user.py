"""Find what hangs on a user's challenges and identifiers, so that deleting one user is quick."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = depends_on = None

COLUMNS = (
    ("user_sessions", "challenge_id"),
    ("pending_sign_ins", "challenge_id"),
    ("challenges", "identifier_id"),
)


def upgrade() -> None:
    for table, column in COLUMNS:
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    for table, column in COLUMNS:
        op.drop_index(f"ix_{table}_{column}", table)
