"""Format 6: what comes after a decision.

A case waits for a team until a day; a decision has the model and the evidence it was taken on;
what the platform is asked to do has a beginning, an end and a way back; whoever is sanctioned is
told why and may appeal; what people of the house look at is written down, and some of what they
decide is looked at twice. What is written once is append-only.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "6"
down_revision: str | None = "5"

# Append-only tables with what is unique in each.
_KEYS = {
    "effects": ("effect_id", "audit_seq"),
    "statements": ("statement_id", "audit_seq"),
    "appeals": ("appeal_id", "audit_seq"),
    "appeal_outcomes": ("appeal_id", "audit_seq"),
    "snapshots": ("snapshot_id",),
    "reveals": ("reveal_id", "audit_seq"),
    "access_log": ("log_id",),
    "review_tasks": ("task_id", "audit_seq"),
    "second_reviews": ("task_id", "audit_seq"),
    "decision_times": ("time_id",),
    "legal_holds": ("hold_id", "audit_seq"),
    "erasures": ("erasure_id", "audit_seq"),
}
_INDEXES = (
    ("effects", "decision_id"),
    ("effects", "case_id"),
    ("effects", "reverses"),
    ("outbox", "effect_id"),
    ("outbox", "state"),
    ("statements", "decision_id"),
    ("appeals", "decision_id"),
    ("appeals", "case_id"),
    ("reveals", "actor"),
    ("access_log", "at"),
    ("access_log", "actor"),
    ("decision_times", "decision_id"),
    ("decision_times", "actor"),
    ("legal_holds", "subject"),
)
_SQLITE_GUARD = """
create trigger {table}_no_{verb} before {verb} on {table}
begin
    select raise(abort, '{table} is append-only');
end
"""
_SQLITE_REPLACE_GUARD = """
create trigger {table}_no_replace before insert on {table}
when exists (select 1 from {table} where {same})
begin
    select raise(abort, '{table} is append-only');
end
"""
_POSTGRES_GUARD = """
create or replace trigger {table}_append_only
before update or delete or truncate on {table}
for each statement execute function refuse_change()
"""


def upgrade() -> None:
    """Format 5 with columns at the end of two tables and the tables of what follows."""
    entity = 256 if op.get_context().dialect.name == "postgresql" else 80
    subject = 276 if op.get_context().dialect.name == "postgresql" else 120
    _add(
        "cases", ("team", 20), ("contact", 120), ("due_at", None), ("severity", 10), ("reason", 500)
    )
    _add("decisions", ("model_version", 80), ("snapshot_id", 64))
    op.add_column("decisions", sa.Column("evidence", sa.Text))
    _add("decisions", ("legal_basis", 40), ("scope", 200))
    op.add_column("decisions", sa.Column("days", sa.Integer))
    _add("audit", ("salt", 32))
    _enforcement(entity)
    _redress()
    _looking(subject)
    _reviewing(entity)
    _keeping(subject)
    for table, column in _INDEXES:
        op.create_index(f"ix_{table}_{column}", table, [column])
    for table in _KEYS:
        _guard(table)


def _enforcement(entity: int) -> None:
    """What the platform is asked to do, and what is on its way there."""
    op.create_table(
        "effects",
        sa.Column("effect_id", sa.String(40), primary_key=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("decision_id", sa.String(40), nullable=False),
        sa.Column("case_id", sa.String(40), nullable=False),
        sa.Column("entity_type", sa.String(20), nullable=False),
        sa.Column("entity_id", sa.String(entity), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("scope", sa.String(200), nullable=False),
        sa.Column("starts_at", sa.DateTime, nullable=False),
        sa.Column("ends_at", sa.DateTime),
        sa.Column("reverses", sa.String(40)),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("made_by", sa.String(120), nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("audit_seq", sa.Integer, nullable=False, unique=True),
    )
    op.create_table(
        "outbox",
        sa.Column("message_id", sa.String(40), primary_key=True),
        sa.Column("idempotency_key", sa.String(80), nullable=False, unique=True),
        sa.Column("effect_id", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_at", sa.DateTime),
        sa.Column("delivered", sa.String(40), nullable=False),
        sa.Column("problem", sa.String(300), nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("answered_at", sa.DateTime),
        sa.Column("answer", sa.Text, nullable=False),
    )


def _redress() -> None:
    """What whoever is sanctioned is told, what they answer, and what was seen."""
    op.create_table(
        "statements",
        sa.Column("statement_id", sa.String(40), primary_key=True),
        sa.Column("decision_id", sa.String(40), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("made_by", sa.String(120), nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("audit_seq", sa.Integer, nullable=False, unique=True),
    )
    op.create_table(
        "appeals",
        sa.Column("appeal_id", sa.String(40), primary_key=True),
        sa.Column("decision_id", sa.String(40), nullable=False),
        sa.Column("case_id", sa.String(40), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("received_on", sa.Date, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("received_by", sa.String(120), nullable=False),
        sa.Column("received_at", sa.DateTime, nullable=False),
        sa.Column("audit_seq", sa.Integer, nullable=False, unique=True),
    )
    op.create_table(
        "appeal_outcomes",
        sa.Column("appeal_id", sa.String(40), primary_key=True),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("data_day", sa.Date),
        sa.Column("decided_by", sa.String(120), nullable=False),
        sa.Column("decided_at", sa.DateTime, nullable=False),
        sa.Column("audit_seq", sa.Integer, nullable=False, unique=True),
    )
    op.create_table(
        "snapshots",
        sa.Column("snapshot_id", sa.String(64), primary_key=True),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
    )


def _looking(subject: int) -> None:
    """Who of the house looked at what."""
    op.create_table(
        "reveals",
        sa.Column("reveal_id", sa.String(40), primary_key=True),
        sa.Column("subject", sa.String(subject), nullable=False),
        sa.Column("field", sa.String(80), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("revealed_at", sa.DateTime, nullable=False),
        sa.Column("expires_at", sa.DateTime, nullable=False),
        sa.Column("audit_seq", sa.Integer, nullable=False, unique=True),
    )
    op.create_table(
        "access_log",
        sa.Column("log_id", sa.String(40), primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("act", sa.String(20), nullable=False),
        sa.Column("page", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(subject), nullable=False),
        sa.Column("purpose", sa.String(500), nullable=False),
        sa.Column("detail", sa.String(500), nullable=False),
        sa.Column("row_count", sa.Integer),
    )


def _reviewing(entity: int) -> None:
    """What is looked at twice, and how long decisions take."""
    op.create_table(
        "review_tasks",
        sa.Column("task_id", sa.String(40), primary_key=True),
        sa.Column("entity_type", sa.String(20), nullable=False),
        sa.Column("entity_id", sa.String(entity), nullable=False),
        sa.Column("decision_id", sa.String(40)),
        sa.Column("sure_verdict", sa.String(20)),
        sa.Column("drawn_by", sa.String(120), nullable=False),
        sa.Column("drawn_at", sa.DateTime, nullable=False),
        sa.Column("audit_seq", sa.Integer, nullable=False, unique=True),
    )
    op.create_table(
        "second_reviews",
        sa.Column("task_id", sa.String(40), primary_key=True),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("typology", sa.String(40), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("reviewer", sa.String(120), nullable=False),
        sa.Column("reviewed_at", sa.DateTime, nullable=False),
        sa.Column("audit_seq", sa.Integer, nullable=False, unique=True),
    )
    op.create_table(
        "decision_times",
        sa.Column("time_id", sa.String(60), primary_key=True),
        sa.Column("decision_id", sa.String(40), nullable=False),
        sa.Column("act", sa.String(20), nullable=False),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("seconds", sa.Double, nullable=False),
        sa.Column("panels", sa.Text, nullable=False),
        sa.Column("first_verdict", sa.String(20)),
        sa.Column("decided_at", sa.DateTime, nullable=False),
    )


def _keeping(subject: int) -> None:
    """Who has what open, what must be kept and what was erased."""
    op.create_table(
        "presence",
        sa.Column("actor", sa.String(120), primary_key=True),
        sa.Column("subject", sa.String(subject), primary_key=True),
        sa.Column("seen_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "legal_holds",
        sa.Column("hold_id", sa.String(40), primary_key=True),
        sa.Column("subject", sa.String(subject), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("releases", sa.String(40)),
        sa.Column("placed_by", sa.String(120), nullable=False),
        sa.Column("placed_at", sa.DateTime, nullable=False),
        sa.Column("audit_seq", sa.Integer, nullable=False, unique=True),
    )
    op.create_table(
        "erasures",
        sa.Column("erasure_id", sa.String(40), primary_key=True),
        sa.Column("subject_hash", sa.String(64), nullable=False),
        sa.Column("basis", sa.String(500), nullable=False),
        sa.Column("row_count", sa.Integer, nullable=False),
        sa.Column("entries", sa.Text, nullable=False),
        sa.Column("snapshots", sa.Text, nullable=False),
        sa.Column("proof", sa.String(64), nullable=False),
        sa.Column("erased_by", sa.String(120), nullable=False),
        sa.Column("erased_at", sa.DateTime, nullable=False),
        sa.Column("audit_seq", sa.Integer, nullable=False, unique=True),
    )


def _add(table: str, *columns: tuple[str, int | None]) -> None:
    for name, length in columns:
        kind = sa.DateTime() if length is None else sa.String(length)
        op.add_column(table, sa.Column(name, kind))


def _guard(table: str) -> None:
    database = op.get_context().dialect.name
    if database == "sqlite":
        for verb in ("update", "delete"):
            op.execute(_SQLITE_GUARD.format(table=table, verb=verb))
        same = " or ".join(f"{key} = new.{key}" for key in _KEYS[table])
        op.execute(_SQLITE_REPLACE_GUARD.format(table=table, same=same))
    elif database == "postgresql":
        op.execute(_POSTGRES_GUARD.format(table=table))
