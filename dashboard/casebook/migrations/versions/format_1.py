"""Format 1: cases, decisions, drafts, the audit trail and the end of its chain.

Decisions and the audit trail are append-only by trigger.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision: str | None = None

_GENESIS = "0" * 64
_SQLITE_GUARD = """
create trigger if not exists {table}_no_{verb} before {verb} on {table}
begin
    select raise(abort, '{table} is append-only');
end
"""
_POSTGRES_FUNCTION = """
create or replace function refuse_change() returns trigger language plpgsql as $body$
begin
    raise exception '% is append-only', tg_table_name;
end
$body$
"""
_POSTGRES_GUARD = """
create or replace trigger {table}_append_only
before update or delete or truncate on {table}
for each statement execute function refuse_change()
"""


def upgrade() -> None:
    """An empty casebook."""
    _create_cases()
    _create_decisions()
    _create_drafts()
    _create_audit()
    _create_chain()
    for table in ("decisions", "audit"):
        _guard(table)


def _create_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("case_id", sa.String(40), primary_key=True),
        sa.Column("entity_type", sa.String(20), nullable=False),
        sa.Column("entity_id", sa.String(80), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("assignee", sa.String(120), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("opened_at", sa.DateTime, nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
        sa.Column("changed_by", sa.String(120), nullable=False),
        sa.Index("one_case_per_entity", "entity_type", "entity_id", unique=True),
    )


def _create_decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("decision_id", sa.String(40), primary_key=True),
        sa.Column("idempotency_key", sa.String(80), nullable=False, unique=True),
        sa.Column("case_id", sa.String(40), nullable=False, index=True),
        sa.Column("entity_type", sa.String(20), nullable=False),
        sa.Column("entity_id", sa.String(80), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("typology", sa.String(40), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("reason_codes", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("confidence", sa.Double),
        sa.Column("score", sa.Double),
        sa.Column("as_of", sa.Date),
        sa.Column("data_version", sa.String(80), nullable=False),
        sa.Column("decided_by", sa.String(120), nullable=False),
        sa.Column("decided_at", sa.DateTime, nullable=False),
        sa.Column("audit_seq", sa.Integer, nullable=False, unique=True),
    )


def _create_drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("actor", sa.String(120), primary_key=True),
        sa.Column("subject", sa.String(120), primary_key=True),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("saved_at", sa.DateTime, nullable=False),
    )


def _create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(160), nullable=False, index=True),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )


def _create_chain() -> None:
    table = op.create_table(
        "chain",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("format_version", sa.Integer, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.bulk_insert(table, [{"id": 1, "format_version": 1, "seq": 0, "hash": _GENESIS}])


def _guard(table: str) -> None:
    database = op.get_context().dialect.name
    if database == "sqlite":
        for verb in ("update", "delete"):
            op.execute(_SQLITE_GUARD.format(table=table, verb=verb))
    elif database == "postgresql":
        op.execute(_POSTGRES_FUNCTION)
        op.execute(_POSTGRES_GUARD.format(table=table))
