"""What analysts write: cases, decisions, drafts and a tamper-evident audit trail.

It is the only store the dashboard writes to. The built database is replaced by
every build; this one is kept, and its decisions return to the next build as labels.
"""

from __future__ import annotations

from dashboard.casebook.book import Casebook, open_casebook

__all__ = ["Casebook", "open_casebook"]
