"""Add credentials, recovery codes and pending sign-ins, and keep what each session rests on."""

import json
from datetime import UTC

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
SESSIONS = sa.table(
    "user_sessions",
    sa.column("id", NUMBER),
    sa.column("proof", sa.String),
    sa.column("proofs", sa.Text),
    sa.column("created_at", INSTANT),
)


def upgrade() -> None:
    op.add_column("users", sa.Column("role", sa.String(8), nullable=False, server_default="member"))
    op.add_column("known_browsers", sa.Column("trusted_until", INSTANT))
    _keep_proofs()
    op.create_table(
        "credentials",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("counter", NUMBER, nullable=False),
        sa.Column("handle", sa.LargeBinary(1023), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.Column("removed_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_credentials_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_credentials"),
        sa.UniqueConstraint("handle", name="uq_credentials_handle"),
    )
    op.create_index("ix_credentials_user_id", "credentials", ["user_id"])
    op.create_table(
        "recovery_codes",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("salt", sa.LargeBinary(16), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_recovery_codes_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_codes"),
        sa.UniqueConstraint("user_id", "code_hash", name="uq_recovery_codes_user_id"),
    )
    op.create_table(
        "pending_sign_ins",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("challenge_id", NUMBER, nullable=True),
        sa.Column("proofs", sa.Text(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("keep", sa.Boolean(), nullable=False),
        sa.Column("next_path", sa.String(2000), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_pending_sign_ins_user_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenges.id"],
            name="fk_pending_sign_ins_challenge_id",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_pending_sign_ins"),
        sa.UniqueConstraint("token_hash", name="uq_pending_sign_ins_token_hash"),
    )
    op.create_index("ix_pending_sign_ins_user_id", "pending_sign_ins", ["user_id"])


def downgrade() -> None:
    for table in ("pending_sign_ins", "recovery_codes", "credentials"):
        op.drop_table(table)
    op.add_column(
        "user_sessions", sa.Column("proof", sa.String(16), nullable=False, server_default="email")
    )
    for row in op.get_bind().execute(sa.select(SESSIONS.c.id, SESSIONS.c.proofs)).all():
        first = (json.loads(row.proofs) or [["email"]])[0][0]
        op.execute(SESSIONS.update().where(SESSIONS.c.id == row.id).values(proof=first))
    op.drop_column("user_sessions", "proofs")
    op.drop_column("known_browsers", "trusted_until")
    op.drop_column("users", "role")


def _keep_proofs() -> None:
    op.add_column(
        "user_sessions", sa.Column("proofs", sa.Text(), nullable=False, server_default="[]")
    )
    found = sa.select(SESSIONS.c.id, SESSIONS.c.proof, SESSIONS.c.created_at)
    for row in op.get_bind().execute(found).all():
        at = row.created_at.replace(tzinfo=row.created_at.tzinfo or UTC)
        proofs = json.dumps([[row.proof, at.isoformat(), ""]])
        op.execute(SESSIONS.update().where(SESSIONS.c.id == row.id).values(proofs=proofs))
    op.drop_column("user_sessions", "proof")
