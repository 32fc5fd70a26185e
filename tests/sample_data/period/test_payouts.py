"""Money adds up to the cent over the whole marketplace."""

import sys

import numpy as np
import polars as pl
import pytest

from tests.sample_data.conftest import Sample


def _ledger(sample: Sample) -> pl.DataFrame:
    """Every order with what came in for it and what went out, in minor units; 0 = nothing."""
    refund = sample.table("refunds").select("order_id", "refunded_at", back="amount_minor")
    took = ("clawed_back_at", "clawed_back_minor")
    settlement = sample.table("settlements").select(
        "order_id", "eligible_at", "settled_at", *took, shop="amount_minor"
    )
    creator = sample.table("commissions").select(
        "order_id",
        due="eligible_at",
        rewarded_at="paid_at",
        reward="amount_minor",
        reward_clawed_at="clawed_back_at",
        reward_clawed="clawed_back_minor",
    )
    dispute = sample.table("disputes").select(
        "order_id", "outcome", contested="amount_minor", contested_at="event_at"
    )
    rows = sample.table("orders")
    for part in (refund, settlement, creator, dispute):
        rows = rows.join(part, on="order_id", how="left")
    numbers = ("back", "shop", "clawed_back_minor", "reward", "reward_clawed", "contested")
    rows = rows.with_columns(pl.col(*numbers).fill_null(0))
    back = pl.when(pl.col("refunded_at").is_not_null()).then("back").otherwise(0)
    charged_back = pl.when(pl.col("outcome") == "lost").then("contested").otherwise(0)
    return rows.with_columns(back=back, charged_back=charged_back)


def _if(condition: pl.Expr, amount: str) -> pl.Expr:
    return pl.when(condition.fill_null(value=False)).then(amount).otherwise(0)


def test_no_order_gives_back_more_than_was_paid(sample: Sample) -> None:
    """Refund and lost dispute together stay within the payment, once per order each."""
    rows = _ledger(sample)
    assert rows["order_id"].n_unique() == rows.height == sample.table("orders").height
    assert (rows["back"] + rows["charged_back"] <= rows["paid_minor"]).all()
    assert rows.filter(pl.col("paid_at").is_null())["back"].sum() == 0
    early = _if(pl.col("refunded_at") < pl.col("contested_at"), "back")
    contested = rows.filter(pl.col("contested") > 0).select(
        early + pl.col("contested"), "paid_minor"
    )
    assert (contested["back"] <= contested["paid_minor"]).all()


def test_a_shop_gets_paid_less_early_refund_less_commission(sample: Sample) -> None:
    """Settlement = max(0, paid - refunded before the due date - commission)."""
    rows = _ledger(sample).filter(pl.col("eligible_at").is_not_null())
    early = rows.select(_if(pl.col("refunded_at") < pl.col("eligible_at"), "back")).to_series()
    expected = (rows["paid_minor"] - early - rows["reward"]).clip(lower_bound=0)
    assert (rows["shop"] == expected).all()


def test_a_creator_gets_the_rate_on_what_was_kept(sample: Sample) -> None:
    """Commission = rate x items x share not refunded within 15 days of the delivery."""
    rows = _ledger(sample).filter(pl.col("due").is_not_null())
    refunded_minor = (
        rows.select(_if(pl.col("refunded_at") < pl.col("due"), "back")).to_series().to_numpy()
    )
    kept_share = 1.0 - refunded_minor / np.maximum(rows["paid_minor"].to_numpy(), 1)
    exact = rows["items_minor"].to_numpy() * rows["commission_rate"].to_numpy() * kept_share
    assert np.abs(rows["reward"].to_numpy() - np.floor(exact + 1e-6)).max() == 0
    parcels = rows.join(sample.table("shipments"), on="order_id")
    assert (parcels["due"] - parcels["delivered_at"]).unique().dt.total_days().to_list() == [15]


def test_only_money_paid_out_before_a_refund_is_taken_back(sample: Sample) -> None:
    """A claw-back has a payout and a later refund, and never exceeds either."""
    rows = _ledger(sample)
    for clawback, at, amount in (
        ("clawed_back_minor", "clawed_back_at", "shop"),
        ("reward_clawed", "reward_clawed_at", "reward"),
    ):
        assert ((rows[clawback] > 0) == rows[at].is_not_null()).all()
        assert (rows[clawback] <= rows[amount]).all()
        assert rows.filter((pl.col(clawback) > 0) & (pl.col("back") == 0)).height == 0
    assert (rows["clawed_back_minor"] + rows["reward_clawed"] <= rows["back"]).all()


def test_a_late_refund_costs_the_shop_more_often_than_the_creator(sample: Sample) -> None:
    """Most refunds after the shop's payout are taken back from it, few from the creator."""
    rows, shares = _ledger(sample), []
    parts = (
        ("settled_at", "eligible_at", "clawed_back_minor"),
        ("rewarded_at", "due", "reward_clawed"),
    )
    for paid_at, due, clawback in parts:
        over = pl.col(paid_at).is_not_null() & (pl.col("refunded_at") >= pl.col(due))
        late = rows.filter(over)
        assert late.height > 20
        shares.append(float((late[clawback] > 0).mean()))  # type: ignore[arg-type]
    assert 0.3 < shares[0] < 0.8
    assert 0.0 <= shares[1] < 0.35


def _with_holdings(rows: pl.DataFrame) -> pl.DataFrame:
    """What the marketplace should hold of each order, from what is still owed and what it bore.

    `held`: not yet due to anybody. `borne`: refunds after the payout that nobody gave back,
    commission beyond what was left of the payment, and disputes lost at the bank.
    """
    is_delivered = pl.col("eligible_at").is_not_null()
    owed = pl.when(pl.col("settled_at").is_null()).then("shop").otherwise(0)
    owed = owed + pl.when(pl.col("rewarded_at").is_null()).then("reward").otherwise(0)
    early = _if(pl.col("refunded_at") < pl.col("eligible_at"), "back")
    late = _if(pl.col("refunded_at") >= pl.col("eligible_at"), "back")
    short = (early + pl.col("shop") + pl.col("reward") - pl.col("paid_minor")).clip(lower_bound=0)
    borne = late - pl.col("clawed_back_minor") - pl.col("reward_clawed") + short
    return rows.with_columns(
        held=pl.when(is_delivered).then(owed).otherwise(pl.col("paid_minor") - pl.col("back")),
        borne=pl.when(is_delivered).then(borne).otherwise(0) + pl.col("charged_back"),
    )


def test_the_marketplace_ledger_leaves_no_cent(
    sample: Sample, capsys: pytest.CaptureFixture[str]
) -> None:
    """Paid in - given back - paid out + taken back = still held - borne, for every order."""
    took = pl.col("paid_at").is_not_null() & pl.col("cancelled_at").is_null()
    rows = _with_holdings(_ledger(sample).filter(took))
    out = _if(pl.col("settled_at").is_not_null(), "shop")
    out = out + _if(pl.col("rewarded_at").is_not_null(), "reward")
    out = out - pl.col("clawed_back_minor") - pl.col("reward_clawed")
    balance = pl.col("paid_minor") - pl.col("back") - pl.col("charged_back") - out
    residual = rows.with_columns(residual=balance - (pl.col("held") - pl.col("borne")))
    left = residual.group_by("currency").agg(pl.col("residual").abs().sum()).sort("currency")
    with capsys.disabled():
        summary = f"over {rows.height} orders: {dict(left.rows())}"
        sys.stdout.write(f"\nledger residual in minor units {summary}\n")
    assert rows["held"].min() >= 0  # type: ignore[operator]
    assert left["residual"].to_list() == [0] * left.height


def test_money_is_taken_back_for_a_refund(sample: Sample) -> None:
    """A claw-back follows the refund it is for."""
    refund = sample.table("refunds").select("order_id", "refunded_at")
    for table in ("settlements", "commissions"):
        clawbacks = sample.table(table).filter(pl.col("clawed_back_at").is_not_null())
        rows = clawbacks.join(refund, on="order_id", how="left")
        assert (rows["refunded_at"] <= rows["clawed_back_at"]).all()
        assert rows["refunded_at"].null_count() == 0
