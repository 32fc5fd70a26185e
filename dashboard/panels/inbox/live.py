"""One line of live alerts above the cases: how many no build has confirmed yet."""

from __future__ import annotations

from dashboard import live_lane
from dashboard.casebook.rows import now
from dashboard.components.boundary import panel
from dashboard.components.links import page_link
from dashboard.errors import TableMissing
from dashboard.view_models.live import live_rows, waiting_line


@panel
def draw_live_line() -> None:
    """Nothing where no lane runs, or none of the viewer's markets has an open alert."""
    if not live_lane.is_there():
        return
    try:
        rows = live_rows(live_lane.read_live("pages/live/alerts"), now())
    except TableMissing:
        return
    line = waiting_line(sum(row.is_open for row in rows))
    if line:
        page_link(line, "queue", icon=":material/bolt:")
