"""A traveller enters a code before changing anything."""

import polars as pl

from tests.sample_data.conftest import Sample

CHANGES = ("password_change", "phone_change")


def test_a_traveller_enters_a_code_before_changing_anything(sample: Sample) -> None:
    """The clearing fact of the traveller is in the data."""
    people = sample.members("HN_TRAVELLER", "buyer").select(account_id="entity_id")
    events = sample.table("auth_events").join(people, on="account_id", how="semi")
    codes = (
        events.filter(pl.col("kind") == "step_up_passed")
        .group_by("account_id", "device_id")
        .agg(coded=pl.col("happened_at").min())
    )
    travellers = people.join(codes, on="account_id", how="semi").height
    assert travellers >= 0.95 * people.height
    changes = events.filter(pl.col("kind").is_in(CHANGES)).join(
        codes, on=["account_id", "device_id"]
    )
    assert (changes["happened_at"] >= changes["coded"]).mean() > 0.9  # type: ignore[operator]
