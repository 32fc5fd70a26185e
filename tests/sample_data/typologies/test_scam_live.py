"""T14: a scam live has a script, a bargain that was none, and claims two weeks on."""

import polars as pl

from sample_data.typologies import scam_live
from tests.sample_data.conftest import Sample
from tests.sample_data.live_sessions import KEY, live_sessions_of
from tests.sample_data.signatures import DAY, share


def test_accomplices_speak_from_one_script_in_several_rooms(dense: Sample) -> None:
    """T14: accounts of a crew turn up in three rooms and more, and their lines come back."""
    crews = dense.members(scam_live.NAME, "buyer").select(
        "ring_id", "variant", buyer_id="entity_id"
    )
    said = dense.table("live_comments").join(crews, on="buyer_id")
    naive = said.filter(pl.col("variant") == "naive")
    each = naive.group_by("buyer_id").agg(pl.col(KEY).n_unique())
    assert share(each, pl.col(KEY) >= 3) > 0.5
    again = pl.col(KEY).n_unique().over("ring_id", "body") >= 2
    assert share(naive, again) > 0.6
    assert naive["body"].n_unique() < 0.5 * naive.height


def test_honest_regulars_also_speak_in_many_rooms(dense: Sample) -> None:
    """T14 look-alikes: far more honest accounts comment in three rooms and more."""
    crews = dense.members(scam_live.NAME, "buyer")["entity_id"].implode()
    with_account = dense.table("live_comments").filter(pl.col("buyer_id").is_not_null())
    each = with_account.group_by("buyer_id").agg(pl.col(KEY).n_unique()).filter(pl.col(KEY) >= 3)
    theirs = each.filter(pl.col("buyer_id").is_in(crews))
    assert each.height - theirs.height >= 2 * theirs.height > 0


def test_buyers_of_a_scam_live_claim_within_two_weeks_of_delivery(dense: Sample) -> None:
    """T14: a surge of not-as-described claims 5 to 15 days after delivery, earlier elsewhere."""
    scams = live_sessions_of(dense, scam_live.NAME).select(KEY, "variant")
    live = dense.orders.filter(pl.col("delivered_at") < dense.end - 16 * DAY)
    live = live.filter(pl.col("channel") == "live")
    wait = pl.col("requested_at") - pl.col("delivered_at")
    surge = wait.is_between(5 * DAY, 15 * DAY) & (pl.col("reason") == "not_as_described")
    there = live.join(scams, on=KEY)
    elsewhere = live.join(scams, on=KEY, how="anti")
    assert share(there, surge) > 4 * share(elsewhere, surge)
    naive = there.filter(pl.col("variant") == "naive")
    assert naive.is_empty() or share(naive, surge) > 0.2


def test_a_scam_recurs_across_sessions_of_a_host(dense: Sample) -> None:
    """T14: hosts repeat it; its base rate is some percent of the sessions."""
    scams = live_sessions_of(dense, scam_live.NAME)
    each = scams.group_by("creator_id").len()["len"]
    assert each.min() >= 1  # type: ignore[operator]
    assert each.median() >= 3  # type: ignore[operator]
    assert scams.group_by("ring_id").agg(pl.col("creator_id").n_unique())["creator_id"].max() == 2


def test_scam_bargains_were_marked_up_before(dense: Sample) -> None:
    """T14: listings of the bargain rose within the two days before a scripted session."""
    versions = dense.table("listing_versions").sort("product_id", "version")
    before = pl.col("price_minor").shift(1).over("product_id")
    rises = versions.filter(pl.col("price_minor") > 1.2 * before).select("product_id", "valid_from")
    scams = live_sessions_of(dense, scam_live.NAME).select(KEY, "started_at")
    sold = dense.table("orders").join(scams, on=KEY).join(rises, on="product_id")
    lead = pl.col("started_at") - pl.col("valid_from")
    with_markup = sold.filter(lead.is_between(1.9 * DAY, 2.1 * DAY))[KEY].n_unique()
    assert with_markup > 0.3 * scams.height
