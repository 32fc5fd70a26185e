"""The metrics to choose from are those that have a file; the way down is in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.panels.metrics.selection import metrics_of
from tests.queries.new_metric import NEW, copied_queries

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest
    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]


def said(app: AppTest) -> str:
    """Every sentence of the page."""
    return " ".join(part.value for part in [*app.markdown, *app.caption]).replace("\\", "")


def test_a_metric_that_is_added_is_listed_and_shown(
    open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file, no line of code: the page lists it, says its level and what it is."""
    with copied_queries(tmp_path, monkeypatch) as folder:
        (folder / "kpis" / "voucher_rate.sql").write_text(NEW, encoding="utf-8")
        app = open_page("metrics", {"metric": "voucher_rate"})
        app.session_state["metrics.definition"] = True
        app.session_state["metrics.all"] = True
        app.run()
        assert "Orders with a voucher: 20.0% from" in said(app)
        assert any("voucher_orders" in block.value for block in app.code)
        labels = app.dataframe[0].value["label"].str.strip().to_list()
    assert "Orders with a voucher" in labels


def test_a_metric_of_verdicts_has_no_channel(open_page: Open) -> None:
    """It is shown for a market; for a channel a sentence says the way back."""
    app = open_page("metrics", {"metric": "appeal_overturn_rate", "market": "SG"})
    assert "Appeal overturn rate: " in said(app)
    app = open_page("metrics", {"metric": "appeal_overturn_rate", "channel": "live"})
    assert "counted by market only" in said(app)
    assert not app.exception


def test_every_metric_has_a_whole_page(open_page: Open) -> None:
    """A panel that fails says so in its place, and the page goes on: no metric's may."""
    app = open_page("metrics", {})
    codes = list(metrics_of())
    assert {"gmv_usd", "refund_rate", "appeal_overturn_rate"} <= set(codes)
    for code in codes:
        app.query_params["metric"] = code
        app.run()
        assert not app.exception
        assert not [one.value for one in app.error], code


def test_a_crumb_leads_back_up(open_page: Open) -> None:
    """In the order in which one went down, whatever order that is."""
    app = open_page("metrics", {"channel": "live", "market": "SG"})
    crumbs = [str(one.key) for one in app.button if str(one.key).startswith("metrics.crumb.")]
    assert crumbs[:2] == ["metrics.crumb.channel", "metrics.crumb.market"]
    app.button(key="metrics.crumb.channel").click().run()
    assert "market" not in app.query_params
    assert app.query_params["channel"] == "live"
    app.button(key="metrics.crumb").click().run()
    assert "channel" not in app.query_params


def test_days_outside_the_data_are_named_and_ignored(open_page: Open) -> None:
    """A mangled link still opens, and says what it ignored."""
    app = open_page(
        "metrics", {"since": "1999-01-01", "until": "x", "market": "XX", "metric": "no"}
    )
    assert not app.exception
    assert "were ignored" in said(app)
    assert "XX" in said(app)


def test_a_view_is_kept_under_a_name(open_page: Open) -> None:
    """The metric, the slice and the days, opened in one click."""
    app = open_page("metrics", {"metric": "orders", "market": "SG"})
    app.session_state["metrics.views"] = True
    app.run().text_input(key="metrics.view_name").input("Orders of *SG*")
    next(one for one in app.button if one.label == "Keep this view").click().run()
    other = open_page("metrics", {"metric": "gmv_usd"})
    other.session_state["metrics.views"] = True
    other.run().button(key="metrics.view.Orders of *SG*").click().run()
    assert (other.query_params["metric"], other.query_params["market"]) == ("orders", "SG")


def test_a_note_is_written_on_a_day_and_taken_back(open_page: Open) -> None:
    """Everybody who opens the metric reads it."""
    app = open_page("metrics", {"metric": "orders"})
    app.session_state["metrics.notes"] = True
    app.run().text_input(key="metrics.note_text").input("The till was <b>down</b>")
    next(one for one in app.button if one.label == "Write it down").click().run()
    other = open_page("metrics", {"metric": "orders"})
    other.session_state["metrics.notes"] = True
    other.run()
    assert "The till was <b>down</b>" in said(other)
    next(one for one in other.button if str(one.key).startswith("metrics.note.nte")).click().run()
    assert "The till was" not in said(other)
