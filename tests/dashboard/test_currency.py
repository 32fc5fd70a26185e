"""Every amount on every page is in the one currency of the build, converted by its one rate."""

from __future__ import annotations

import json
import math
import re
from datetime import date
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from google.protobuf.json_format import MessageToDict

from dashboard import text
from dashboard.charts.base import hover_texts, value_ticks
from dashboard.currency import DOLLARS, Currency, show_in, shown
from tests.dashboard import harness, tiny_graph
from tests.dashboard import tiny_database as tiny

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]

YEN = Currency("JPY", 0, 149.2, date(2026, 9, 29))
VISITS: list[tuple[str, dict[str, str]]] = [
    *((name, {}) for name in ("queue", "rings", "community", "metrics", "model", "data", "tour")),
    *(
        ("investigate", {"entity": "merchant:mer_1", "tab": tab})
        for tab in ("why", "compare", "drift", "community", "timeline", "orders")
    ),
    ("investigate", {"entity": "merchant:mer_1", "feature": "refund_usd_90d"}),
    ("investigate", {"entity": "live_session:liv_1", "tab": "why"}),
    ("investigate", {"entity": "creator:crt_1", "tab": "timeline"}),
    ("community", {"community": "com_1"}),
    ("rings", {"ring": tiny_graph.RING}),
    ("metrics", {"metric": "gmv_usd", "split": "channel"}),
]


@pytest.fixture
def in_yen() -> Iterator[None]:
    """Amounts are shown in yen."""
    show_in(YEN)
    yield
    show_in(DOLLARS)


@pytest.fixture(scope="module")
def yen_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny database of a marketplace that reads yen."""
    path = tiny.write(tmp_path_factory.mktemp("yen") / "yen.duckdb")
    with duckdb.connect(str(path)) as con:
        con.execute(
            "create table staging.display_currency as select 'JPY' as currency, "
            f"{1 / YEN.per_usd} as usd_per_unit, 0::bigint as decimals, "
            "date '2026-09-29' as rate_day"
        )
    return path


def drawn(app: AppTest) -> Iterator[str]:
    """Every text that a browser gets: words, labels, formats, charts, cells."""
    for element in app._tree:  # every kind of element, those without a name too
        proto = getattr(element, "proto", None)
        yield from texts(MessageToDict(proto)) if proto is not None else ()
    for table in app.dataframe:
        yield from (str(cell) for name in table.value.columns for cell in table.value[name])


def texts(value: Any) -> Iterator[str]:
    """The texts inside a message, without the bytes of its tables and without ids."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key not in ("data", "id", "arrowData", "elementId"):
                yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)
    elif isinstance(value, str):
        yield _IDS.sub("", value)


_IDS = re.compile(r"\$\$ID[^\"]*")
"""What Streamlit calls its own elements."""


def amounts(app: AppTest) -> list[list[float]]:
    """The columns of money of a page's tables."""
    found = []
    for table in app.dataframe:
        settings = json.loads(table.proto.columns)
        for name, column in settings.items():
            form = (column.get("type_config") or {}).get("format") or ""
            if form.startswith(("$", YEN.sign)):
                found.append([float(cell) for cell in table.value[name]])
    return found


@pytest.mark.parametrize(("name", "params"), VISITS)
def test_no_dollar_is_drawn_where_amounts_are_in_yen(
    open_page: Open,
    yen_database: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    params: dict[str, str],
) -> None:
    """No sign of dollars in words, headings, charts or cells; each figure is the rate times it."""
    dollars = amounts(open_page(name, params))
    app = harness.opener(tmp_path, tmp_path, monkeypatch, yen_database)(name, params)
    assert not app.exception
    assert [one for one in drawn(app) if "$" in one] == []
    for usd, yen in zip(dollars, amounts(app), strict=True):
        assert yen == pytest.approx([value * YEN.per_usd for value in usd], nan_ok=True)


def test_the_visits_show_money(
    yen_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the law looks for is there to be found, and the page Data says the rate."""
    visit = harness.opener(tmp_path, tmp_path, monkeypatch, yen_database)
    queue = visit("queue")
    assert any(YEN.sign in one for one in drawn(queue))
    assert amounts(queue)
    sentence = "Amounts are shown in JPY at the rate of 2026-09-29: 1 USD = 149.2 JPY."
    assert sentence in harness.plain_words(visit("data"))


@pytest.mark.parametrize(
    ("currency", "small", "whole", "large", "below"),
    [
        (DOLLARS, "$1.50", "$2", "$1.23M", "$0.003"),
        (YEN, "¥224", "¥298", "¥184M", "¥0.4"),
        (Currency("KWD", 3, 0.5), "KWD\xa00.750", "KWD\xa01", "KWD\xa0617K", "KWD\xa00.0015"),
        (Currency("SGD", 2, 2.0), "SGD\xa03", "SGD\xa04", "SGD\xa02.47M", "SGD\xa00.006"),
    ],
)
def test_an_amount_has_the_decimals_of_its_currency(
    currency: Currency, small: str, whole: str, large: str, below: str
) -> None:
    """0, 2 and 3 of them, the sign or code before it, a price in one digit more."""
    show_in(currency)
    try:
        assert [text.money(usd) for usd in (1.5, 2.0, 1_234_567.0)] == [small, whole, large]
        assert text.price(0.003) == below
        assert text.money(-2.0) == f"\u2212{whole}"
        digits = text.money(2.0, compact=False).partition(".")[2]
        assert len(digits) == currency.decimals
    finally:
        show_in(DOLLARS)


@pytest.mark.usefixtures("in_yen")
def test_an_axis_has_round_numbers_of_its_currency() -> None:
    """Ticks are round in yen, and stand where the dollars of the data are."""
    ticks = value_ticks([0.0, 900.0], "money")
    assert ticks["ticktext"] == ["¥0", "¥50K", "¥100K"]
    assert ticks["tickvals"] == pytest.approx([0, 50_000 / 149.2, 100_000 / 149.2])
    assert hover_texts([900.0], "money") == ["¥134,280"]
    assert text.value(900.0, "money") == "¥134K"


@pytest.mark.parametrize("rate", [0.00004, 0.0067, 0.77, 3.25])
def test_a_rate_is_said_to_four_digits(rate: float) -> None:
    """Whatever its size."""
    said = Currency("XYZ", 2, 1 / rate).sentence().partition(" = ")[2].removesuffix(" XYZ.")
    assert math.isclose(float(said.replace(",", "")), 1 / rate, rel_tol=1e-3)


def test_dollars_need_no_sentence() -> None:
    """Nobody is told a rate of one."""
    assert shown().sentence() == ""
