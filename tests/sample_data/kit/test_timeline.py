"""The planted timeline happens on its days."""

from datetime import datetime, time, timedelta

import polars as pl
import pytest

from sample_data import story_list
from sample_data.kit import timeline
from sample_data.kit.settings import FEWEST
from sample_data.typologies import (
    brushing,
    cross_domain,
    incentive_abuse,
    unseen_value_transfer,
)
from tests.sample_data.conftest import Sample
from tests.sample_data.signatures import ring_truth

DAYS = {name: value for name, value in vars(timeline).items() if name.endswith("_DAY")}


def on(sample: Sample, day: float) -> datetime:
    """The instant so many days after the start."""
    return datetime.combine(sample.world.settings.start, time()) + timedelta(days=day)


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


def test_headline_stories_start_on_their_day(dense: Sample) -> None:
    """Wave, voucher attack, chain and unseen pattern: docs/domain.md §3.5."""
    first = dense.world.settings.start_s
    rings = ring_truth(dense).with_columns(
        day=(pl.col("started_at").dt.epoch("s") - first) / 86_400
    )
    slack = {incentive_abuse.NAME: 13.0, brushing.NAME: 3.0}  # a launch may come days later
    headlines = (brushing, incentive_abuse, cross_domain, unseen_value_transfer)
    for module in headlines:
        day = timeline.HEADLINES[module.NAME]
        mine = rings.filter(pl.col("typology") == module.NAME)["day"].to_list()
        assert any(day - 1.0 <= started <= day + slack.get(module.NAME, 3.0) for started in mine)
