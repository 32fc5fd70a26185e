"""The planted timeline happens on its days, and the calendar says what was no attack."""

from datetime import datetime, time, timedelta

import polars as pl
import pytest

from sample_data import story_list
from sample_data.kit import timeline
from sample_data.kit.markets import MARKETS
from sample_data.kit.settings import FEWEST
from sample_data.period.fulfilment import STRIKE_MARKET
from sample_data.reviewing import enforcement

from .conftest import Sample

DAYS = {name: value for name, value in vars(timeline).items() if name.endswith("_DAY")}


def on(sample: Sample, day: float) -> datetime:
    """The instant so many days after the start."""
    return datetime.combine(sample.made.settings.start, time()) + timedelta(days=day)


def test_the_shortest_world_holds_the_whole_timeline() -> None:
    """No day lies beyond the last one, which lies inside the fewest days a world may have."""
    spans = [day for name, value in vars(timeline).items() if name.endswith("_DAYS")
             for day in (value if isinstance(value, tuple) else ())]  # fmt: skip
    assert max([*DAYS.values(), *spans]) == timeline.LAST_DAY
    assert FEWEST["days"] > timeline.LAST_DAY
    assert set(timeline.HEADLINES.values()) <= set(range(timeline.LAST_DAY + 1))


def test_headlines_are_stories() -> None:
    """Every headline names a story module, so that its first ring starts that day."""
    assert set(timeline.HEADLINES) <= {module.NAME for module in story_list.modules()}


@pytest.mark.parametrize("name", timeline.HEADLINES)
def test_the_first_ring_of_a_headline_starts_on_its_day(sample: Sample, name: str) -> None:
    """Some ring of the story begins within three days, or while the voucher it is after runs."""
    rings = sample.truth.filter(pl.col("typology") == name).group_by("ring_id")
    starts = rings.agg(pl.col("started_at").min())["started_at"]
    day = timeline.HEADLINES[name]
    until = timeline.VOUCHER_LAUNCH_DAYS[1] if name == "T3_INCENTIVE_ABUSE" else day + 3
    assert starts.is_between(on(sample, day - 1), on(sample, until)).any()


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


def test_the_wallet_makes_one_market_pay_faster(sample: Sample) -> None:
    """From the launch in the calendar the median time to pay falls there and nowhere else."""
    releases = sample.table("calendar").filter(pl.col("kind") == "release")
    launch = releases.drop_nulls("market").row(0, named=True)
    orders = sample.table("orders").join(sample.table("merchants"), on="merchant_id")
    orders = orders.drop_nulls("paid_at").with_columns(
        here=pl.col("market") == launch["market"],
        after=pl.col("created_at") >= launch["starts_at"],
        seconds=(pl.col("paid_at") - pl.col("created_at")).dt.total_seconds(),
    )
    rows = orders.group_by("here", "after").agg(pl.col("seconds").median()).rows()
    median = {(here, after): seconds for here, after, seconds in rows}
    assert median[True, True] < 0.75 * median[True, False]
    assert median[False, True] > 0.85 * median[False, False]
