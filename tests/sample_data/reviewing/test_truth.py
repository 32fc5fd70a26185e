"""The truth says who was wronged, what it cost whom, and what clears the honest."""

import re

import polars as pl

from sample_data.typologies import (
    affiliate_fraud,
    brushing,
    incentive_abuse,
    refund_abuse,
)
from tests.sample_data.conftest import Sample
from tests.sample_data.signatures import ring_truth

PUBLIC_ID = re.compile(r"\b(mer|cre|buy|prd|pro|ord|rng|ses|liv)_[0-9a-z]+", re.IGNORECASE)


def test_nobody_is_both_bad_and_a_look_alike(dense: Sample) -> None:
    """Look-alikes of shops, creators and buyers are innocent; each says what clears it."""
    actors = dense.truth.filter(
        pl.col("entity_type").is_in(["merchant", "creator", "buyer"]) & (pl.col("role") == "actor")
    )
    verdicts = actors.group_by("entity_type", "entity_id").agg(
        pl.col("is_hard_negative").n_unique()
    )
    assert verdicts["is_hard_negative"].max() == 1
    alike = dense.truth.filter(pl.col("is_hard_negative"))
    assert alike["clears_because"].null_count() == 0
    assert alike["loss_usd"].sum() == 0.0


def test_every_ring_says_what_to_find_without_giving_ids_away(dense: Sample) -> None:
    """A fact is a sentence an analyst can check; no public id stands in it."""
    for row in ring_truth(dense).iter_rows(named=True):
        assert row["facts"], row["typology"]
        assert not any(PUBLIC_ID.search(fact) for fact in row["facts"]), row["facts"]


def test_losses_have_a_bearer_and_add_up(dense: Sample) -> None:
    """What stories about orders cost is borne by rivals, platform and shops, as the domain says."""
    rings = ring_truth(dense)
    bearers = {
        brushing: "rival",
        incentive_abuse: "platform",
        affiliate_fraud: "merchant",
        refund_abuse: "merchant",
    }
    for module, bearer in bearers.items():
        mine = rings.filter(pl.col("typology") == module.NAME)
        assert float(mine[f"loss_{bearer}_usd"].sum()) > 100.0, module.NAME
    columns = [name for name in rings.columns if name.startswith("loss_")]
    honest = rings.filter(pl.col("is_hard_negative")).select(pl.sum_horizontal(columns).sum())
    assert honest.item() == 0.0
