"""Who comes first in the queue (docs/domain.md §4.2): worth, then waiting, and nothing starves."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

import queries
from pipeline.settings.build import AlertSettings
from tests.laws.pricing import AS_OF, PRICES, build, pricing_database, put

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database of one's own."""
    with pricing_database() as database:
        yield database


def queue(
    con: duckdb.DuckDBPyConnection,
    cases: list[tuple[float, int]],
    unproven: int = 0,
    **prices: float,
) -> pl.DataFrame:
    """The queue of (value in USD, days of waiting) cases that each take ten minutes."""
    odd = [f"odd_{n:04d}" for n in range(unproven)]
    ids = [f"mer_{n:04d}" for n in range(len(cases))]
    merchant = {"entity_type": "merchant"}
    common = merchant | {"as_of": AS_OF, "typology": "T1_BRUSHING", "signal_probability": 0.0}
    common |= {"strength": 0.0}
    common |= dict.fromkeys(
        ("typology_since", "judged_label", "judged_on", "reopened_by", "reopened_on")
    )
    suspects = [
        common
        | {"entity_id": one, "lane": "score", "score": 0.5, "score_band": "HIGH"}
        | {"probability": 0.5, "opened_on": AS_OF - timedelta(days=days), "novelty_rank": None}
        for one, (_, days) in zip(ids, cases, strict=True)
    ]
    suspects += [
        common
        | {"entity_id": one, "lane": "unproven", "score": 0.0, "score_band": None}
        | {"probability": None, "opened_on": AS_OF, "novelty_rank": number}
        for number, one in enumerate(odd)
    ]
    put(con, "alerts.candidates", suspects)
    waits = ("entity_type", "entity_id", "opened_on")
    openings = [{name: one[name] for name in waits} for one in suspects]
    put(con, "alerts.openings", [one | {"opened_by": "rescored"} for one in openings])
    terms = queries.get("alerts/review_values").returns
    zero = {column.name: 0.0 for column in terms[2:]} | {"loss_bearer": "buyer"}
    zero |= {"is_ended": False}
    values = [*(value for value, _ in cases), *([None] * unproven)]
    put(
        con,
        "alerts.review_values",
        [
            merchant | zero | {"entity_id": one, "review_minutes": 10.0, "value_usd": value}
            for one, value in zip([*ids, *odd], values, strict=True)
        ],
    )
    lost = {"typology": "T1_BRUSHING", "flow": "gmv_usd", "share": 0.4, "bearer": "buyer"}
    put(con, "alerts.loss_terms", [merchant | lost])
    put(
        con,
        "graph.entities",
        [merchant | {"entity_id": one, "name": one, "market": "SG"} for one in [*ids, *odd]],
    )
    reasons = {column.name: None for column in queries.get("alerts/reasons").returns[2:]}
    put(con, "alerts.reasons", [merchant | {"entity_id": "nobody"} | reasons])
    put(con, "communities.members", [merchant | {"entity_id": "nobody", "community_id": "com_1"}])
    put(con, "communities.communities", [{"community_id": "com_1", "member_count": 3}])
    build(con, "alerts/queue", AlertSettings(**prices))
    build(con, "alerts/alerts")
    return con.sql("select * from alerts.alerts order by queue_place").pl()


def test_of_two_like_alerts_the_older_goes_first(con: duckdb.DuckDBPyConnection) -> None:
    """Waiting adds, evenly and up to its cap, whatever the value."""
    waits = [0, 7, 14, 28, 90]
    alerts = queue(con, [(5.0, days) for days in waits]).sort("waiting_days")
    boosts = alerts["ageing_boost"].to_list()
    assert boosts == sorted(boosts)
    assert boosts[0] == 0.0
    assert boosts[-1] == boosts[-2] == PRICES.minute_cost * PRICES.ageing_share
    assert alerts["queue_place"].to_list()[0] == len(waits)
    assert alerts["priority"].to_list() == pytest.approx([0.5 + boost for boost in boosts])


def test_waiting_breaks_near_ties_and_no_more(con: duckdb.DuckDBPyConnection) -> None:
    """Four weeks overtake a value that is a little better, not one that is far better."""
    near = queue(con, [(5.5, 0), (5.0, 28)], reserve_share=0.01)
    far = queue(con, [(50.0, 0), (5.0, 28)], reserve_share=0.01)
    assert near["value_usd"].to_list() == [5.0, 5.5]
    assert far["value_usd"].to_list() == [50.0, 5.0]


def test_the_oldest_go_first_whatever_they_are_worth(con: duckdb.DuckDBPyConnection) -> None:
    """Of several old alerts the longest-waiting gets the first place kept, be it worth least."""
    old = {-50.0: 90, -1.0: 80, -20.0: 70, -5.0: 60, -30.0: 50}
    cases = [(1000.0 + n, 0) for n in range(75)]
    alerts = queue(con, [*cases, *old.items()])
    kept = alerts.filter(pl.col("is_reserved"))
    assert kept.height == PRICES.reserve_share * alerts.height
    assert kept["waiting_days"].to_list() == [90.0, 80.0, 70.0, 60.0]
    assert kept["value_usd"].to_list() == list(old)[:4]
    pages = 1.0 / PRICES.reserve_share
    assert (kept["queue_place"] <= pages * (pl.int_range(1, 5, eager=True))).all()


def test_nothing_starves(con: duckdb.DuckDBPyConnection) -> None:
    """However many better alerts come, the longest-waiting one keeps a place on page one."""
    cases = [(1000.0 + n, 0) for n in range(99)]
    alerts = queue(con, [*cases, (-50.0, 60)])
    old = alerts.filter(pl.col("waiting_days") == 60.0).row(0, named=True)
    assert old["priority"] == alerts["priority"].min()
    assert old["is_reserved"]
    assert old["queue_place"] <= 1.0 / PRICES.reserve_share
    assert alerts["is_reserved"].sum() == PRICES.reserve_share * alerts.height


def test_a_reserved_place_never_pushes_a_good_alert_down_far(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """Places by money keep their order, and lose at most one in twenty."""
    alerts = queue(con, [(float(n), 100 - n) for n in range(200)])
    kept = alerts.filter(~pl.col("is_reserved")).with_row_index("rank", offset=1)
    assert kept["priority"].is_sorted(descending=True)
    assert (kept["queue_place"] <= kept["rank"] / (1.0 - PRICES.reserve_share) + 1.0).all()
    assert alerts["queue_place"].to_list() == list(range(1, 201))


def test_the_unproven_get_reserved_places_and_no_more(con: duckdb.DuckDBPyConnection) -> None:
    """What has no probability has no priority: half of the reserve is its, the oddest first."""
    alerts = queue(con, [(float(n), 100 - n) for n in range(200)], unproven=50)
    odd = alerts.filter(pl.col("lane") == "unproven")
    reserve = PRICES.reserve_share * 200
    assert odd.height == reserve / 2
    assert odd["entity_id"].to_list() == [f"odd_{n:04d}" for n in range(odd.height)]
    assert odd["is_reserved"].all()
    assert odd["priority"].null_count() == odd.height
    assert alerts["is_reserved"].sum() == reserve
    assert odd["queue_place"][0] <= 1.0 / PRICES.reserve_share + 1.0


def test_a_certain_severe_case_is_never_below_a_certain_trivial_one(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """Its ring shares its value until little is left; what it does is not less for that."""
    queue(con, [(1.0, 0), (4.0, 28), (900.0, 0), (2.0, 0)])
    con.execute("update alerts.candidates set score_band = 'CRIT', probability = 0.95")
    severe = PRICES.severe_reviews * PRICES.minute_cost * 10.0
    con.execute(
        f"update alerts.review_values set stake_usd = {severe} where entity_id = 'mer_0000'"
    )
    build(con, "alerts/queue", AlertSettings(reserve_share=0.01))
    places = con.sql("select entity_id, priority from alerts.queue order by queue_place").fetchall()
    names = [name for name, _ in places]
    assert names[:2] == ["mer_0002", "mer_0001"]
    assert dict(places)["mer_0001"] == pytest.approx(0.4 + PRICES.ageing_share * PRICES.minute_cost)
    assert names[2:] == ["mer_0000", "mer_0003"]
    assert dict(places)["mer_0000"] == PRICES.minute_cost


def test_what_has_ended_stands_behind_the_days_work(con: duckdb.DuckDBPyConnection) -> None:
    """However much it would be worth; nor does it take a place kept for the longest-waiting."""
    queue(con, [(float(n), 0) for n in range(40)])
    con.execute(
        "update alerts.review_values set is_ended = true, value_usd = 1000.0"
        " where entity_id in ('mer_0003', 'mer_0030')"
    )
    build(con, "alerts/queue", PRICES)
    rows = con.sql("select entity_id, is_ended, is_reserved from alerts.queue order by queue_place")
    places = rows.fetchall()
    assert {name for name, is_ended, _ in places[-2:] if is_ended} == {"mer_0003", "mer_0030"}
    assert not any(is_ended for _, is_ended, _ in places[:-2])
    assert not any(is_reserved for *_, is_reserved in places[-2:])
