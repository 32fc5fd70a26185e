"""Every page on a tiny real database: nothing faults, gaps are named, a scope holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dashboard import tiny_database as tiny
from tests.dashboard import tiny_graph
from tests.dashboard.harness import mask, titles, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]

MERCHANT = {"entity": "merchant:mer_1"}

PAGES = ["queue", "investigate", "case", "rings", "community", "metrics", "drift", "model", "data"]

VISITS = [
    *((name, {}) for name in PAGES),
    *(
        ("investigate", {"entity": entity, "tab": tab})
        for entity in (
            *("merchant:mer_1", "creator:crt_1", "buyer:buy_1", "product:prd_1"),
            "live_session:liv_1",
        )
        for tab in ("why", "compare", "drift", "community", "timeline", "orders", "details")
    ),
    ("investigate", {"entity": "merchant:mer_2", "tab": "community"}),
    ("community", {"community": "com_1"}),
    ("case", {"id": tiny_graph.RING}),
    ("case", {"keys": "buyer:buy_1,buyer:buy_2"}),
    ("metrics", {"metric": "refund_rate", "split": "channel", "market": "MY"}),
    ("drift", {"market": "MY", "column": "payment_method"}),
    ("drift", {"market": "nowhere", "column": "nothing", "since": "never", "until": "0"}),
    ("model", {"entity_type": "buyer"}),
    ("queue", {"lane": "unproven"}),
    *(("data", {"section": section}) for section in ("set_aside", "off", "lineage")),
]

FAULT = "Something went wrong"


@pytest.mark.parametrize(("name", "params"), VISITS)
def test_a_page_draws_without_a_fault(open_page: Open, name: str, params: dict[str, str]) -> None:
    """Nothing on any page or panel raises, hostile names and all."""
    app = open_page(name, params)
    assert not app.exception
    assert FAULT not in words(app)


@pytest.mark.parametrize("name", PAGES)
def test_an_empty_database_is_a_sentence(open_page: Open, name: str) -> None:
    """Tables without rows leave a page that explains itself."""
    every = [table for table in tiny.tables() if not table.startswith("meta.")]
    app = open_page(name, empty=every)
    assert not app.exception
    assert FAULT not in words(app)
    assert words(app)


@pytest.mark.parametrize(
    ("name", "params", "table"),
    [
        ("queue", {}, "alerts.alerts"),
        ("investigate", {**MERCHANT, "tab": "why"}, "explanations.contributions"),
        ("investigate", {**MERCHANT, "tab": "drift"}, "metrics.merchant_days"),
        ("investigate", {**MERCHANT, "tab": "orders"}, "staging.orders"),
        ("community", {}, "communities.communities"),
        ("rings", {}, "rings.rings"),
        ("case", {"id": tiny_graph.RING}, "cases.members"),
        ("metrics", {}, "metrics.cube"),
        ("drift", {}, "drift.day_histograms"),
        ("model", {}, "scores.models"),
    ],
)
def test_a_missing_table_is_named(
    open_page: Open, name: str, params: dict[str, str], table: str
) -> None:
    """The panel says which table it needs and how to get it."""
    text = words(open_page(name, params, without=[table])).replace("\\", "")
    assert f"no table {table}" in text
    assert "ringfence build" in text


# Whose part in a change is not nothing.
SHOPS = {"who": "merchant", "metric": "refund_rate"}


def test_a_market_scope_narrows_every_page(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Queue, search, graph and deep links show nothing of another market."""
    monkeypatch.setenv("RINGFENCE_MARKETS", "SG")
    shown = titles(open_page("queue"))
    assert len(shown) == 2
    for title, name in zip(shown, (tiny.HOSTILE_SHORT, mask("Tan | Wei")), strict=True):
        assert title.endswith(name)
    assert "in your markets" in words(open_page("investigate", MERCHANT))
    text = words(open_page("investigate", {"entity": "merchant:mer_2", "tab": "community"}))
    assert "Lucky Bazaar" not in text
    tables = [one.value for one in open_page("metrics", SHOPS).dataframe if "name" in one.value]
    assert tables
    assert not any("Lucky Bazaar" in list(one["name"]) for one in tables)


@pytest.mark.parametrize(
    ("page", "params", "name"),
    [
        ("metrics", {"split": "nope"}, "split"),
        ("metrics", {"market": "ZZ"}, "market"),
        ("metrics", {"since": "2026-99-99"}, "days"),
        ("model", {"entity_type": "alien"}, "entity_type"),
        ("community", {"sort": "nope"}, "sort"),
        ("rings", {"sort": "nope"}, "sort"),
        ("rings", {"ring": "../etc"}, "ring"),
        ("case", {"id": "../etc"}, "id"),
        ("case", {"keys": "a,b"}, "keys"),
    ],
)
def test_every_page_names_what_it_ignores(
    open_page: Callable[..., AppTest], page: str, params: dict[str, str], name: str
) -> None:
    """A bad parameter is a sentence on every page, not a silent default."""
    text = words(open_page(page, params)).replace("\\", "")
    assert f"The link's {name}" in text
    assert "ignored." in text


@pytest.mark.parametrize(
    "tables",
    [
        ["explanations.lifts"],
        ["explanations.stability"],
        ["scores.bands"],
        ["scores.anomalies"],
        ["explanations.reference"],
        ["explanations.reference_values"],
        ["scores.evaluation", "scores.heads"],
        ["scores.cohorts", "scores.lot_checks", "scores.label_arrival"],
        ["scores.challengers", "scores.agreement", "scores.comparison", "scores.shadow_scores"],
    ],
)
def test_every_new_table_may_be_missing(open_page: Open, tables: list[str]) -> None:
    """An older database still opens on every page that would read it."""
    for name, params in (("queue", {}), ("investigate", MERCHANT), ("model", {})):
        app = open_page(name, params, without=tables)
        assert not app.exception
        assert "Something went wrong" not in words(app)
