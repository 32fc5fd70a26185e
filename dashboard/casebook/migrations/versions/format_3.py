"""Format 3: the data's own day, what the analyst was shown, and when to look again.

A marketplace's data have a clock of their own: a sample ends in September however late
it is looked at. A decision is stamped with both clocks from here on, with the alert it
answers (so that a later one can be told from it), and with the decision it reopens. All of
it may be empty: what was decided before knew the wall clock only.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "3"
down_revision: str | None = "2"


def upgrade() -> None:
    """Format 2 with columns at the end of two tables and room for ids; no row changes."""
    for table in ("cases", "decisions"):
        op.add_column(table, sa.Column("data_day", sa.Date))
        op.add_column(table, sa.Column("review_on", sa.Date))
        op.add_column(table, sa.Column("alert_typology", sa.String(40)))
        op.add_column(table, sa.Column("alert_band", sa.String(10)))
    op.add_column("decisions", sa.Column("alert_opened_on", sa.Date))
    op.add_column("decisions", sa.Column("reopens", sa.String(40)))
    op.create_index("cases_by_state", "cases", ["state"])
    if op.get_context().dialect.name == "postgresql":
        for table in ("cases", "decisions"):
            op.alter_column(table, "entity_id", type_=sa.String(256))
        op.alter_column("drafts", "subject", type_=sa.String(276))
