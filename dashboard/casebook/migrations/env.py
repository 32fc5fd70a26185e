"""How Alembic reaches the casebook: by the connection of whoever opens it.

No transaction begins here: the one that holds the write lock also holds the
migration, so that either the whole of it is committed or nothing.
"""

from __future__ import annotations

from alembic import context

from dashboard.casebook.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
