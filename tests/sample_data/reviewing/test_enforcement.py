"""An unfair rule, and the appeals that put some of it right."""

import polars as pl
import pytest

from sample_data.kit import timeline
from sample_data.reviewing import enforcement
from tests.sample_data.conftest import Sample
from tests.sample_data.label_tables import NAMED, active, days_in, guilty, labels_with_truth


def test_an_appeal_is_about_a_closure_and_known_later(dense: Sample) -> None:
    """It follows a bad verdict on its subject, and the wave comes on day 85."""
    labels = dense.table("labels")
    appeals = labels.filter(pl.col("source") == "appeal")
    keys = ["entity_type", "entity_id"]
    closures = labels.filter((pl.col("label") == "bad") & (pl.col("source") != "appeal"))
    closures = closures.group_by(keys).agg(closed_at=pl.col("known_at").min())
    both = appeals.join(closures, on=keys, how="left")
    assert (both["closed_at"] < both["known_at"]).all()
    by_day = appeals.group_by(day=days_in(dense, "observed_at")).len().sort("len")
    assert by_day["day"][-1] == timeline.APPEALS_WAVE_DAY


def test_appeals_overturn_wrong_closures(dense: Sample) -> None:
    """Nearly all appeals of the innocent succeed and few of the others; the last word is good."""
    appeals = labels_with_truth(dense).filter(pl.col("source") == "appeal")
    won = dict(appeals.group_by("is_bad").agg((pl.col("label") == "good").mean()).iter_rows())
    assert appeals.filter(~pl.col("is_bad")).height > 20
    assert won[False] > 0.85
    assert won[True] < 0.4


@pytest.mark.parametrize("entity_type", ["merchant", "buyer"])
def test_the_biased_rule_wrongs_one_market(dense: Sample, entity_type: str) -> None:
    """From day 72 honest newcomers of one market are called bad, several times as often."""
    rule_labels = labels_with_truth(dense).filter(
        (pl.col("source") == "rule") & (pl.col("entity_type") == entity_type)
    )
    days = rule_labels.select(day=days_in(dense, "decided_at"))["day"]
    assert days.min() >= timeline.BIASED_RULE_DAY  # type: ignore[operator]
    assert days.max() <= timeline.APPEALS_WAVE_DAY  # type: ignore[operator]
    assert 1.0 - rule_labels["is_bad"].mean() > 0.4  # type: ignore[operator]
    table, key, _name = NAMED[entity_type]
    actors = dense.table(table).select("market", entity_id=key)
    market = rule_labels.join(actors, on="entity_id")["market"].unique().to_list()
    assert market == [enforcement.market_code()]
    honest = active(dense, entity_type).join(actors, on="entity_id")
    honest = honest.join(guilty(dense), on="entity_id", how="anti")
    bad_ids = dense.table("labels").filter(pl.col("label") == "bad")["entity_id"]
    rates = honest.group_by(here=pl.col("market") == market[0]).agg(
        pl.col("entity_id").is_in(bad_ids.implode()).mean()
    )
    share = dict(rates.iter_rows())
    assert share[True] > 3.0 * share[False]
