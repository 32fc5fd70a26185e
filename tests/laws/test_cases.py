"""A case is what is worked at once: everybody is in one, and its figures are its members'."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

import queries
from dashboard.view_models.queue_place import Place
from queries.vocabulary import ENTITY_TYPES
from tests.laws.delivered import local_days, usd
from tests.laws.queue import NOTHING_CHOSEN, cases, listed

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    import duckdb

MINUTES_EACH = 3.0
"""Minutes of a further member: docs/decisions/0104-a-ring-is-one-case.md."""
STEPS = {"day_steps": [7, 30], "usd_steps": [100, 1_000]}
CHOSEN_BY = {
    "kind": "kinds",
    "market": "markets",
    "typology": "typologies",
    "band": "bands",
    "lane": "lanes",
    "state": "states",
    "assignee": "assignees",
}
"""The parameter that a value of a dimension is chosen with."""


def test_everybody_is_in_one_case(con: duckdb.DuckDBPyConnection) -> None:
    """Whoever waits, and whoever is in a ring, once."""
    members = con.sql("from cases.members").pl()
    waiting = con.sql("select entity_type, entity_id from alerts.alerts").pl()
    in_rings = con.sql("select entity_type, entity_id, ring_id from rings.members").pl()
    assert members.select("entity_type", "entity_id").is_unique().all()
    everybody = pl.concat([waiting, in_rings.drop("ring_id")]).unique()
    assert len(members) == len(everybody)
    rings = members.filter(pl.col("ring_id").is_not_null())
    assert set(rings["case_id"]) == set(in_rings["ring_id"])


def test_a_case_adds_up_to_its_members(con: duckdb.DuckDBPyConnection) -> None:
    """Recomputed from the alerts: how many, what they are worth, how long they take."""
    ring_of = "select entity_type || ':' || entity_id, ring_id from rings.members"
    case_of = dict(con.sql(ring_of).fetchall())
    alerts = con.sql("select * from alerts.alerts order by queue_place").pl()
    keys = (alerts["entity_type"] + ":" + alerts["entity_id"]).to_list()
    own = alerts.with_columns(case_id=pl.Series([case_of.get(key, key) for key in keys]))
    for row in cases(con).iter_rows(named=True):
        members = own.filter(case_id=row["case_id"])
        minutes = members["review_minutes"].max() + MINUTES_EACH * (len(members) - 1)
        assert row["alert_count"] == len(members)
        assert abs((row["value_usd"] or 0.0) - members["value_usd"].sum()) < 1e-6
        assert row["review_minutes"] == minutes
        keys = members["entity_type"] + ":" + members["entity_id"]
        assert row["member_keys"] == keys.to_list()
    assert cases(con)["alert_count"].sum() == len(alerts)


def test_a_case_is_worth_its_most_urgent_member(con: duckdb.DuckDBPyConnection) -> None:
    """Nobody's place gets worse because others act with it."""
    best = dict(
        con.sql(
            "select case_id, max(priority) from cases.members "
            "join alerts.alerts using (entity_type, entity_id) group by case_id"
        ).fetchall()
    )
    ranked = cases(con).filter(pl.col("priority").is_not_null())
    assert all(row["priority"] >= best[row["case_id"]] for row in ranked.iter_rows(named=True))
    every = listed(con)
    day = every.filter(~pl.col("is_reserved") & pl.col("priority").is_not_null())
    assert day["priority"].is_sorted(descending=True)


def test_who_is_decided_leaves_the_rest_of_the_case(con: duckdb.DuckDBPyConnection) -> None:
    """One word less, one alert less, and the minutes and money of it."""
    first = cases(con).filter(pl.col("alert_count") > 2).row(0, named=True)
    after = cases(con, decided=[first["member_keys"][0]]).filter(case_id=first["case_id"])
    assert after["alert_count"].to_list() == [first["alert_count"] - 1]
    assert after["member_keys"].to_list() == [first["member_keys"][1:]]


def test_whom_an_analyst_moved_is_in_the_other_case(con: duckdb.DuckDBPyConnection) -> None:
    """Split off, or put together by hand."""
    first, second = cases(con).filter(pl.col("alert_count") > 2).head(2).iter_rows(named=True)
    moved = cases(con, moved_keys=first["member_keys"][:1], moved_cases=[second["case_id"]])
    counts = dict(moved.select("case_id", "alert_count").iter_rows())
    assert counts[first["case_id"]] == first["alert_count"] - 1
    assert counts[second["case_id"]] == second["alert_count"] + 1
    assert moved["alert_count"].sum() == cases(con)["alert_count"].sum()


def test_filters_keep_the_whole_case(con: duckdb.DuckDBPyConnection) -> None:
    """A case that holds one such member is shown with all of them."""
    every = {row["case_id"]: row for row in cases(con).iter_rows(named=True)}
    shops = cases(con, kinds=["merchant"])
    assert 0 < len(shops) < len(every)
    for row in shops.iter_rows(named=True):
        assert row["alert_count"] == every[row["case_id"]]["alert_count"]
        assert row["place"] == every[row["case_id"]]["place"]


@pytest.mark.parametrize(
    "others",
    [
        {},
        {"kinds": ["merchant"], "least_usd": 100.0},
        {"kinds": ["ring"], "bands": ["CRIT"], "search": "a"},
    ],
)
def test_a_choice_lists_as_many_cases_as_it_says(
    con: duckdb.DuckDBPyConnection, others: dict[str, object]
) -> None:
    """The counts of every filter, under all others, are those of the lists they lead to."""
    params = NOTHING_CHOSEN | _worked(con) | others
    choices = queries.run(con, "pages/queue/choices", **params, **STEPS)
    assert choices["dimension"].n_unique() > 5
    most_and_least = choices.sort("case_count").group_by("dimension")
    picked = pl.concat([most_and_least.head(1), most_and_least.tail(1)]).unique()
    for dimension, choice, count in picked.iter_rows():
        one = {
            "days": {"least_days": choice},
            "usd": {"least_usd": choice},
            "ended": {"is_ended": True},
        }.get(dimension) or {CHOSEN_BY[dimension]: [choice]}
        if dimension == "kind" and choice == "any":
            one = {"kinds": []}
        if dimension in ("typology", "band"):
            one |= {"lanes": ["score", "signals"]}
        found = listed(con, **params | one)
        assert len(found) == count == found["total_count"].max(), (dimension, choice)


def _worked(con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Two cases that somebody has taken, one of them reopened."""
    first = listed(con)["member_keys"].explode().to_list()[:2]
    states = ["ASSIGNED", "REOPENED"]
    return {"worked_keys": first, "worked_states": states, "worked_assignees": ["ann", ""]}


def test_next_leads_through_all_who_wait_once(con: duckdb.DuckDBPyConnection) -> None:
    """From the most urgent of the first case to the last of the last, whatever is decided."""
    every = listed(con, kinds=["ring"])
    waiting = every["member_keys"].explode().to_list()
    seen = [waiting[0]]
    while (place := Place.of(every, seen[-1])) and place.next:
        seen.append(place.next[0])
    assert seen == waiting
    kept = listed(con, kinds=["ring"], decided=waiting[:1], kept=waiting[0])
    assert Place.of(kept, waiting[0]) == Place.of(every, waiting[0])


def test_both_counts_are_those_of_the_rows(con: duckdb.DuckDBPyConnection) -> None:
    """Cases and alerts, on whatever page."""
    every = listed(con)
    second = listed(con, limit=2, offset=2)
    assert second["total_count"].to_list() == [len(every)] * 2
    assert second["alert_total"].to_list() == [every["alert_count"].sum()] * 2
    assert every["minutes_to_here"].is_sorted()
    assert every["minutes_to_here"].max() == every["review_minutes"].sum()


def test_whom_acting_touches_is_counted_from_the_delivery(
    con: duckdb.DuckDBPyConnection, small_world: Path
) -> None:
    """Orders under way, whom they are of, money to come, listings: from the raw tables."""
    rows = con.sql(
        "select case_id, list(entity_type || ':' || entity_id) as keys from cases.members "
        "group by case_id having count(*) filter (entity_type = 'merchant') > 1 "
        "order by count(*) desc limit 3"
    ).pl()
    as_of = con.sql("select as_of from meta.build").pl()["as_of"][0]
    assert len(rows) > 1
    alone = con.sql(
        "select any_value(entity_type || ':' || entity_id) as key from alerts.alerts "
        "group by entity_type"
    ).pl()
    for keys in (*rows["keys"].to_list(), *([key] for key in alone["key"])):
        asked = {"keys": keys, "as_of": as_of}
        radius = queries.run(con, "pages/case/blast_radius", **asked).row(0, named=True)
        expected = touched(small_world, keys, as_of) | {"partner_count": partners(con, keys)}
        assert {name: radius[name] for name in expected} == pytest.approx(expected), keys


def touched(world: Path, keys: list[str], as_of: date) -> dict[str, Any]:
    """Whom acting on subjects touches, counted with polars from what was delivered."""
    raw = {
        name: pl.read_parquet(world / f"{name}.parquet")
        for name in ("orders", "shipments", "settlements", "commissions", "products", "merchants")
    }
    own: dict[str, list[str]] = {kind: [] for kind in ENTITY_TYPES}
    for key in keys:
        kind, _, entity_id = key.partition(":")
        own[kind].append(entity_id)
    of = {kind: pl.col(f"{kind}_id").is_in(ids).fill_null(value=False) for kind, ids in own.items()}
    is_sale, is_promoted = of["merchant"] | of["product"], of["creator"] | of["live_session"]
    came = raw["shipments"].group_by("order_id").agg(pl.col("delivered_at").max())
    waits = (
        raw["orders"].filter(is_sale | is_promoted | of["buyer"])
        .filter(pl.col("paid_at") >= as_of - timedelta(days=30))
        .filter(pl.col("cancelled_at").is_null())
        .join(came, on="order_id", how="left")
        .filter(pl.col("delivered_at").is_null())
    )  # fmt: skip
    sales, promoted = (
        raw["orders"].filter(one).select("order_id") for one in (is_sale, is_promoted)
    )
    markets = raw["orders"].join(raw["merchants"], on="merchant_id").select("order_id", "market")
    dues = pl.concat(
        raw[name].join(orders, on="order_id", how="semi").join(markets, on="order_id")
        .filter(pl.col("clawed_back_at").is_null())
        .filter(pl.col(left).is_null() | (pl.col(left) >= as_of))
        .select("eligible_at", local_days("eligible_at"), usd("amount_minor"))
        for name, left, orders in (
            ("settlements", "settled_at", sales), ("commissions", "paid_at", promoted),
        )
    )  # fmt: skip
    late = dues.filter(pl.col("eligible_at") < as_of)
    listed = raw["products"].filter(of["merchant"] | of["product"])
    is_open = pl.col("removed_at").is_null() | (pl.col("removed_at") >= as_of)
    creators = waits.filter(~of["creator"])["creator_id"].drop_nulls()
    buyers = waits.filter((is_sale | is_promoted) & ~of["buyer"])["buyer_id"]
    return {
        "order_count": len(waits),
        "order_usd": waits.select(usd("paid_minor")).sum().item(),
        "waiting_buyers": buyers.n_unique(),
        "creator_count": creators.n_unique(),
        "payout_count": len(dues),
        "payout_usd": dues["amount_usd"].sum(),
        "held_usd": late["amount_usd"].sum(),
        "next_payout_day": None if dues.is_empty() else dues["day"].min(),
        "listing_count": len(listed.filter(is_open)),
    }


def partners(con: duckdb.DuckDBPyConnection, keys: list[str]) -> int:
    """Whom the links tie to subjects and who is neither alerted nor called bad."""
    edges = con.sql("select src, dst from graph.edges").pl()
    ends = [edges.filter(pl.col(one).is_in(keys))[other] for one, other in
            (("src", "dst"), ("dst", "src"))]  # fmt: skip
    tied = set(pl.concat(ends)) - set(keys)
    bad = con.sql(
        "select v.entity_type || ':' || v.entity_id from facts.verdicts as v, meta.build as b "
        "where label = 'bad' and known_day < b.as_of "
        "and (replaced_day is null or replaced_day >= b.as_of)"
    ).fetchall()
    alerted = con.sql("select entity_type || ':' || entity_id from alerts.alerts").fetchall()
    everybody = con.sql("select node from graph.entities").fetchall()
    good = {node for (node,) in everybody} - {one for (one,) in (*bad, *alerted)}
    return len(tied & good)
