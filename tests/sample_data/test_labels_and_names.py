"""Labels keep their clocks and their ignorance; hostile names reach the queue."""

import polars as pl
import pytest

from sample_data import words

from .conftest import Sample

ENTITY_TYPES = ("merchant", "creator", "product", "buyer")
NAMED = {
    "merchant": ("merchants", "merchant_id", "name"),
    "creator": ("creators", "creator_id", "handle"),
    "product": ("products", "product_id", "title"),
    "buyer": ("buyers", "buyer_id", "name"),
}


def test_a_label_is_known_after_it_happened_and_before_the_end(sample: Sample) -> None:
    """event_at <= known_at < end of the data, and labels are numbered by when they became known."""
    labels = sample.table("labels")
    assert (labels["event_at"] <= labels["known_at"]).all()
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


def test_most_entities_are_unknown(sample: Sample) -> None:
    """At least 85 % of active entities carry no label (a few more may in so small a world)."""
    orders = sample.table("orders")
    for entity_type in ENTITY_TYPES:
        active = orders[f"{entity_type}_id"].drop_nulls().n_unique()
        labels = sample.table("labels").filter(pl.col("entity_type") == entity_type)
        assert labels["entity_id"].n_unique() < 0.15 * active + 10, entity_type


def test_bad_labels_name_a_typology_and_good_ones_do_not(sample: Sample) -> None:
    """A typology is given exactly when the verdict is bad."""
    labels = sample.table("labels")
    assert (labels["typology"].is_not_null() == (labels["label"] == "bad")).all()


def test_good_verdicts_outnumber_bad_ones_for_shops_and_creators(sample: Sample) -> None:
    """Reviewers clear more than they catch."""
    for entity_type in ("merchant", "creator"):
        labels = sample.table("labels").filter(pl.col("entity_type") == entity_type)
        assert (
            labels.filter(pl.col("label") == "good").height
            > labels.filter(pl.col("label") == "bad").height
        )


def test_caught_entities_are_bad_and_cleared_ones_are_not(sample: Sample) -> None:
    """Only the exploration sample carries analyst error; the other sources agree with the truth."""
    bad = (
        sample.truth.filter(~pl.col("is_hard_negative")).select("entity_type", "entity_id").unique()
    )
    told = sample.table("labels").filter(pl.col("source") != "exploration")
    caught = told.filter(pl.col("label") == "bad")
    assert caught.height > 20
    assert caught.join(bad, on=("entity_type", "entity_id"), how="anti").is_empty()
    cleared = told.filter(pl.col("label") == "good")
    assert cleared.join(bad, on=("entity_type", "entity_id"), how="semi").is_empty()


def test_the_truth_knows_more_than_the_labels(sample: Sample) -> None:
    """Many bad entities, above all those still active, have not been found out."""
    bad = sample.truth.filter(~pl.col("is_hard_negative"))
    known = sample.table("labels").filter(pl.col("label") == "bad")
    hidden = bad.join(known, on=("entity_type", "entity_id"), how="anti")
    assert hidden.height > 0.4 * bad.height
    running = hidden.filter(pl.col("ended_at") >= sample.end - pl.duration(days=30))
    assert set(running["typology"]) == set(bad["typology"])


def test_verdicts_wait_out_the_outage_of_the_label_feed(sample: Sample) -> None:
    """Nothing becomes known during the outage in the calendar."""
    outage = sample.table("calendar").filter(pl.col("kind") == "outage").row(0, named=True)
    during = pl.col("known_at").is_between(outage["starts_at"], outage["ends_at"], closed="left")
    assert sample.table("labels").filter(during).is_empty()


def test_the_calendar_explains_the_strike(sample: Sample) -> None:
    """Deliveries of the market and days of the strike take clearly longer than the week before."""
    strike = sample.table("calendar").filter(pl.col("kind") == "carrier").row(0, named=True)
    rows = sample.orders.join(sample.table("merchants"), on="merchant_id")
    rows = rows.filter(
        (pl.col("market") == strike["market"]) & pl.col("delivered_at").is_not_null()
    )
    hours = (pl.col("delivered_at") - pl.col("paid_at")).dt.total_hours().median()
    scanned = pl.col("first_scan_at")
    during = rows.filter(scanned.is_between(strike["starts_at"], strike["ends_at"])).select(hours)
    before = rows.filter(scanned < strike["starts_at"]).select(hours)
    assert during.item() > 1.5 * before.item()
    assert {"campaign", "policy", "viral", "holiday"} <= set(sample.table("calendar")["kind"])


@pytest.mark.parametrize("entity_type", ENTITY_TYPES)
def test_hostile_names_are_among_them(sample: Sample, entity_type: str) -> None:
    """Every hostile text stands in each of the four name columns, two of them on bad entities."""
    table, key, column = NAMED[entity_type]
    rows = sample.table(table)
    assert set(words.HOSTILE) <= set(rows[column])
    bad = sample.truth.filter(~pl.col("is_hard_negative") & (pl.col("entity_type") == entity_type))
    hostile = rows.filter(pl.col(column).is_in(list(words.HOSTILE)))
    assert hostile.join(bad, left_on=key, right_on="entity_id", how="semi").height >= 2


def test_the_longest_hostile_name_has_300_characters() -> None:
    """The list covers markup, formulas, direction marks, an endless and an empty name."""
    assert max(len(text) for text in words.HOSTILE) == 300
    assert "" in words.HOSTILE
    assert any(text.startswith("=") for text in words.HOSTILE)
    assert any("<script>" in text for text in words.HOSTILE)
    assert any("\u202e" in text for text in words.HOSTILE)
