"""What playbooks ask for, worked out again: refunds from delivered rows, figures from features."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

import queries
from queries.catalogue import features
from tests.laws.asking import rows
from tests.laws.outcomes import Delivery

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from pipeline.build import Report
    from tests.laws.delivered import Raw

CELL = ["category", "market", "month"]
SUBJECTS = ("merchant", "product", "creator", "buyer")


@pytest.fixture(scope="module")
def delivery(raw: Raw, built: Report) -> Iterator[Delivery]:
    """The delivered rows, worked out once."""
    with queries.connect(built.database) as con:
        yield Delivery(raw, con)


def test_reasons_are_those_delivered_beside_what_others_made(
    con: duckdb.DuckDBPyConnection, delivery: Delivery, raw: Raw
) -> None:
    """Of each type the subject with the most requests: counts, and the usual cell by cell."""
    clocks = rows(con, "select market, last_whole_day as last from metrics.clocks")
    orders = (
        delivery.orders.join(clocks, on="market")
        .join(raw("products").select("product_id", "category"), on="product_id")
        .with_columns(age=(pl.col("last") - pl.col("day")).dt.total_days())
        .filter(pl.col("age").is_between(0, 89))
        .with_columns(month=pl.col("age") // 30)
    )
    asked = raw("refunds").select("order_id", "reason").join(orders, on="order_id")
    for kind in SUBJECTS:
        key = f"{kind}_id"
        who = asked.drop_nulls(key)[key].value_counts(sort=True).sort("count", key).row(-1)[0]
        told = queries.run(con, "pages/investigate/refund_reasons", keys=[f"{kind}:{who}"])
        own, own_asked = (frame.filter(pl.col(key) == who) for frame in (orders, asked))
        counts = dict(own_asked["reason"].value_counts().iter_rows())
        assert dict(told.select("reason", "requests").iter_rows()) == counts, kind
        assert set(told["orders"]) == {own.height}
        for reason, usual in told.select("reason", "usual").iter_rows():
            others = orders.join(own.select("order_id"), on="order_id", how="anti")
            rate = (
                others.join(
                    asked.filter(pl.col("reason") == reason)
                    .group_by("order_id")
                    .agg(pl.len().alias("n")),
                    on="order_id",
                    how="left",
                )
                .group_by(CELL)
                .agg(rate=pl.col("n").fill_null(0).mean())
            )
            expected = own.join(rate, on=CELL)["rate"].sum()
            assert usual == pytest.approx(expected, abs=1e-5), (kind, reason)


def test_a_figure_is_the_feature_of_the_last_snapshot(con: duckdb.DuckDBPyConnection) -> None:
    """Each named one is in the catalogue, equal for everybody; levels are quantiles of them."""
    figures = rows(con, "select * from metrics.subject_figures")
    levels = rows(con, "select * from metrics.feature_levels where peer_group is null")
    assert figures.height > 1_000
    for (kind, feature), own in figures.group_by("entity_type", "feature"):
        assert feature in features(str(kind)), feature
        stored = rows(
            con,
            f"select {kind}_id as entity_id, {feature} as stored from features.{kind} "
            f"where as_of = (select as_of from meta.build) and {feature} is not null",
        )
        joined = own.join(stored, on="entity_id", how="full")
        assert joined["stored"].equals(joined["figure"]), feature
        level = levels.filter(pl.col("entity_type") == kind, pl.col("feature") == feature)
        assert level["entities"].to_list() == [own.height]
        for name, share in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9)):
            quantile = own["figure"].quantile(share, "linear")
            assert level[name][0] == pytest.approx(quantile), (feature, name)
