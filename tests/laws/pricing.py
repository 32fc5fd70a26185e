"""The tables that price an alert, made of a few rows of one's own."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl

import queries
from pipeline.settings.build import AlertSettings

if TYPE_CHECKING:
    from collections.abc import Iterator

AS_OF = date(2026, 5, 1)
PRICES = AlertSettings()
CASE = {
    "probability": 0.5,
    "daily_loss_usd": 1.0,
    "recoverable_share": 0.5,
    "harm_usd": 30.0,
    "gmv_usd": 0.0,
    "held_usd": 0.0,
    "overdue_usd": 0.0,
    "horizon_days": 7.0,
    "review_minutes": 10.0,
    "payout_days": None,
}
"""Someone as likely bad as not, who trades no more."""


@contextmanager
def pricing_database() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with the schemas that pricing reads and writes."""
    with duckdb.connect() as con:
        for schema in ("alerts", "scores", "graph", "communities", "staging"):
            con.execute(f"create schema {schema}")
        # An amount that no row states is nothing where orders were delivered, else unknown.
        put(con, "staging.orders", [{"order_id": "ord_000001"}])
        yield con


def put(con: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    """Make or replace a table."""
    con.register("_given", pl.DataFrame(rows, infer_schema_length=None))
    con.execute(f"create or replace table {table} as select * from _given")
    con.unregister("_given")


def build(con: duckdb.DuckDBPyConnection, name: str, prices: AlertSettings = PRICES) -> None:
    """Build one table of schema alerts."""
    params = [column.name for column in queries.get(name).params]
    queries.build(con, name, **{param: getattr(prices, param) for param in params})


def build_parties(con: duckdb.DuckDBPyConnection) -> None:
    """Build alerts.event_parties of the events of money that are there, and of no harm."""
    con.execute(
        "create or replace table alerts.harm_events as select flow as event,"
        " * exclude (flow, amount_usd), 0.0 as quantity from alerts.money_events where false"
    )
    build(con, "alerts/event_parties")


def review_values(
    con: duckdb.DuckDBPyConnection,
    cases: list[dict[str, Any]],
    prices: AlertSettings = PRICES,
) -> list[dict[str, Any]]:
    """The rows of alerts.review_values for some cases.

    Each is a suspect of a pack of its own, whose harm may be half or twice what it says.
    """
    ids = [{"entity_type": "merchant", "entity_id": f"mer_{n:04d}"} for n in range(len(cases))]
    typologies = [{"typology": f"T{n}_TOY"} for n in range(len(cases))]
    suspects = ("probability",)
    packs = ("recoverable_share", "review_minutes", "horizon_days")
    exposures = ("gmv_usd", "held_usd", "overdue_usd", "payout_days")
    everyone = list(zip(ids, typologies, cases, strict=True))
    lane = {"lane": "score"}
    put(con, "alerts.candidates", [i | k | lane | _some(c, suspects) for i, k, c in everyone])
    put(
        con,
        "scores.packs",
        [
            {"entity_type": "merchant", "sensitivity": None, "specificity": None}
            | k
            | _some(c, packs)
            for _, k, c in everyone
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
    put(
        con,
        "alerts.loss_terms",
        [typology | lost for typology in typologies],
    )
    harm = {"harm_low_usd": 0.5, "harm_usd": 1.0, "harm_high_usd": 2.0, "alone_harm_usd": 3.0}
    put(
        con,
        "alerts.harms",
        [
            i
            | {name: c["harm_usd"] * times for name, times in harm.items()}
            | {"is_activity": True}
            for i, _, c in everyone
        ],
    )
    put(con, "scores.pack_harms", [typologies[0] | {"entity_type": "buyer", "is_activity": True}])
    build(con, "alerts/review_values", prices)
    return con.sql("select * from alerts.review_values order by entity_id").pl().to_dicts()


def _some(case: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: case[name] for name in names}
