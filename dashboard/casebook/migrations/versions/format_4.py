"""Format 4: which case a subject was moved to, links that people judged, decisions taken at once.

A ring of the build is a proposal. An analyst splits it, adds somebody, puts two together or
makes a case by hand, and says of a link that it is none. Both tables are append-only, for the
last word about a subject or a link is the one that holds. A decision taken about several
subjects at once bears the number of that batch.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "4"
down_revision: str | None = "3"

_KEYS = {"assignments": ("assignment_id", "audit_seq"), "link_verdicts": ("link_id", "audit_seq")}
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
    """Format 3 with two more tables and a column at the end of another; no row changes."""
    longest = 256 if op.get_context().dialect.name == "postgresql" else 80
    subject = 276 if op.get_context().dialect.name == "postgresql" else 120
    op.add_column("decisions", sa.Column("batch_id", sa.String(40)))
    op.create_index("decisions_by_batch", "decisions", ["batch_id"])
    op.create_table(
        "assignments",
        sa.Column("assignment_id", sa.String(40), primary_key=True),
        sa.Column("entity_type", sa.String(20), nullable=False),
        sa.Column("entity_id", sa.String(longest), nullable=False),
        sa.Column("group_id", sa.String(subject), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("assigned_by", sa.String(120), nullable=False),
        sa.Column("assigned_at", sa.DateTime, nullable=False),
        sa.Column("audit_seq", sa.Integer, nullable=False, unique=True),
    )
    op.create_table(
        "link_verdicts",
        sa.Column("link_id", sa.String(40), primary_key=True),
        sa.Column("src", sa.String(subject), nullable=False),
        sa.Column("dst", sa.String(subject), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("decided_by", sa.String(120), nullable=False),
        sa.Column("decided_at", sa.DateTime, nullable=False),
        sa.Column("audit_seq", sa.Integer, nullable=False, unique=True),
    )
    for table in _KEYS:
        _guard(table)


def _guard(table: str) -> None:
    database = op.get_context().dialect.name
    if database == "sqlite":
        for verb in ("update", "delete"):
            op.execute(_SQLITE_GUARD.format(table=table, verb=verb))
        same = " or ".join(f"{key} = new.{key}" for key in _KEYS[table])
        op.execute(_SQLITE_REPLACE_GUARD.format(table=table, same=same))
    elif database == "postgresql":
        op.execute(_POSTGRES_GUARD.format(table=table))
