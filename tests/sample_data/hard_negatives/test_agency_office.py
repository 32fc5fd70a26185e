"""An agency streams from one office under its own name."""

import itertools

import numpy as np
import polars as pl

from sample_data.hard_negatives import agency_office
from tests.sample_data.conftest import Sample


def test_an_agency_streams_from_one_office_under_its_own_name(dense: Sample) -> None:
    """Members share network and declared agency; their buyers overlap no more than others' do."""
    members = dense.members(agency_office.NAME, "creator").select("ring_id", creator_id="entity_id")
    creators = dense.table("creators").join(members, on="creator_id")
    each = creators.group_by("ring_id").agg(pl.col("agency_id", "ip_id").n_unique(), pl.len())
    assert each["agency_id"].max() == each["ip_id"].max() == 1
    assert creators["agency_id"].null_count() == 0
    assert each["len"].min() >= 2  # type: ignore[operator]
    largest = each.sort("len")["ring_id"][-1]
    members_of_largest = creators.filter(pl.col("ring_id") == largest)["creator_id"].to_list()
    market = creators.filter(pl.col("ring_id") == largest)["market"][0]
    others = dense.table("creators").filter(
        (pl.col("market") == market) & ~pl.col("creator_id").is_in(creators["creator_id"].implode())
    )["creator_id"]
    assert overlap(dense, members_of_largest) < 2.0 * overlap(dense, others.to_list()) + 0.005


def overlap(sample: Sample, creators: list[str]) -> float:
    """Mean Jaccard similarity of the buyer sets of pairs of creators."""
    orders = sample.table("orders").filter(pl.col("creator_id").is_in(creators))
    sets = [set(rows["buyer_id"]) for _key, rows in orders.group_by("creator_id")]
    pairs = list(itertools.combinations(sets, 2))
    return float(np.mean([len(a & b) / len(a | b) for a, b in pairs]))
