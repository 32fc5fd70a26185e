"""Pictures of real rings in a real browser: legible at rest, and sent once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import queries
from tests.browser.driving import (
    PATIENCE_MILLISECONDS,
    aim,
    ask,
    repeat_until,
    steady,
    wait_for_graph,
    wait_until_idle,
)
from tests.browser.graph_checks import overlaps

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, WebSocket

    from pipeline.build import Report

LARGEST = "select ring_id from rings.rings order by member_count desc, ring_id limit 3"
GRAPH = b'"heaviest"'
"""A key that only what describes a graph has."""


def test_names_of_real_rings_hide_nothing_and_a_rerun_sends_no_graph(
    built: Report, app_url: Callable[..., str], open_page: Callable[..., Page]
) -> None:
    """The three largest rings; a node is selected in the last one."""
    with queries.connect(built.database) as con:
        rings = [str(row[0]) for row in con.execute(LARGEST).fetchall()]
    url = app_url(built.database)
    page = open_page(url)
    frames: list[bytes | str] = []
    sockets: list[WebSocket] = []

    def keep(frame: bytes | str) -> None:
        frames.append(frame)

    def listen(socket: WebSocket) -> None:
        sockets.append(socket)
        socket.on("framereceived", keep)

    page.on("websocket", listen)
    for ring in rings:
        page.goto(f"{url}/rings?ring={ring}")
        wait_for_graph(page)
        steady(page, "(window.ringfenceGraph?.labels().length || null)")
        assert overlaps(page) == []
    wait_until_idle(page)
    assert any(GRAPH in frame for frame in frames if isinstance(frame, bytes))
    frames.clear()
    node = ask(page, "ids()")[0]
    chosen = f"() => window.ringfenceGraph?.selected().node === '{node}'"
    with sockets[-1].expect_event("framereceived", timeout=PATIENCE_MILLISECONDS):
        repeat_until(page, lambda: page.mouse.click(*aim(page, node)), chosen)
    page.get_by_role("button", name="Open", exact=True).first.wait_for()
    wait_until_idle(page)
    assert frames
    assert not any(GRAPH in frame for frame in frames if isinstance(frame, bytes))
    page.remove_listener("websocket", listen)
