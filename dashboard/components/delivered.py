"""What a panel without rows lacks: the tables that nobody delivered, by name."""

from __future__ import annotations

from dashboard.errors import AccessDenied, TableMissing
from dashboard.store import read
from dashboard.view_models.words import missing_tables


def needs(*tables: str, otherwise: str) -> str:
    """Which of the raw `tables` were not delivered, as a sentence; `otherwise` where all were."""
    try:
        rows = dict(read("pages/data/delivered").select("table_name", "row_count").iter_rows())
    except (AccessDenied, TableMissing):
        return otherwise
    return missing_tables([one for one in tables if rows.get(one) == 0]) or otherwise
