"""Bars grow by table, one a stage, and the report says what was built."""

from __future__ import annotations

from dashboard.cli.progress import bars, order_bar, stage_bars


def test_a_bar_sums_the_rows_of_its_stage() -> None:
    """A table adds its rows; a new stage ends the bar of the one before."""
    progress = bars()
    show = stage_bars(progress)
    for stage, table, rows in (("raw", "orders", 40), ("raw", "buyers", 2), ("graph", "edges", 7)):
        show(stage, table, rows)
    raw, graph = progress.tasks
    assert (raw.description, raw.fields["rows"], raw.fields["table"]) == ("raw", 42, "")
    assert raw.finished
    assert (graph.fields["rows"], graph.fields["table"]) == (7, "edges")
    assert not graph.finished


def test_a_world_is_measured_in_orders() -> None:
    """Other tables pass by beside the bar, and more orders than asked for do not overfill it."""
    progress = bars()
    show = order_bar(progress, 100)
    show("buyers", 900)
    assert (progress.tasks[0].completed, progress.tasks[0].fields["table"]) == (0, "buyers")
    show("orders", 104)
    assert progress.tasks[0].completed == 100
