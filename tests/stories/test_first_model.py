"""No labels, no signals: an afternoon of deciding gives a first model."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

import queries
from dashboard.access import Viewer
from dashboard.casebook import open_casebook
from dashboard.cases.records import DecisionDraft
from dashboard.cases.states import Verdict
from pipeline.build import Order, build
from pipeline.settings.build import LabelSettings, Settings
from pipeline.settings.models import ModelSettings
from queries.contract import raw_tables
from tests import raw_folder
from tests.dashboard.harness import opener, plain_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

pytestmark = pytest.mark.slow  # builds twice

SHOPS, ORDERS, DAYS = 60, 1500, 90
FIRST = datetime(2018, 1, 1)  # noqa: DTZ001 - instants of the contract are UTC without zone
AS_OF = date(2018, 4, 1)
NEEDED = LabelSettings.min_positives, LabelSettings.min_negatives
SETTINGS = Settings(model=ModelSettings(trees=20))


def plain_shops(folder: Path) -> Path:
    """Shops that share nothing, buyers who come back, no label and nothing else."""
    random = np.random.default_rng(5)
    frames = {name: frame.clear() for name, frame in raw_folder.frames().items()}
    template = {name: raw_folder.frames()[name].head(1) for name in
                ("merchants", "products", "buyers", "orders")}  # fmt: skip
    numbers = {"merchants": SHOPS, "products": SHOPS, "buyers": 400, "orders": ORDERS}
    for name, count in numbers.items():
        frames[name] = pl.concat([template[name]] * count)
    shop, buyer = random.integers(0, SHOPS, ORDERS), random.integers(0, 400, ORDERS)
    placed = [FIRST + timedelta(days=DAYS * number / ORDERS) for number in range(ORDERS)]
    price = random.integers(500, 9000, ORDERS)
    own = {
        "merchants": {"merchant_id": ids("shop", SHOPS), **own_ids("m", SHOPS, MERCHANT_IDS)},
        "products": {"product_id": ids("item", SHOPS), "merchant_id": ids("shop", SHOPS),
                     "image_id": ids("i", SHOPS)},
        "buyers": {"buyer_id": ids("buyer", 400)},
        "orders": {
            "order_id": ids("o", ORDERS),
            "merchant_id": [f"shop{number}" for number in shop],
            "product_id": [f"item{number}" for number in shop],
            "buyer_id": [f"buyer{number}" for number in buyer],
            "items_minor": price, "paid_minor": price, "quantity": [1] * ORDERS,
            "created_at": placed, "paid_at": placed,
            **{name: [f"{name}{number}" for number in buyer] for name in ORDER_IDS},
        },
    }  # fmt: skip
    for name, columns in own.items():
        frames[name] = replaced(name, frames[name], columns)
    return raw_folder.write(folder, frames)


MERCHANT_IDS = ("bank_account_id", "return_address_id", "warehouse_id", "erp_app_id", "device_id")
ORDER_IDS = ("device_id", "ip_id", "address_id", "payment_token_id")


def ids(prefix: str, count: int) -> list[str]:
    """`shop0`, `shop1` and so on."""
    return [f"{prefix}{number}" for number in range(count)]


def own_ids(prefix: str, count: int, columns: tuple[str, ...]) -> dict[str, list[str]]:
    """An identifier of its own for each."""
    return {name: ids(f"{prefix}-{name}", count) for name in columns}


def replaced(table: str, frame: pl.DataFrame, columns: dict[str, object]) -> pl.DataFrame:
    """The frame with some columns; whatever may be null is, and instants are early."""
    others = [one for name, one in raw_tables()[table].columns.items() if name not in columns]
    instants = [one.name for one in others if one.type == "timestamp" and not one.nullable]
    empty = [pl.lit(None, frame[one.name].dtype).alias(one.name) for one in others if one.nullable]
    early = [pl.lit(FIRST, pl.Datetime("us")).alias(name) for name in instants]
    series = [
        pl.Series(name, values, dtype=frame[name].dtype, strict=False)
        for name, values in columns.items()
    ]
    return frame.with_columns(*empty, *early, *series)


def decide(casebook: Path, count: tuple[int, int]) -> pl.DataFrame:
    """That many shops convicted and cleared on the day the data stand at; their labels."""
    book = open_casebook(f"sqlite:///{casebook}")
    for number in range(sum(count)):
        draft = DecisionDraft(
            "merchant", f"shop{number}", Verdict.FALSE_POSITIVE, f"key-{number}",
            note="Nothing odd about it.", data_day=AS_OF, as_of=AS_OF,
        )  # fmt: skip
        if number < count[0]:
            draft = replace(
                draft, verdict=Verdict.CONFIRMED, typology="T10_FRAUD_MERCHANT", action="MONITOR",
                reason_codes=("T10.R01_TURNED_AND_UNSENT",),
            )  # fmt: skip
        book.decide(draft, viewer=Viewer("ann"))
    return book.labels_frame()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The delivery, and beside it the first build."""
    folder = tmp_path_factory.mktemp("plain")
    plain_shops(folder / "raw")
    build(Order(folder / "raw", folder, SETTINGS))
    return folder


@pytest.fixture
def open_page(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., AppTest]:
    """Pages of the first build."""
    return opener(tmp_path, tmp_path, monkeypatch, folder / "ringfence.duckdb")


def test_the_empty_queue_counts_what_a_first_model_lacks(
    open_page: Callable[..., AppTest], tmp_path: Path
) -> None:
    """And the number moves with every verdict, before anybody builds."""
    text = plain_words(open_page("queue"))
    assert "No alert is open." in text
    assert "There are no scores, for too few verdicts are in" in text
    assert f"{NEEDED[0]} bad and {NEEDED[1]} good verdicts are missing for a first model" in text
    decide(tmp_path / "casebook.sqlite", (2, 3))
    text = plain_words(open_page("queue"))
    assert f"{NEEDED[0] - 2} bad and {NEEDED[1] - 3} good verdicts are missing" in text
    assert "2 bad and 3 good were given since this build" in text


def test_an_afternoon_of_deciding_gives_a_first_model(folder: Path, tmp_path: Path) -> None:
    """The build after as many verdicts as the settings ask for scores every shop."""
    labels = decide(tmp_path / "casebook.sqlite", NEEDED)
    report = build(Order(folder / "raw", tmp_path, SETTINGS, labels))
    assert report.waiting == ""
    with queries.connect(report.database) as con:
        sql = "select positives, negatives, model_version is not null from scores.models"
        card = con.execute(f"{sql} where entity_type = 'merchant'").fetchall()
        assert card == [(*NEEDED, True)]
        scored = "select count(*) from scores.scores where entity_type = 'merchant' and as_of = $d"
        assert queries.scalar(con, scored, {"d": AS_OF}) == SHOPS


def test_one_verdict_less_gives_none(folder: Path, tmp_path: Path) -> None:
    """The number on the page is the number of the build."""
    labels = decide(tmp_path / "casebook.sqlite", (NEEDED[0] - 1, NEEDED[1]))
    report = build(Order(folder / "raw", tmp_path, SETTINGS, labels))
    with queries.connect(report.database) as con:
        sql = "select model_version from scores.models where entity_type = 'merchant'"
        assert queries.scalar(con, sql) is None
