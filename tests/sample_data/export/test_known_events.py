"""The calendar says what was no attack."""

from datetime import datetime, time, timedelta

import polars as pl
import pytest

from sample_data.kit import timeline
from sample_data.kit.markets import MARKETS
from sample_data.period.fulfilment import STRIKE_MARKET
from sample_data.reviewing import enforcement
from tests.sample_data.conftest import Sample


def on(sample: Sample, day: float) -> datetime:
    """The instant so many days after the start."""
    return datetime.combine(sample.world.settings.start, time()) + timedelta(days=day)


@pytest.mark.parametrize(
    ("kind", "day"),
    [
        ("carrier", timeline.CARRIER_STRIKE_DAY),
        ("policy", timeline.POLICY_CHANGE_DAY),
        ("policy", timeline.BIASED_RULE_DAY),
        ("viral", timeline.VIRAL_LIVE_DAY),
        ("outage", timeline.LABEL_OUTAGE_DAY),
        ("release", timeline.MODEL_DRIFT_DAY),
    ],
)
def test_the_calendar_knows_what_was_no_attack(sample: Sample, kind: str, day: int) -> None:
    """An event of that kind starts on that day."""
    events = sample.table("calendar").filter(pl.col("kind") == kind)
    begins = events["starts_at"].is_between(on(sample, day), on(sample, day + 2), closed="left")
    assert begins.any()


def test_every_carrier_of_the_lane_announces_the_strike(sample: Sample) -> None:
    """One incident per carrier of the market, over the days in the calendar, told within a day."""
    strike = sample.table("calendar").filter(pl.col("kind") == "carrier").row(0, named=True)
    incidents = sample.table("carrier_incidents").filter(pl.col("kind") == "strike")
    assert set(incidents["carrier"]) == set(MARKETS[STRIKE_MARKET].carriers)
    assert set(incidents["market"]) == {strike["market"]}
    assert set(incidents["starts_at"]) == {strike["starts_at"]}
    assert set(incidents["ends_at"]) == {strike["ends_at"]}
    assert (incidents["observed_at"] - incidents["starts_at"]).max() < timedelta(days=1)  # type: ignore[operator]


def test_policies_are_announced_before_they_hold(sample: Sample) -> None:
    """The easier refunds come with a week's notice; the rule comes and goes."""
    policies = sample.table("policy_changes")
    effective = dict(policies.select("title", "effective_at").iter_rows())
    assert effective[enforcement.RULE_TITLE] == on(sample, timeline.BIASED_RULE_DAY)
    assert effective[enforcement.WITHDRAWN_TITLE] == on(sample, timeline.APPEALS_WAVE_DAY)
    easier = policies.filter(pl.col("effective_at") == on(sample, timeline.POLICY_CHANGE_DAY))
    notice = (easier["effective_at"] - easier["announced_at"]).to_list()
    assert notice == [timedelta(days=7)]


def test_models_go_live_on_the_day_of_the_drift(sample: Sample) -> None:
    """Every entity type gets a model that day, and the rule's versions frame its days."""
    releases = sample.table("model_releases")
    that_day = releases.filter(
        pl.col("released_at").dt.date() == on(sample, timeline.MODEL_DRIFT_DAY).date()
    )
    assert sorted(that_day["entity_type"]) == ["buyer", "creator", "merchant", "product"]
    rules = releases.filter(pl.col("version").str.starts_with("rule"))["released_at"]
    assert rules.min() == on(sample, timeline.BIASED_RULE_DAY)
    assert rules.max() == on(sample, timeline.APPEALS_WAVE_DAY)
