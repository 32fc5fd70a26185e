"""Format 2: Alembic holds the format, and a row cannot be replaced either.

SQLite runs no delete trigger for the row that `insert or replace` pushes out (unless
the client asks for recursive triggers), so that in format 1 any SQL client could
exchange a decision without meeting a guard. `chain.format_version` becomes 2 once
and stays so: it is where a release from before Alembic looks, finds a format it does
not know, and leaves the casebook alone. PostgreSQL has no such statement.
"""

from __future__ import annotations

from alembic import op

revision = "2"
down_revision: str | None = "1"

_KEYS = {"decisions": ("decision_id", "idempotency_key", "audit_seq"), "audit": ("seq",)}
_SQLITE_GUARD = """
create trigger {table}_no_replace before insert on {table}
when exists (select 1 from {table} where {same})
begin
    select raise(abort, '{table} is append-only');
end
"""


def upgrade() -> None:
    """Format 1 with the other marker and two more guards."""
    op.execute("update chain set format_version = 2")
    if op.get_context().dialect.name == "sqlite":
        for table, keys in _KEYS.items():
            same = " or ".join(f"{key} = new.{key}" for key in keys)
            op.execute(_SQLITE_GUARD.format(table=table, same=same))
