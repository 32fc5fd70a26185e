"""What was delivered, set aside and off, and where a number comes from, as values."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest

from dashboard.view_models.data import (
    METRIC,
    NUMBERS,
    TABLE,
    DeliveryView,
    LineageView,
    OffView,
    SetAsideView,
    number_of,
    numbers,
)
from queries.vocabulary import ENTITY_TYPES
from tests.dashboard.tiny_entities import HOSTILE

AS_OF, BUILT = date(2026, 5, 1), datetime(2026, 5, 1, 3, 4, tzinfo=UTC)


def delivered(*rows: tuple[str, int, str | None, datetime | None]) -> pl.DataFrame:
    """Rows of `pages/data/delivered` that began on the first of April."""
    first = datetime(2026, 4, 1)  # noqa: DTZ001 - UTC without a zone, as delivered
    return pl.DataFrame(
        [(name, count, clock, first if last else None, last) for name, count, clock, last in rows],
        schema={"table_name": pl.String, "row_count": pl.Int64, "clock": pl.String,
                "first_at": pl.Datetime, "last_at": pl.Datetime},
        orient="row",
    )  # fmt: skip


def day(number: int, month: int = 4) -> datetime:
    """Noon of a day."""
    return datetime(2026, month, number, 12)  # noqa: DTZ001


def test_the_delivery_counts_tables_and_says_how_fresh_they_are() -> None:
    """Those without rows stand last; a table that keeps up is not behind."""
    rows = delivered(
        ("buyers", 0, "registered_at", None),
        ("orders", 60, "created_at", day(30)),
        ("refunds", 3, "requested_at", day(20)),
        ("commissions", 3, "eligible_at", day(9, 5)),
        ("markets", 2, None, None),
    )
    view = DeliveryView.of(rows, AS_OF, BUILT, ["merchant", "live_session"])
    assert view.headline == "4 of 5 tables delivered; the last order is of 2026-04-30 12:00 UTC"
    assert view.caption == (
        "Built 2026-05-01 03:04 UTC from what was known before 2026-05-01. "
        "The scores of merchants and live sessions were handed over."
    )
    assert view.table["name"].to_list() == ["orders", "refunds", "commissions", "markets", "buyers"]
    assert view.table["behind"].to_list() == [None, 10, None, None, None]
    assert view.table["purpose"][0].startswith("One row per order")


def test_a_build_without_orders_says_so() -> None:
    """Scores that came alone."""
    view = DeliveryView.of(delivered(("orders", 0, "created_at", None)), AS_OF, BUILT, [])
    assert view.headline == "0 of 1 table delivered; no order is there"


def aside(*rows: tuple[str, str, str, int, list[str]]) -> pl.DataFrame:
    """Rows of `pages/data/set_aside`."""
    names = ["raw_table", "column_name", "reason", "row_count", "examples"]
    types = [pl.String, pl.String, pl.String, pl.Int64, pl.List(pl.String)]
    return pl.DataFrame(rows, schema=dict(zip(names, types, strict=True)), orient="row")


def test_what_was_set_aside_is_counted_with_examples() -> None:
    """Hostile ids are text."""
    rows = aside(("orders", "buyer_id", "refers to no buyer", 1200, ["o1", HOSTILE]))
    view = SetAsideView.of(rows)
    assert view.sentence == "1,200 rows were set aside: no number of this build counts them."
    assert "o1, <img" in view.table["examples"][0]
    nothing = SetAsideView.of(aside())
    assert nothing.sentence == "No row was set aside."
    assert nothing.table.is_empty()


def test_what_is_off_is_counted_by_kind_and_gives_its_reason() -> None:
    """A pack, its signals and features are told apart; nothing off is a sentence."""
    names = ["kind", "entity_type", "name", "label", "missing", "reason"]
    rows = pl.DataFrame(
        [
            ("pack", None, "T5", "Fake fulfilment", ["shipments"], "Table shipments is missing"),
            ("signal", "merchant", "S1", "Light parcels", ["shipments"], "Table is missing"),
            ("signal", "merchant", "S2", "No scans", ["shipments"], "Table is missing"),
        ],
        schema=names,
        orient="row",
    )
    view = OffView.of(rows)
    assert view.sentence.startswith("1 pack and 2 signals are off, for what they need")
    assert view.table.row(0, named=True) == {
        "what": "Fake fulfilment",
        "kind": "Pack",
        "entity": "",
        "reason": "Table shipments is missing",
        "missing": "shipments",
    }
    assert "Nothing is off" in OffView.of(rows.clear()).sentence


@pytest.mark.parametrize("kind", NUMBERS)
def test_every_number_that_is_offered_has_a_chain(kind: str) -> None:
    """Metrics, features of every type, and tables: none leads nowhere."""
    codes = numbers(kind)
    assert codes
    for code in list(codes)[:: max(len(codes) // 8, 1)]:
        view = LineageView.of(number_of(kind, code), "")
        assert view.steps[0] == view.shown
        assert view.shown.sql
        assert len(view.table()) == len(view.steps)
        assert "raw table" in view.sentence


def test_a_feature_says_how_an_analyst_checks_it() -> None:
    """The evidence and its aggregate are part of where a number comes from."""
    view = LineageView.of(number_of("merchant", "refund_rate_30d"), "raw.refunds")
    assert "evidence/refunds.sql" in view.evidence
    assert [step.table for step in view.steps[:2]] == ["features.merchant", "evidence/refunds"]
    assert view.steps[1].sql
    assert view.shown.table == "raw.refunds"
    assert view.table().filter(pl.col("mark") != "")["table"].to_list()[0].endswith("raw.refunds")
    assert LineageView.of(number_of(METRIC, "gmv_usd"), "").evidence == ""
    assert set(NUMBERS) == {METRIC, TABLE, *ENTITY_TYPES}
