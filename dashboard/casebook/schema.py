"""The casebook's tables, and the triggers that make two of them append-only.

Portable SQL by SQLAlchemy; what only one database understands stands behind
`execute_if(dialect=...)`. JSON is kept as canonical text because the audit hash
is taken over the text.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    DDL,
    Column,
    Date,
    DateTime,
    Double,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    event,
)

FORMAT_VERSION = 1
metadata = MetaData()

cases = Table(
    "cases",
    metadata,
    Column("case_id", String(40), primary_key=True),
    Column("entity_type", String(20), nullable=False),
    Column("entity_id", String(80), nullable=False),
    Column("state", String(20), nullable=False),
    Column("assignee", String(120), nullable=False),
    Column("version", Integer, nullable=False),
    Column("opened_at", DateTime, nullable=False),
    Column("changed_at", DateTime, nullable=False),
    Column("changed_by", String(120), nullable=False),
    Index("one_case_per_entity", "entity_type", "entity_id", unique=True),
)
decisions = Table(
    "decisions",
    metadata,
    Column("decision_id", String(40), primary_key=True),
    Column("idempotency_key", String(80), nullable=False, unique=True),
    Column("case_id", String(40), nullable=False, index=True),
    Column("entity_type", String(20), nullable=False),
    Column("entity_id", String(80), nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("typology", String(40), nullable=False),
    Column("action", String(40), nullable=False),
    Column("reason_codes", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("confidence", Double),
    Column("score", Double),
    Column("as_of", Date),
    Column("data_version", String(80), nullable=False),
    Column("decided_by", String(120), nullable=False),
    Column("decided_at", DateTime, nullable=False),
    Column("audit_seq", Integer, nullable=False, unique=True),
)
drafts = Table(
    "drafts",
    metadata,
    Column("actor", String(120), primary_key=True),
    Column("subject", String(120), primary_key=True),
    Column("content", Text, nullable=False),
    Column("saved_at", DateTime, nullable=False),
)
audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", DateTime, nullable=False),
    Column("actor", String(120), nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject", String(160), nullable=False, index=True),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
# One row: where the chain ends. Writers lock it first, so appends are serial, and
# a trail whose tail was cut off no longer matches it.
chain = Table(
    "chain",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("format_version", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)

_SQLITE_GUARD = """
create trigger if not exists {table}_no_{verb} before {verb} on {table}
begin
    select raise(abort, '{table} is append-only');
end
"""
_POSTGRES_FUNCTION = """
create or replace function refuse_change() returns trigger language plpgsql as $body$
begin
    raise exception '%% is append-only', tg_table_name;
end
$body$
"""
_POSTGRES_GUARD = """
create or replace trigger {table}_append_only
before update or delete or truncate on {table}
for each statement execute function refuse_change()
"""


# Typed here because SQLAlchemy leaves DDL untyped.
_ddl: Any = DDL


def _guard(table: Table) -> None:
    for verb in ("update", "delete"):
        statement = _ddl(_SQLITE_GUARD.format(table=table.name, verb=verb))
        event.listen(table, "after_create", statement.execute_if(dialect="sqlite"))
    for text in (_POSTGRES_FUNCTION, _POSTGRES_GUARD.format(table=table.name)):
        event.listen(table, "after_create", _ddl(text).execute_if(dialect="postgresql"))


_guard(decisions)
_guard(audit)
