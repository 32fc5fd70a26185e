"""Format 5: what people write on a day of a metric.

A note on the axis is read by everybody who looks at the metric. It is append-only: who takes one
back writes another that replaces it with nothing.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5"
down_revision: str | None = "4"

_SQLITE_GUARD = """
create trigger day_notes_no_{verb} before {verb} on day_notes
begin
    select raise(abort, 'day_notes is append-only');
end
"""
_SQLITE_REPLACE_GUARD = """
create trigger day_notes_no_replace before insert on day_notes
when exists (
    select 1 from day_notes
    where note_id = new.note_id or audit_seq = new.audit_seq
)
begin
    select raise(abort, 'day_notes is append-only');
end
"""
_POSTGRES_GUARD = """
create or replace trigger day_notes_append_only
before update or delete or truncate on day_notes
for each statement execute function refuse_change()
"""


def upgrade() -> None:
    """Format 4 with one more table."""
    op.create_table(
        "day_notes",
        sa.Column("note_id", sa.String(40), primary_key=True),
        sa.Column("metric", sa.String(80), nullable=False),
        sa.Column("market", sa.String(40), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("replaces", sa.String(40)),
        sa.Column("written_by", sa.String(120), nullable=False),
        sa.Column("written_at", sa.DateTime, nullable=False),
        sa.Column("audit_seq", sa.Integer, nullable=False, unique=True),
    )
    if op.get_context().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(_SQLITE_GUARD.format(verb=verb))
        op.execute(_SQLITE_REPLACE_GUARD)
    elif op.get_context().dialect.name == "postgresql":
        op.execute(_POSTGRES_GUARD)
