"""Honest people sign in, forget, move and renew."""

import polars as pl

from sample_data.typologies import account_takeover
from tests.sample_data.conftest import Sample
from tests.sample_data.signatures import HOUR, inside, members

T8 = account_takeover.NAME
CHANGES = ("password_change", "phone_change")


def test_people_sign_in_about_thrice_in_ten_orders(sample: Sample) -> None:
    """The volume of sign-in events follows the orders."""
    share = sample.table("auth_events").height / sample.table("orders").height
    assert inside(share, (0.24, 0.42))


def test_no_account_signs_in_before_it_exists(sample: Sample) -> None:
    """Each event belongs to a known account and comes after its registration."""
    events = sample.table("auth_events")
    for account_type in ("buyer", "merchant", "creator"):
        owners = sample.table(f"{account_type}s").select(f"{account_type}_id", "registered_at")
        mine = events.filter(pl.col("account_type") == account_type)
        rows = mine.join(owners, left_on="account_id", right_on=f"{account_type}_id", how="inner")
        assert rows.height == mine.height > 0
        assert (rows["happened_at"] >= rows["registered_at"]).all()


def _renewals(sample: Sample) -> pl.DataFrame:
    """Sign-ins with the credential changes on the same device in the next hour."""
    events = sample.table("auth_events").filter(pl.col("account_type") == "buyer")
    sign_ins = events.filter(pl.col("kind") == "login")
    changes = events.filter(pl.col("kind").is_in(CHANGES))
    keys = ["account_id", "device_id"]
    rows = sign_ins.join(changes, on=keys, suffix="_change")
    wait = pl.col("happened_at_change") - pl.col("happened_at")
    return rows.filter((wait > pl.duration(seconds=0)) & (wait <= HOUR))


def test_honest_people_renew_credentials_too(sample: Sample) -> None:
    """Most accounts that change a password or number within an hour are nobody's victims."""
    owners = members(sample, T8, "buyer", "compromised")["buyer_id"].to_list()
    honest = _renewals(sample).filter(~pl.col("account_id").is_in(owners))
    assert honest["account_id"].n_unique() >= 3 * len(owners)
