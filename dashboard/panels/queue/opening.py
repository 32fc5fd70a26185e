"""From a case of the queue to its page, and from a member of it to its investigation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.components.links import go, has_page
from dashboard.components.queue_address import MARK, kept_params

if TYPE_CHECKING:
    from dashboard.view_models.queue import CaseRow

CASE = "case"


def open_case(row: CaseRow) -> None:
    """A ring opens as one case, a subject of its own as an investigation."""
    if row.is_ring and has_page(CASE):
        go(CASE, {"id": row.case_id, **kept_params(), MARK: row.case_id})
        return
    open_subject(row.first.entity_key, row.case_id)


def open_subject(entity_key: str, case_id: str) -> None:
    """One subject of a case; the way back finds the case marked."""
    go("investigate", {"entity": entity_key, **kept_params(), MARK: case_id})
