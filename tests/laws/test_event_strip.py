"""The event strip and its salient sequence, worked out again from the delivered rows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

import queries
from tests.laws.delivered import usd

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from tests.laws.delivered import Raw

PAGE = "pages/investigate"
TYPES = ("merchant", "creator", "product", "buyer", "live_session")
PER_TYPE = 4
WINDOW = timedelta(hours=72)
LOCKS = ("password_change", "phone_change")


def subjects(raw: Raw, entity_type: str) -> list[str]:
    """The busiest of a type and some of few orders."""
    counts = raw("orders").group_by(f"{entity_type}_id").len().drop_nulls()
    ordered = counts.sort("len", f"{entity_type}_id", descending=[True, False])
    names = ordered[f"{entity_type}_id"].to_list()
    return [names[0], *names[1 :: max(len(names) // (PER_TYPE - 1), 1)]][:PER_TYPE]


def expected(raw: Raw, entity_type: str, entity_id: str) -> dict[str, tuple[int, float]]:
    """Events and USD of each lane that orders make, lane by lane."""
    orders = raw("orders").filter(
        pl.col("paid_at").is_not_null() & (pl.col(f"{entity_type}_id") == entity_id)
    )
    ids = orders["order_id"].implode()
    mine = pl.col("order_id").is_in(ids)
    zero = (pl.col("order_id").is_null() * 0.0).alias("amount_usd")
    lanes = {"order": orders.select(usd("paid_minor").alias("amount_usd"))}
    refunds = raw("refunds").filter(mine)
    lanes["refund"] = refunds.select(usd("amount_minor").alias("amount_usd"))
    lanes["review"] = raw("reviews").filter(mine).select(zero)
    if entity_type != "buyer":
        is_shop = entity_type in ("merchant", "product")
        name, paid = ("settlements", "settled_at") if is_shop else ("commissions", "paid_at")
        payouts = raw(name).filter(mine)
        left = payouts.filter(pl.col(paid).is_not_null())
        back = payouts.filter(pl.col("clawed_back_at").is_not_null())
        lanes["payout"] = pl.concat(
            [
                left.select(usd("amount_minor").alias("amount_usd")),
                back.select(usd("clawed_back_minor").alias("amount_usd")),
            ]
        )
    told = raw("complaints")
    about = mine | (
        pl.col(f"{entity_type}_id") == entity_id if entity_type in ("merchant", "buyer") else False
    )
    lanes["trouble"] = pl.concat(
        [
            told.filter(about.fill_null(value=False)).select(zero),
            raw("disputes").filter(mine).select(usd("amount_minor").alias("amount_usd")),
        ]
    )
    return {
        lane: (rows.height, float(rows["amount_usd"].sum()))
        for lane, rows in lanes.items()
        if rows.height
    }


@pytest.mark.parametrize("entity_type", TYPES)
@pytest.mark.parametrize("most", [0, 1_000_000])
def test_every_lane_holds_what_was_delivered(
    entity_type: str, most: int, raw: Raw, con: duckdb.DuckDBPyConnection
) -> None:
    """As many events of as much money in each lane, as marks and as bars of days."""
    for entity_id in subjects(raw, entity_type):
        who = {"entity_type": entity_type, "entity_id": entity_id}
        rows = queries.run(con, f"{PAGE}/strip_trade", **who, most=most)
        assert (rows["kind"] == "day").all() == (most == 0)
        found = rows.group_by("lane").agg(
            pl.col("event_count").sum(), pl.col("amount_usd").fill_null(0.0).sum()
        )
        told = {lane: (count, money) for lane, count, money in found.iter_rows()}
        wanted = expected(raw, entity_type, entity_id)
        assert told.keys() == wanted.keys()
        for lane, (count, money) in wanted.items():
            assert told[lane][0] == count, (entity_id, lane)
            assert told[lane][1] == pytest.approx(money, abs=0.005), (entity_id, lane)


def test_marks_stand_on_the_clock_of_the_market(raw: Raw, con: duckdb.DuckDBPyConnection) -> None:
    """An order stands at the hour that people there read on their clocks."""
    zones = dict(raw("markets").select("market", "time_zone").iter_rows())
    markets = dict(raw("merchants").select("merchant_id", "market").iter_rows())
    moments = dict(raw("orders").select("order_id", "created_at").iter_rows())
    for merchant in subjects(raw, "merchant"):
        rows = queries.run(
            con, f"{PAGE}/strip_trade", entity_type="merchant", entity_id=merchant, most=10**6
        ).filter(pl.col("lane") == "order")
        zone = ZoneInfo(zones[markets[merchant]])
        for order_id, shown in rows.select("event_id", "happened_at").iter_rows():
            there = moments[order_id].replace(tzinfo=ZoneInfo("UTC")).astimezone(zone)
            assert shown == there.replace(tzinfo=None)


def test_own_events_are_those_delivered(raw: Raw, con: duckdb.DuckDBPyConnection) -> None:
    """Sign-ins of an account, versions and removals of listings, rooms and videos, one by one."""
    creator = raw("videos")["creator_id"].value_counts().sort("count", "creator_id")[-1, 0]
    products = raw("products")
    gone = products.filter(pl.col("removed_at").is_not_null())["merchant_id"].sort()[0]
    for entity_type, entity_id in (("merchant", gone), ("creator", creator)):
        rows = queries.run(
            con, f"{PAGE}/strip_own", entity_type=entity_type, entity_id=entity_id, most=10**6
        )
        auth = raw("auth_events").filter(
            (pl.col("account_type") == entity_type) & (pl.col("account_id") == entity_id)
        )
        ids = {lane: set(part["event_id"]) for (lane,), part in rows.group_by("lane")}
        assert ids.get("account", set()) == set(auth["auth_event_id"])
        rooms = raw("live_sessions").filter(pl.col(f"{entity_type}_id") == entity_id)
        wanted = set(rooms["live_session_id"])
        if entity_type == "creator":
            videos = raw("videos").filter(pl.col("creator_id") == entity_id)
            wanted |= set(videos["video_id"])
        else:
            mine = products.filter(pl.col("merchant_id") == entity_id)
            versions = raw("listing_versions").filter(
                pl.col("product_id").is_in(mine["product_id"].implode())
            )
            removed = mine.filter(pl.col("removed_at").is_not_null())
            assert ids["listing"] == {*versions["listing_version_id"], *removed["product_id"]}
        assert ids.get("content", set()) == wanted


# ---------------------------------------------------------------- the salient sequence

Act = tuple[datetime, str, str | None, str]
"""When, what, on which device, and the row."""


def acts_of(raw: Raw, buyers: list[str]) -> Iterator[tuple[str, list[Act], list[Act]]]:
    """Each buyer with all sightings (attempts of orders too) and what can be a step, in order."""
    auth = raw("auth_events").filter(
        (pl.col("account_type") == "buyer") & (pl.col("kind") != "login_failed")
    )
    auth = auth.select(
        "account_id", "happened_at", "kind", "device_id", pl.col("auth_event_id").alias("row")
    )
    orders = raw("orders").select(
        pl.col("buyer_id").alias("account_id"),
        pl.col("created_at").alias("happened_at"),
        pl.when(pl.col("paid_at").is_null()).then(pl.lit("tried")).otherwise(pl.lit("order"))
        .alias("kind"),
        "device_id",
        pl.col("order_id").alias("row"),
    )  # fmt: skip
    both = pl.concat([auth, orders.cast({"happened_at": auth.schema["happened_at"]})])
    both = both.filter(pl.col("account_id").is_in(buyers)).sort("happened_at", "row")
    for (buyer,), rows in both.group_by("account_id", maintain_order=True):
        acts = [tuple(row) for row in rows.drop("account_id").iter_rows()]
        yield str(buyer), acts, [act for act in acts if act[1] not in ("login", "tried")]  # type: ignore[misc]


def chains(sightings: list[Act], steps: list[Act]) -> Iterator[list[tuple[str, str, int]]]:
    """Every chain of an account as (step, first row, events), by walking through its days."""
    seen: set[str | None] = set()
    unlogged = False
    for at, kind, device, row in sightings:
        unlogged = unlogged or device is None
        is_new = device not in seen and bool(seen) and not unlogged
        seen.add(device)
        if not is_new or kind in ("order", "tried"):
            continue
        near = [act for act in steps if act[2] == device and at <= act[0] <= at + WINDOW]
        lock = next((act for act in near if act[1] in LOCKS), None)
        since = lock[0] if lock else at
        move = next((act for act in near if act[1] == "address_change" and act[0] >= since), None)
        second = [act[0] for act in (lock, move) if act]
        proof = next((act[0] for act in near if act[1] == "step_up_passed"), None)
        if not second or (proof and proof <= min(second)):
            continue
        taken = [act for act in near if act[1] == "order" and act[0] >= max(second)]
        chain = [("new_device", row, 1)]
        chain += [(act[1], act[3], 1) for act in (lock, move) if act]
        chain += [("order", taken[0][3], len(taken))] if taken else []
        if len(chain) >= 3:
            yield chain


def test_the_salient_sequence_is_the_longest_chain(
    raw: Raw, truth: pl.DataFrame, con: duckdb.DuckDBPyConnection
) -> None:
    """Of every victim and of many others, step by step, as a walk through their days finds it."""
    victims = truth.filter(
        (pl.col("typology") == "T8_ACCOUNT_TAKEOVER") & (pl.col("entity_type") == "buyer")
    )["entity_id"]
    others = raw("auth_events").filter(pl.col("account_type") == "buyer")["account_id"]
    asked = sorted({*victims, *others.unique().sort()[:1500]})
    rows = queries.run(con, f"{PAGE}/salient_sequence", entity_type="buyer", entity_ids=asked)
    found = {
        str(buyer): [tuple(step) for step in part.sort("place").select(
            "step", "event_id", "event_count").iter_rows()]
        for (buyer,), part in rows.group_by("entity_id")
    }  # fmt: skip
    wanted: dict[str, list[tuple[str, str, int]]] = {}
    for buyer, sightings, steps in acts_of(raw, asked):
        every = list(chains(sightings, steps))
        if every:
            wanted[buyer] = max(enumerate(every), key=lambda one: (len(one[1]), one[0]))[1]
    assert len(wanted) > 20
    assert found == wanted


def test_a_planted_takeover_is_marked_and_the_honest_are_not(
    raw: Raw, truth: pl.DataFrame, con: duckdb.DuckDBPyConnection
) -> None:
    """Three of four victims at least, and not one in two hundred of whom nothing was planted."""
    planted = truth.filter(~pl.col("is_hard_negative"))["entity_id"].implode()
    victims = truth.filter(
        (pl.col("typology") == "T8_ACCOUNT_TAKEOVER") & (pl.col("entity_type") == "buyer")
    )["entity_id"].unique()
    honest = raw("buyers").filter(~pl.col("buyer_id").is_in(planted))["buyer_id"].sort()

    def marked(ids: pl.Series) -> float:
        who: dict[str, Any] = {"entity_type": "buyer", "entity_ids": ids.to_list()}
        rows = queries.run(con, f"{PAGE}/salient_sequence", **who)
        return rows["entity_id"].n_unique() / len(ids)

    assert marked(victims) >= 0.75
    assert marked(honest[:2000]) <= 0.005
