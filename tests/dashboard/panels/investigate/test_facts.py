"""The first tab: figures beside the own past and the peers, their rows, and the partners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.dashboard import tiny_database as tiny
from tests.dashboard.harness import board_words, sent_data

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]

MERCHANT = {"entity": "merchant:mer_1"}


def _tables(app: AppTest) -> list[dict[str, Any]]:
    return [table for one in sent_data(app) if "tables" in one for table in one["tables"]]


def _columns(app: AppTest) -> set[str]:
    return {column["label"] for table in _tables(app) for column in table["columns"]}


def test_facts_come_first(open_page: Open) -> None:
    """Without a tab in the address; the old links with a feature still open their place."""
    app = open_page("investigate", MERCHANT)
    assert not app.exception
    assert "Last 7 days beside peers" in board_words(app)
    older = open_page("investigate", {**MERCHANT, "feature": "orders_30d"})
    assert "Last 7 days beside peers" not in board_words(older)


def test_a_figure_shows_the_rows_that_make_it(open_page: Open) -> None:
    """Two of four orders were refunded: the figure is of both, those that count stand first."""
    app = open_page("investigate", {**MERCHANT, "fact": "crowded_device_rate"})
    assert not app.exception
    said = board_words(app)
    assert "Orders from crowded devices" in said
    assert "every one counts" in said


def test_every_kind_of_subject_has_facts_and_rooms_have_none(open_page: Open) -> None:
    """A room is over in hours: it has minutes in place of days."""
    for key in ("merchant:mer_1", "creator:crt_1", "product:prd_1", "buyer:buy_1"):
        app = open_page("investigate", {"entity": key})
        assert not app.exception
        assert {"Week", "Usual", "Ratio"} <= _columns(app), key
    room = open_page("investigate", {"entity": "live_session:liv_1"})
    assert "Facts" not in [str(option) for one in room.button_group for option in one.options]


def test_a_strange_fact_is_the_first_one(open_page: Open) -> None:
    """Of another type, of nobody, of hostile letters."""
    for strange in ("spend_usd", "nothing", tiny.HOSTILE):
        app = open_page("investigate", {**MERCHANT, "fact": strange})
        assert not app.exception


def test_figures_of_playbooks_stand_beside_peers(open_page: Open) -> None:
    """Twenty-three accounts on a device where nine of ten have two: first, and marked."""
    app = open_page("investigate", {"entity": "buyer:buy_1"})
    assert not app.exception
    table = next(one for one in _tables(app) if one["title"] == "What playbooks ask for")
    cells = {column["label"]: column["cells"] for column in table["columns"]}
    assert cells["This one"] == ["▲ 23", "1"]
    assert cells["Nine of ten"] == ["≤ 2", "≤ 2"]
    assert table["caption"].startswith("1 of 2 lies beyond nine of ten peers")


def test_refunds_stand_by_reason_beside_the_usual(open_page: Open) -> None:
    """Six of sixty orders never came, where others make a quarter of that."""
    app = open_page("investigate", {"entity": "product:prd_1"})
    assert not app.exception
    table = next(one for one in _tables(app) if one["title"] == "Why money was asked back")
    cells = {column["label"]: column["cells"] for column in table["columns"]}
    assert cells["Reason"] == ["Not received", "Changed mind"]
    assert cells["Per 100"] == ["10.0", "5.0"]
    assert cells["Usual"] == ["2.5", "–"]
    assert cells["Ratio"] == ["4×", "–"]
    assert table["caption"] == "9 requests of 60 orders."
