"""Laws of the priority (DOMAIN 4.2), held against its own SQL on a database of a few rows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import queries
from pipeline.settings import AlertSettings

if TYPE_CHECKING:
    from collections.abc import Iterator

AS_OF = date(2026, 5, 1)
PRICES = AlertSettings()
SHARES = st.floats(0.0, 1.0)
MONEY = st.floats(0.0, 1e6)
TERMS = st.fixed_dictionaries(
    {
        "probability": SHARES,
        "daily_loss_usd": MONEY,
        "recoverable_share": SHARES,
        "harm_minutes": st.floats(0.0, 1e4),
        "gmv_usd": MONEY,
        "held_usd": MONEY,
        "overdue_usd": MONEY,
        "horizon_days": st.floats(1.0, 90.0),
        "review_minutes": st.floats(1.0, 120.0),
        "payout_days": st.none() | st.floats(0.0, 60.0),
    }
)


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database of one's own."""
    with duckdb.connect() as made:
        for schema in ("alerts", "scores", "graph", "communities"):
            made.execute(f"create schema {schema}")
        yield made


def put(con: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    """Make or replace a table."""
    con.register("_given", pl.DataFrame(rows, infer_schema_length=None))
    con.execute(f"create or replace table {table} as select * from _given")
    con.unregister("_given")


def build(con: duckdb.DuckDBPyConnection, name: str, prices: AlertSettings = PRICES) -> None:
    """Build one table of schema alerts."""
    wanted = [column.name for column in queries.get(name).params]
    queries.build(con, name, **{param: getattr(prices, param) for param in wanted})


def priced(
    con: duckdb.DuckDBPyConnection,
    cases: list[dict[str, Any]],
    prices: AlertSettings = PRICES,
    members: list[dict[str, Any]] | None = None,
) -> list[dict[str, Any]]:
    """The rows of alerts.priced for some cases.

    Each is a suspect of a pack of its own; where `members` of communities are named, all are
    of one pack.
    """
    ids = [{"entity_type": "merchant", "entity_id": f"mer_{n:04d}"} for n in range(len(cases))]
    kinds = [{"typology": f"T{0 if members else n}_TOY"} for n in range(len(cases))]
    suspects = ("probability",)
    packs = ("recoverable_share", "harm_minutes", "review_minutes", "horizon_days")
    exposures = ("gmv_usd", "held_usd", "overdue_usd", "payout_days")
    everyone = list(zip(ids, kinds, cases, strict=True))
    lane = {"lane": "score"}
    put(con, "alerts.suspects", [i | k | lane | _some(c, suspects) for i, k, c in everyone])
    put(
        con,
        "scores.packs",
        [
            {"entity_type": "merchant", "sensitivity": None, "specificity": None}
            | k
            | _some(c, packs)
            for _, k, c in (everyone[:1] if members else everyone)
        ],
    )
    con.execute("alter table scores.packs alter sensitivity type double")
    con.execute("alter table scores.packs alter specificity type double")
    put(
        con,
        "alerts.exposures",
        [i | _some(c, exposures) | {"gmv_ahead_usd": c["gmv_usd"]} for i, _, c in everyone],
    )
    con.execute("alter table alerts.exposures alter payout_days type double")
    put(
        con,
        "alerts.losses",
        [
            i | {"daily_loss_usd": c["daily_loss_usd"], "ring_share": 1.0, "loss_bearer": "buyer"}
            for i, _, c in everyone
        ],
    )
    lost = {"entity_type": "merchant", "flow": "gmv_usd", "share": 0.4, "bearer": "buyer"}
    put(con, "alerts.loss_terms", [kind | lost for kind in (kinds[:1] if members else kinds)])
    put(con, "communities.members", members or [ids[0] | {"community_id": "com_0"}])
    build(con, "alerts/priced", prices)
    return con.sql("select * from alerts.priced order by entity_id").pl().to_dicts()


def _some(case: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: case[name] for name in names}


def close(one: float, other: float) -> float:
    """Room for rounding between two sums of money."""
    return 1e-9 * (1.0 + abs(one) + abs(other))


@settings(max_examples=20, deadline=None)
@given(case=TERMS, more=st.floats(0.0, 1.0))
def test_value_rises_with_probability_loss_and_harm(
    con: duckdb.DuckDBPyConnection, case: dict[str, Any], more: float
) -> None:
    """All else equal and nobody held, a likelier, dearer or graver case is never worth less."""
    plain = case | {"overdue_usd": 0.0}
    likelier = plain | {"probability": case["probability"] + (1.0 - case["probability"]) * more}
    dearer = plain | {"daily_loss_usd": case["daily_loss_usd"] * (1.0 + more) + more}
    graver = plain | {"harm_minutes": case["harm_minutes"] + more}
    later = plain | {"horizon_days": case["horizon_days"] * (1.0 + more)}
    fuller = plain | {"held_usd": case["held_usd"] + more}
    before, *after = (
        row["value_usd"] for row in priced(con, [plain, likelier, dearer, graver, later, fuller])
    )
    assert all(value >= before - close(value, before) for value in after)


@settings(max_examples=20, deadline=None)
@given(case=TERMS, unit=st.sampled_from([0.01, 0.7, 7.0, 1300.0]))
def test_another_currency_is_the_same_value(
    con: duckdb.DuckDBPyConnection, case: dict[str, Any], unit: float
) -> None:
    """With every amount in another unit a value is that many units, so no two change places."""
    money = ("daily_loss_usd", "gmv_usd", "held_usd", "overdue_usd")
    other = case | {name: case[name] * unit for name in money}
    dear = AlertSettings(minute_cost=PRICES.minute_cost * unit)
    before = priced(con, [case])[0]["value_usd"]
    after = priced(con, [other], dear)[0]["value_usd"]
    assert after == pytest.approx(before * unit, rel=1e-9, abs=1e-9 * unit)


@settings(max_examples=20, deadline=None)
@given(case=TERMS)
def test_a_good_subject_is_worth_no_review_unless_it_is_held(
    con: duckdb.DuckDBPyConnection, case: dict[str, Any]
) -> None:
    """No chance of being bad and no hold: nothing to gain. Held money is worth freeing."""
    good = case | {"probability": 0.0, "overdue_usd": 0.0}
    held = case | {"probability": 0.0, "gmv_usd": 0.0, "overdue_usd": 100.0 + case["overdue_usd"]}
    nothing, freed = priced(con, [good, held])
    assert nothing["value_usd"] <= 0.0
    assert freed["value_usd"] > 0.0


@settings(max_examples=20, deadline=None)
@given(case=TERMS)
def test_the_value_is_its_formula(con: duckdb.DuckDBPyConnection, case: dict[str, Any]) -> None:
    """Every term stands in a column, and the columns make the value."""
    row, p = priced(con, [case])[0], case["probability"]
    gain = row["loss_forward_usd"] * row["recoverable_share"] + row["harm_usd"]
    value = p * row["sensitivity"] * gain
    value -= (1.0 - p) * (1.0 - row["specificity"]) * row["false_positive_cost_usd"]
    value += (1.0 - p) * row["specificity"] * row["hold_cost_usd"]
    assert row["value_usd"] == pytest.approx(value, rel=1e-9, abs=1e-6)
    forward = row["daily_loss_usd"] * row["horizon_days"] + row["loss_held_usd"]
    assert row["loss_forward_usd"] == pytest.approx(forward)
    assert row["loss_held_usd"] == pytest.approx(0.4 * case["held_usd"])
    assert row["horizon_days"] <= case["horizon_days"]
    if case["payout_days"] is not None:
        assert row["horizon_days"] <= max(case["payout_days"], 1.0)


# ---------------------------------------------------------------- the queue


def queue(
    con: duckdb.DuckDBPyConnection,
    cases: list[tuple[float, int]],
    unproven: int = 0,
    **prices: float,
) -> pl.DataFrame:
    """The queue of (value in USD, days of waiting) cases that each take ten minutes."""
    odd = [f"odd_{n:04d}" for n in range(unproven)]
    ids = [f"mer_{n:04d}" for n in range(len(cases))]
    kind = {"entity_type": "merchant"}
    common = kind | {"as_of": AS_OF, "typology": "T1_BRUSHING", "signal_probability": 0.0}
    common |= {"strength": 0.0}
    suspects = [
        common
        | {"entity_id": one, "lane": "score", "score": 0.5, "score_band": "HIGH"}
        | {"probability": 0.5, "opened_on": AS_OF - timedelta(days=days), "novelty_rank": None}
        for one, (_, days) in zip(ids, cases, strict=True)
    ]
    suspects += [
        common
        | {"entity_id": one, "lane": "unproven", "score": 0.0, "score_band": "LOW"}
        | {"probability": None, "opened_on": AS_OF, "novelty_rank": number}
        for number, one in enumerate(odd)
    ]
    put(con, "alerts.suspects", suspects)
    terms = queries.get("alerts/priced").returns
    zero = {column.name: 0.0 for column in terms[2:]} | {"loss_bearer": "buyer"}
    values = [*(value for value, _ in cases), *([None] * unproven)]
    put(
        con,
        "alerts.priced",
        [
            kind | zero | {"entity_id": one, "review_minutes": 10.0, "value_usd": value}
            for one, value in zip([*ids, *odd], values, strict=True)
        ],
    )
    put(
        con,
        "graph.entities",
        [kind | {"entity_id": one, "name": one, "market": "SG"} for one in [*ids, *odd]],
    )
    reasons = {column.name: None for column in queries.get("alerts/reasons").returns[2:]}
    put(con, "alerts.reasons", [kind | {"entity_id": "nobody"} | reasons])
    put(con, "communities.members", [kind | {"entity_id": "nobody", "community_id": "com_1"}])
    put(con, "communities.communities", [{"community_id": "com_1", "member_count": 3}])
    build(con, "alerts/alerts", AlertSettings(**prices))
    return con.sql("select * from alerts.alerts order by queue_place").pl()


def test_of_two_like_alerts_the_older_goes_first(con: duckdb.DuckDBPyConnection) -> None:
    """Waiting adds, evenly and up to its cap, whatever the value."""
    waits = [0, 7, 14, 28, 90]
    found = queue(con, [(5.0, days) for days in waits]).sort("waiting_days")
    boosts = found["ageing_boost"].to_list()
    assert boosts == sorted(boosts)
    assert boosts[0] == 0.0
    assert boosts[-1] == boosts[-2] == PRICES.minute_cost * PRICES.ageing_share
    assert found["queue_place"].to_list()[0] == len(waits)
    assert found["priority"].to_list() == pytest.approx([0.5 + boost for boost in boosts])


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
    found = queue(con, [*cases, *old.items()])
    kept = found.filter(pl.col("is_reserved"))
    assert kept.height == PRICES.reserve_share * found.height
    assert kept["waiting_days"].to_list() == [90.0, 80.0, 70.0, 60.0]
    assert kept["value_usd"].to_list() == list(old)[:4]
    pages = 1.0 / PRICES.reserve_share
    assert (kept["queue_place"] <= pages * (pl.int_range(1, 5, eager=True))).all()


def test_nothing_starves(con: duckdb.DuckDBPyConnection) -> None:
    """However many better alerts come, the longest-waiting one keeps a place on page one."""
    cases = [(1000.0 + n, 0) for n in range(99)]
    found = queue(con, [*cases, (-50.0, 60)])
    old = found.filter(pl.col("waiting_days") == 60.0).row(0, named=True)
    assert old["priority"] == found["priority"].min()
    assert old["is_reserved"]
    assert old["queue_place"] <= 1.0 / PRICES.reserve_share
    assert found["is_reserved"].sum() == PRICES.reserve_share * found.height


def test_a_reserved_place_never_pushes_a_good_alert_down_far(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """Places by money keep their order, and lose at most one in twenty."""
    found = queue(con, [(float(n), 100 - n) for n in range(200)])
    kept = found.filter(~pl.col("is_reserved")).with_row_index("rank", offset=1)
    assert kept["priority"].is_sorted(descending=True)
    assert (kept["queue_place"] <= kept["rank"] / (1.0 - PRICES.reserve_share) + 1.0).all()
    assert found["queue_place"].to_list() == list(range(1, 201))


def test_the_unproven_get_reserved_places_and_no_more(con: duckdb.DuckDBPyConnection) -> None:
    """What has no probability has no priority: half of the reserve is its, the oddest first."""
    found = queue(con, [(float(n), 100 - n) for n in range(200)], unproven=50)
    odd = found.filter(pl.col("lane") == "unproven")
    reserve = PRICES.reserve_share * 200
    assert odd.height == reserve / 2
    assert odd["entity_id"].to_list() == [f"odd_{n:04d}" for n in range(odd.height)]
    assert odd["is_reserved"].all()
    assert odd["priority"].null_count() == odd.height
    assert found["is_reserved"].sum() == reserve
    assert odd["queue_place"][0] <= 1.0 / PRICES.reserve_share + 1.0


# ---------------------------------------------------------------- rings


def losses(
    con: duckdb.DuckDBPyConnection,
    members: list[tuple[str, str]],
    terms: list[dict[str, Any]] | None = None,
) -> dict[str, float]:
    """Daily loss of suspects over three orders of 30 USD, of one shop, by two buyers."""
    orders = [("ord_1", "buy_1"), ("ord_2", "buy_1"), ("ord_3", "buy_2")]
    put(
        con,
        "alerts.money",
        [
            {"flow": "gmv_usd", "event_id": event, "merchant_id": "mer_1", "product_id": "prd_1"}
            | {"creator_id": None, "buyer_id": buyer, "live_session_id": None, "amount_usd": 30.0}
            for event, buyer in orders
        ],
    )
    con.execute("alter table alerts.money alter amount_usd type decimal(18, 6)")
    put(
        con,
        "alerts.suspects",
        [
            {"entity_type": k, "entity_id": i, "typology": "T1_BRUSHING", "lane": "score"}
            for k, i in members
        ],
    )
    put(
        con,
        "alerts.loss_terms",
        [
            {"typology": "T1_BRUSHING", "entity_type": kind, "flow": "gmv_usd", "share": 1.0}
            | {"bearer": "rival"}
            for kind in ("merchant", "product", "buyer")
        ]
        if terms is None
        else terms,
    )
    build(con, "alerts/touched")
    build(con, "alerts/losses")
    found = con.sql("select entity_id, daily_loss_usd, ring_share from alerts.losses").pl()
    assert found["ring_share"].is_between(0.0, 1.0).all()
    return dict(found.select("entity_id", "daily_loss_usd").iter_rows())


RING = [("merchant", "mer_1"), ("product", "prd_1"), ("buyer", "buy_1"), ("buyer", "buy_2")]
MONEY_OF_RING = 3 * 30.0 / 30.0


def test_a_rings_money_is_counted_once(con: duckdb.DuckDBPyConnection) -> None:
    """Shop, listing and buyers together lose what the orders were worth, not four times that."""
    together = losses(con, RING)
    assert together.keys() == {entity for _, entity in RING}
    assert sum(together.values()) == pytest.approx(MONEY_OF_RING)
    assert together["mer_1"] == pytest.approx(MONEY_OF_RING / 3.0)


@pytest.mark.parametrize("size", range(1, len(RING) + 1))
def test_no_set_of_members_sums_to_more_than_its_orders(
    size: int, con: duckdb.DuckDBPyConnection
) -> None:
    """Whoever of the ring is suspected, their parts never exceed the orders they touched."""
    assert sum(losses(con, RING[:size]).values()) == pytest.approx(MONEY_OF_RING)


def test_who_is_alone_carries_the_whole(con: duckdb.DuckDBPyConnection) -> None:
    """A single suspect's loss is that of every order it touched."""
    assert losses(con, [("buyer", "buy_1")]) == {"buy_1": pytest.approx(2 * 30.0 / 30.0)}


def test_two_bearers_of_one_flow_are_one_suspect(con: duckdb.DuckDBPyConnection) -> None:
    """A loss that two parties bear is neither halved nor shared with oneself."""
    term = {"typology": "T1_BRUSHING", "entity_type": "merchant", "flow": "gmv_usd"}
    bearers = [("rival", 0.25), ("platform", 0.5), ("buyer", 0.25)]
    terms = [term | {"bearer": name, "share": share} for name, share in bearers]
    assert losses(con, RING[:1], terms) == {"mer_1": pytest.approx(MONEY_OF_RING)}
    [row] = con.sql("select ring_share, loss_bearer from alerts.losses").fetchall()
    assert row == (pytest.approx(1.0), "platform")


@pytest.mark.parametrize("turn", [1, -1])
def test_the_largest_bearer_is_named(turn: int, con: duckdb.DuckDBPyConnection) -> None:
    """By all it bears, not by its largest part; of equals the first by name."""
    term = {"typology": "T1_BRUSHING", "entity_type": "merchant"}
    more = con.sql("select * replace ('refund_usd' as flow) from alerts.money").pl()
    terms = [
        term | {"flow": flow, "bearer": name, "share": share}
        for flow, name, share in (
            ("gmv_usd", "rival", 0.4),
            ("gmv_usd", "buyer", 0.3),
            ("refund_usd", "buyer", 0.3),
            ("gmv_usd", "agency", 0.6),
        )
    ]
    losses(con, RING[:1], terms)
    con.register("_more", more)
    con.execute("insert into alerts.money select * from _more")
    con.unregister("_more")
    put(con, "alerts.loss_terms", terms[::turn])
    build(con, "alerts/touched")
    build(con, "alerts/losses")
    [row] = con.sql("select loss_bearer from alerts.losses").fetchall()
    assert row == ("agency",)


CASE = {
    "probability": 0.5,
    "daily_loss_usd": 1.0,
    "recoverable_share": 0.5,
    "harm_minutes": 60.0,
    "gmv_usd": 0.0,
    "held_usd": 0.0,
    "overdue_usd": 0.0,
    "horizon_days": 7.0,
    "review_minutes": 10.0,
    "payout_days": None,
}


def test_a_rings_harm_is_counted_once(con: duckdb.DuckDBPyConnection) -> None:
    """Members of one community share its harm; who is in none with others bears it alone."""
    merchant = {"entity_type": "merchant"}
    members = [
        merchant | {"entity_id": f"mer_{n:04d}", "community_id": "com_1" if n < 3 else "com_2"}
        for n in range(4)
    ]
    harm = [row["harm_usd"] for row in priced(con, [CASE] * 5, members=members)]
    whole = 60.0 * PRICES.minute_cost
    assert sum(harm[:3]) == pytest.approx(whole)
    assert harm[3:] == [pytest.approx(whole)] * 2


def test_acting_wrongly_is_never_free(con: duckdb.DuckDBPyConnection) -> None:
    """Whoever trades no more still costs an appeal; who does trades less for days."""
    calm, busy = priced(con, [CASE, CASE | {"gmv_usd": 100.0}])
    appeal = PRICES.appeal_minutes * PRICES.minute_cost
    assert calm["false_positive_cost_usd"] == pytest.approx(appeal)
    lost = 100.0 * PRICES.margin * PRICES.wrong_days
    assert busy["false_positive_cost_usd"] == pytest.approx(appeal + lost)


@pytest.mark.parametrize(("ended", "ahead"), [(AS_OF, 1.0), (AS_OF - timedelta(days=1), 0.0)])
def test_a_finished_room_has_no_trade_ahead(
    ended: date, ahead: float, con: duckdb.DuckDBPyConnection
) -> None:
    """What it sold is past; what its host and shops sell goes on."""
    room = {"entity_type": "live_session", "entity_id": "liv_1"}
    host = {"entity_type": "creator", "entity_id": "crt_1"}
    money = {"flow": "gmv_usd", "event_id": "ord_1", "amount_usd": 30.0, "merchant_id": None}
    who = {"product_id": None, "creator_id": "crt_1", "buyer_id": None, "live_session_id": "liv_1"}
    con.execute("create schema if not exists staging")
    con.execute("create schema if not exists features")
    put(con, "alerts.money", [money | who])
    put(con, "graph.entities", [room, host])
    put(con, "features.snapshots", [{"as_of": AS_OF}])
    put(con, "staging.live_sessions", [{"live_session_id": "liv_1", "ended_at": ended}])
    put(con, "alerts.holdings", [room | {"entity_id": "nobody", "held_usd": 0.0}])
    for name in ("overdue_usd", "payout_days"):
        con.execute(f"alter table alerts.holdings add column {name} double")
    build(con, "alerts/touched")
    build(con, "alerts/exposures")
    found = con.sql("select entity_id, gmv_usd, gmv_ahead_usd from alerts.exposures").fetchall()
    assert sorted(found) == [("crt_1", 1.0, 1.0), ("liv_1", 1.0, ahead)]
