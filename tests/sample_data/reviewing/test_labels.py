"""Labels keep their clocks and their ignorance."""

import itertools
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from sample_data import WorldSettings, generate
from sample_data.reviewing.labels import UNSEEN
from tests.sample_data.conftest import Sample
from tests.sample_data.label_tables import ENTITY_TYPES, NAMED, active, guilty, labels_with_truth

ROOMY = WorldSettings(orders=16_000, merchants=1_600, creators=1_300, buyers=14_000)


def test_the_four_clocks_of_a_label_are_in_order(sample: Sample) -> None:
    """event_at <= observed_at <= decided_at <= known_at < end, numbered by known_at."""
    labels = sample.table("labels")
    clocks = ("event_at", "observed_at", "decided_at", "known_at")
    for earlier, later in itertools.pairwise(clocks):
        assert (labels[earlier] <= labels[later]).all(), later
    assert labels.select(clocks[1:]).null_count().sum_horizontal().item() == 0
    assert labels.filter(pl.col("known_at") >= sample.end).is_empty()
    assert labels["known_at"].is_sorted()


def test_labels_point_at_existing_entities(sample: Sample) -> None:
    """Every labelled entity is in its table."""
    for entity_type, (table, key, _name) in NAMED.items():
        labels = sample.table("labels").filter(pl.col("entity_type") == entity_type)
        assert labels.height > 0
        assert labels.join(
            sample.table(table), left_on="entity_id", right_on=key, how="anti"
        ).is_empty()


@pytest.mark.slow  # generates a marketplace
def test_nine_tenths_of_the_active_are_unknown(tmp_path: Path) -> None:
    """85 to 95 % of the active entities of each type carry no label, as rare as stories are."""
    world, unknown = Sample(generate(tmp_path / "raw", ROOMY)), {}
    for entity_type in ENTITY_TYPES:
        labels = world.table("labels").filter(pl.col("entity_type") == entity_type)
        everybody = active(world, entity_type)
        left = everybody.join(labels, on="entity_id", how="anti").height
        unknown[entity_type] = left / everybody.height
    assert min(unknown.values()) >= 0.85, unknown
    assert max(unknown.values()) <= 0.95, unknown


@pytest.mark.parametrize("entity_type", ["product", "buyer"])
def test_a_team_has_only_so_much_time(dense: Sample, entity_type: str) -> None:
    """However dense the stories, at least 85 % of the active listings and buyers stay unknown."""
    labels = dense.table("labels").filter(pl.col("entity_type") == entity_type)
    everybody = active(dense, entity_type)
    assert everybody.join(labels, on="entity_id", how="semi").height <= 0.15 * everybody.height


def test_bad_labels_name_a_typology_and_good_ones_do_not(sample: Sample) -> None:
    """A typology is given exactly when the verdict is bad."""
    labels = sample.table("labels")
    assert (labels["typology"].is_not_null() == (labels["label"] == "bad")).all()


@pytest.mark.parametrize("entity_type", ["product", "buyer"])
def test_who_is_drawn_by_lot_is_mostly_good(dense: Sample, entity_type: str) -> None:
    """Even where stories are dense, exploration clears more than it catches."""
    exploration = dense.table("labels").filter(
        (pl.col("source") == "exploration") & (pl.col("entity_type") == entity_type)
    )
    good = exploration.filter(pl.col("label") == "good").height
    assert good > 2 * (exploration.height - good)


def test_nobody_has_words_for_the_unseen_pattern(dense: Sample) -> None:
    """Its name stands in no label, and none of its actors has one."""
    labels, is_unseen = dense.table("labels"), pl.col("typology") == UNSEEN
    assert labels.filter(is_unseen).is_empty()
    actors = dense.truth.filter(is_unseen & (pl.col("role") != "victim"))
    assert actors.height > 0
    assert labels.join(actors, on=("entity_type", "entity_id"), how="semi").is_empty()


def test_people_decide_where_people_decide(dense: Sample) -> None:
    """Twelve analysts sign what was looked at; a bank, a carrier and a rule sign nothing."""
    labels = dense.table("labels")
    by_people = labels["source"].is_in(["exploration", "review", "complaint", "appeal"])
    assert (labels["analyst_id"].is_not_null() == by_people).all()
    assert labels["analyst_id"].drop_nulls().n_unique() == 12


def test_the_exploration_sample_is_unbiased(dense: Sample) -> None:
    """The share of bad buyers in it is that of all active buyers, up to four standard errors."""
    everybody = active(dense, "buyer")
    exploration = dense.table("labels").filter(
        (pl.col("source") == "exploration") & (pl.col("entity_type") == "buyer")
    )
    bad = guilty(dense).filter(pl.col("entity_type") == "buyer")
    rate = everybody.join(bad, on="entity_id", how="semi").height / everybody.height
    bad_share = exploration.join(bad, on="entity_id", how="semi").height / exploration.height
    assert abs(bad_share - rate) < 4.0 * (rate * (1.0 - rate) / exploration.height) ** 0.5


def test_people_err_within_the_ranges_of_the_domain(dense: Sample) -> None:
    """Together they find 75-95 % of the bad they look at and clear 88-98 % of the good."""
    looks = labels_with_truth(dense).filter(
        pl.col("analyst_id").is_not_null() & (pl.col("source") != "appeal")
    )
    rates = looks.group_by("is_bad").agg(called=(pl.col("label") == "bad").mean(), n=pl.len())
    bad_rate = dict(rates.select("is_bad", "called").iter_rows())
    assert rates["n"].min() > 200  # type: ignore[operator]
    assert 0.75 <= bad_rate[True] <= 0.95
    assert 0.88 <= 1.0 - bad_rate[False] <= 0.98


def test_a_bank_and_a_carrier_name_the_guilty(dense: Sample) -> None:
    """What comes from outside the marketplace is bad and rightly so."""
    outside = labels_with_truth(dense).filter(pl.col("source").is_in(["chargeback", "carrier"]))
    assert set(outside["source"]) == {"chargeback", "carrier"}
    assert (outside["label"] == "bad").all()
    assert outside["is_bad"].all()


def test_slow_typologies_come_to_light_later(dense: Sample) -> None:
    """Inflated rooms are known in a day or two, brushing in weeks, affiliate fraud in a month."""
    caught = labels_with_truth(dense).filter(
        pl.col("is_bad") & ~pl.col("source").is_in(["exploration", "rule", "appeal"])
    )
    days = (pl.col("known_at") - pl.col("started_at")).dt.total_seconds() / 86_400.0
    delays = caught.group_by(pl.col("true_typology").str.split("_").list.first()).agg(days.median())
    median = dict(delays.iter_rows())
    assert median["T2"] < median["T3"] < median["T1"] < median["T4"]


def test_when_it_began_is_a_guess_of_whoever_convicts(dense: Sample) -> None:
    """Neither the true start nor a tell: people guess around it, nobody else says anything."""
    labels = labels_with_truth(dense)
    by_people = labels["source"].is_in(["exploration", "review", "complaint"])
    guessed = by_people & (labels["label"] == "bad")
    assert (labels["event_at"].is_not_null() == guessed).all()
    right = labels.filter(guessed & labels["is_bad"])
    went_on = (pl.col("observed_at") - pl.col("started_at")).dt.total_seconds()
    told = (pl.col("observed_at") - pl.col("event_at")).dt.total_seconds()
    error = right.filter(went_on > 86_400).select(log=(told / went_on).log())["log"]
    assert right.height > 200
    assert (right["event_at"] == right["started_at"]).mean() < 0.01  # type: ignore[operator]
    assert abs(error.median()) < 0.1  # type: ignore[arg-type]
    assert 0.3 < error.std() < 0.5  # type: ignore[operator]


def test_the_truth_knows_more_than_the_labels(sample: Sample) -> None:
    """Many bad entities, above all those still active, have not been found out."""
    bad_labels = sample.table("labels").filter(pl.col("label") == "bad")
    undetected = guilty(sample).join(bad_labels, on=("entity_type", "entity_id"), how="anti")
    assert undetected.height > 0.4 * guilty(sample).height


def test_verdicts_wait_out_the_outage_of_the_label_feed(dense: Sample) -> None:
    """Nothing becomes known during the outage in the calendar; decisions go on and pile up."""
    outage = dense.table("calendar").filter(pl.col("kind") == "outage").row(0, named=True)
    labels, (begin, end) = dense.table("labels"), (outage["starts_at"], outage["ends_at"])
    assert end - begin == timedelta(days=3)
    assert labels.filter(pl.col("known_at").is_between(begin, end, closed="left")).is_empty()
    decisions = labels.filter(pl.col("decided_at").is_between(begin, end))
    backlog = labels.filter(pl.col("known_at").is_between(end, end + timedelta(hours=6)))
    assert decisions.height > 5
    assert backlog.height >= 0.8 * decisions.height
