"""T15: one operator stands behind a chain, and every dollar is lost once."""

import polars as pl
import pytest

from sample_data.typologies import (
    cross_domain,
)
from tests.sample_data.conftest import Sample
from tests.sample_data.signatures import acting, inside, ring_orders, ring_truth


def test_chains_are_whole_and_of_the_domain_s_size(dense: Sample) -> None:
    """T15: 2-4 chains of 40-150 entities, each one ring of shops, listings, a creator, buyers."""
    chains = dense.truth.filter(pl.col("typology") == cross_domain.NAME)
    size = chains.group_by("ring_id").agg(pl.len(), pl.col("entity_type").n_unique())
    assert inside(size.height, (2, 4))
    assert size["len"].min() >= 40  # type: ignore[operator]
    assert size["len"].max() <= 150  # type: ignore[operator]
    assert size["entity_type"].min() == 4
    once = chains.group_by("entity_type", "entity_id").len()["len"]
    assert once.max() == 1


def test_a_chain_loses_every_dollar_once(dense: Sample) -> None:
    """T15: no order has two kinds of loss, and the ring's loss is the sum over its orders."""
    rows = _of_the_chain(dense)
    terms = [
        (pl.col("voucher_minor") > 0).cast(pl.Int64),
        pl.col("commission_rate").gt(0).cast(pl.Int64),
        pl.col("refund_minor").is_not_null().cast(pl.Int64),
    ]
    assert rows.select(pl.sum_horizontal(terms).max()).item() == 1
    commission = (pl.col("items_minor") * pl.col("commission_rate")).round(0)
    back = pl.when(pl.col("refunded_at").is_not_null()).then("refund_minor").otherwise(0)
    loss = (pl.col("voucher_minor") + commission + back) / 100.0 * pl.col("usd_per_unit")
    mine = rows.group_by("ring_id").agg(lost=loss.sum())
    rings = ring_truth(dense).select(
        "ring_id",
        told=pl.sum_horizontal(pl.selectors.starts_with("loss_") & pl.selectors.ends_with("_usd")),
    )
    for row in mine.join(rings, on="ring_id").iter_rows(named=True):
        assert row["lost"] == pytest.approx(row["told"], rel=0.02, abs=0.5)


def _of_the_chain(sample: Sample) -> pl.DataFrame:
    """Orders of a chain's accounts in its time; in mixed chains some are their own affair."""
    return ring_orders(sample, cross_domain.NAME, "buyer").filter(
        pl.col("variant") != "mixed_with_real"
    )


def test_one_operator_stands_behind_a_chain(dense: Sample) -> None:
    """T15: one payout account and return address for shops and creator; phones shared by roles."""
    merchants = acting(dense, cross_domain.NAME, "merchant")
    own = (
        merchants.join(dense.table("merchants"), on="merchant_id")
        .group_by("ring_id")
        .agg(pl.col("bank_account_id").unique(), pl.col("return_address_id").n_unique())
    )
    assert own["bank_account_id"].list.len().max() == 1
    assert own["return_address_id"].max() == 1
    paid = acting(dense, cross_domain.NAME, "creator").join(
        dense.table("creators"), on="creator_id"
    )
    same_account = paid.join(own, on="ring_id").select(
        pl.col("bank_account_id") == pl.col("bank_account_id_right").list.first()
    )
    assert same_account.to_series().all()
    rows = ring_orders(dense, cross_domain.NAME, "buyer").filter(variant="naive")
    praises, redeems = pl.col("rating").eq(5).any(), (pl.col("voucher_minor") > 0).any()
    phones = rows.group_by("ring_id", "device_id").agg(both=praises & redeems)
    assert phones["both"].sum() >= 1
