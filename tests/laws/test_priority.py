"""What an alert is worth (docs/domain.md §4.2), held against its own SQL on a few rows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.settings.build import AlertSettings
from tests.laws.pricing import (
    AS_OF,
    CASE,
    PRICES,
    build,
    build_parties,
    pricing_database,
    put,
    review_values,
)
from tests.schemas import create_schemas

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

SHARES = st.floats(0.0, 1.0)
MONEY = st.floats(0.0, 1e6)
TERMS = st.fixed_dictionaries(
    {
        "probability": SHARES,
        "daily_loss_usd": MONEY,
        "recoverable_share": SHARES,
        "harm_usd": st.floats(0.0, 1e4),
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
    with pricing_database() as database:
        yield database


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
    graver = plain | {"harm_usd": case["harm_usd"] + more}
    later = plain | {"horizon_days": case["horizon_days"] * (1.0 + more)}
    fuller = plain | {"held_usd": case["held_usd"] + more}
    before, *after = (
        row["value_usd"]
        for row in review_values(con, [plain, likelier, dearer, graver, later, fuller])
    )
    assert all(value >= before - close(value, before) for value in after)


@settings(max_examples=20, deadline=None)
@given(case=TERMS, unit=st.sampled_from([0.01, 0.7, 7.0, 1300.0]))
def test_another_currency_is_the_same_value(
    con: duckdb.DuckDBPyConnection, case: dict[str, Any], unit: float
) -> None:
    """With every amount in another unit a value is that many units, so no two change places."""
    money = ("daily_loss_usd", "gmv_usd", "held_usd", "overdue_usd", "harm_usd")
    other = case | {name: case[name] * unit for name in money}
    dear = AlertSettings(minute_cost=PRICES.minute_cost * unit)
    before = review_values(con, [case])[0]["value_usd"]
    after = review_values(con, [other], dear)[0]["value_usd"]
    assert after == pytest.approx(before * unit, rel=1e-9, abs=1e-9 * unit)


@settings(max_examples=20, deadline=None)
@given(case=TERMS)
def test_a_good_subject_is_worth_no_review_unless_it_is_held(
    con: duckdb.DuckDBPyConnection, case: dict[str, Any]
) -> None:
    """No chance of being bad and no hold: nothing to gain. Held money is worth freeing."""
    good = case | {"probability": 0.0, "overdue_usd": 0.0}
    held = case | {"probability": 0.0, "gmv_usd": 0.0, "overdue_usd": 100.0 + case["overdue_usd"]}
    nothing, freed = review_values(con, [good, held])
    assert nothing["value_usd"] <= 0.0
    assert freed["value_usd"] > 0.0


@settings(max_examples=20, deadline=None)
@given(case=TERMS)
def test_the_value_is_its_formula(con: duckdb.DuckDBPyConnection, case: dict[str, Any]) -> None:
    """Every term stands in a column, and the columns make the value."""
    row, p = review_values(con, [case])[0], case["probability"]
    gain = row["loss_forward_usd"] * row["recoverable_share"] + row["harm_usd"]
    value = p * row["sensitivity"] * gain
    value -= (1.0 - p) * (1.0 - row["specificity"]) * row["false_positive_cost_usd"]
    value += (1.0 - p) * row["specificity"] * row["hold_cost_usd"]
    assert row["value_usd"] == pytest.approx(value, rel=1e-9, abs=1e-6)
    bad = p * row["sensitivity"]
    assert row["value_high_usd"] - row["value_usd"] == pytest.approx(
        bad * row["harm_usd"], abs=1e-6
    )
    assert row["value_usd"] - row["value_low_usd"] == pytest.approx(
        bad * row["harm_usd"] / 2.0, abs=1e-6
    )
    forward = row["daily_loss_usd"] * row["horizon_days"] + row["loss_held_usd"]
    assert row["loss_forward_usd"] == pytest.approx(forward)
    assert row["loss_held_usd"] == pytest.approx(0.4 * case["held_usd"])
    assert row["horizon_days"] <= case["horizon_days"]
    if case["payout_days"] is not None:
        assert row["horizon_days"] <= max(case["payout_days"], 1.0)


def test_acting_wrongly_is_never_free(con: duckdb.DuckDBPyConnection) -> None:
    """Whoever trades no more still costs an appeal; who does trades less for days."""
    calm, busy = review_values(con, [CASE, CASE | {"gmv_usd": 100.0}])
    appeal = PRICES.appeal_minutes * PRICES.minute_cost
    assert calm["false_positive_cost_usd"] == pytest.approx(appeal)
    lost = 100.0 * PRICES.margin * PRICES.wrong_days
    assert busy["false_positive_cost_usd"] == pytest.approx(appeal + lost)


@pytest.mark.parametrize(("ended", "ahead"), [(AS_OF, 1.0), (AS_OF - timedelta(days=1), 0.0)])
def test_a_finished_room_has_no_trade_ahead(
    ended: date, ahead: float, con: duckdb.DuckDBPyConnection
) -> None:
    """What it sold is past; what its host and shops sell goes on."""
    live_session = {"entity_type": "live_session", "entity_id": "liv_1"}
    host = {"entity_type": "creator", "entity_id": "crt_1"}
    money = {"flow": "gmv_usd", "event_id": "ord_1", "amount_usd": 30.0, "merchant_id": None}
    who = {"product_id": None, "creator_id": "crt_1", "buyer_id": None, "live_session_id": "liv_1"}
    create_schemas(con)
    put(con, "alerts.money_events", [money | who])
    put(con, "graph.entities", [live_session, host])
    put(con, "facts.snapshots", [{"as_of": AS_OF}])
    put(con, "staging.live_sessions", [{"live_session_id": "liv_1", "ended_at": ended}])
    put(con, "alerts.held_money", [live_session | {"entity_id": "nobody", "held_usd": 0.0}])
    for name in ("overdue_usd", "payout_days"):
        con.execute(f"alter table alerts.held_money add column {name} double")
    build_parties(con)
    build(con, "alerts/exposures")
    exposures = con.sql("select entity_id, gmv_usd, gmv_ahead_usd from alerts.exposures").fetchall()
    assert sorted(exposures) == [("crt_1", 1.0, 1.0), ("liv_1", 1.0, ahead)]
