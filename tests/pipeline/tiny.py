"""A marketplace of a few hundred entities with planted facts, for stage tests.

Built in memory with the documented tables only: merchants and buyers have enough labels
for a model, creators have too few, products and live sessions have none. Bad ones differ in
`burst_7d` and `shared_device_rate_30d`; `noise_30d` says nothing and `often_null_30d` is
mostly unknown.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import duckdb
import numpy as np
import polars as pl

import queries
from pipeline.settings.build import Settings
from pipeline.signals import stage as signals
from tests.schemas import create_schemas

AS_OF = date(2026, 5, 1)
WEEKS = [AS_OF - timedelta(days=7 * n) for n in range(12, -1, -1)]
DAYS = sorted({*WEEKS, *(AS_OF - timedelta(days=n) for n in range(3))})
SIZES = {"merchant": 160, "creator": 40, "product": 30, "buyer": 300, "live_session": 20}
PREFIX = dict(zip(SIZES, ("mer", "crt", "prd", "buy", "liv"), strict=True))
LABELLED = dict(zip(SIZES, ((30, 60), (3, 5), (0, 0), (40, 90), (0, 0)), strict=True))
EVENT = datetime(2026, 3, 1, 12)  # noqa: DTZ001 - UTC without a zone, as stored
KNOWN = datetime(2026, 3, 20, 12)  # noqa: DTZ001 - UTC without a zone, as stored


def name(entity_type: str, number: int) -> str:
    """Id of an entity: bad ones come first, then good ones, then unknown ones."""
    return f"{PREFIX[entity_type]}_{number:06d}"


def unheard(_table: str, _rows: int) -> None:
    """A listener for progress that nobody watches."""


def build(seed: int = 7) -> duckdb.DuckDBPyConnection:
    """An in-memory database as the stages before `scores` leave it."""
    con, random = duckdb.connect(), np.random.default_rng(seed)
    create_schemas(con)
    for entity_type in SIZES:
        put(con, f"features.{entity_type}", features(entity_type, random))
    put(con, "facts.snapshots", snapshots())
    put(con, "population.observations", observations())
    put(con, "staging.labels", labels())
    put(con, "facts.verdicts", queries.run(con, "facts/verdicts"))
    put(con, "graph.entities", entities())
    put(con, "facts.age_bands", queries.run(con, "facts/age_bands"))
    put(con, "staging.orders", orders(random))
    put(con, "graph.edges", edges())
    put(con, "similarity.lockstep_cores", cores())
    put(con, "staging.products", products())
    proposals = dict.fromkeys(("entity_type", "entity_id"), pl.String)
    put(con, "alerts.proposals", pl.DataFrame(schema=proposals))
    signals.write(con, Settings(), unheard, packs_in_use=[])
    return con


def put(con: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Make or replace a table."""
    con.register("_given", frame)
    con.execute(f"create or replace table {table} as select * from _given")
    con.unregister("_given")


def snapshots() -> pl.DataFrame:
    """Weekly training days and three daily ones."""
    rows = [(entity_type, day, day in WEEKS, day == AS_OF) for entity_type in SIZES for day in DAYS]
    return pl.DataFrame(
        rows, schema=["entity_type", "as_of", "is_training", "is_latest"], orient="row"
    )


def observations() -> pl.DataFrame:
    """Everybody at every snapshot, as in a marketplace small enough to be its own sample."""
    rows = [
        (entity_type, name(entity_type, n), day, True)
        for entity_type, size in SIZES.items()
        for day in DAYS
        for n in range(size)
    ]
    schema = ["entity_type", "entity_id", "as_of", "is_sampled"]
    return pl.DataFrame(rows, schema=schema, orient="row")


def features(entity_type: str, random: np.random.Generator) -> pl.DataFrame:
    """Rows of `features.<entity_type>`: the bad behave badly from EVENT on."""
    size, bad = SIZES[entity_type], LABELLED[entity_type][0]
    parts = []
    for day in DAYS:
        acts = (np.arange(size) < bad) & (day > EVENT.date())
        rate = np.clip(random.normal(0.1 + 0.25 * acts, 0.12), 0, 1)
        rare = np.where(random.random(size) < 0.8, np.nan, random.random(size))
        parts.append(
            pl.DataFrame(
                {
                    f"{entity_type}_id": [name(entity_type, n) for n in range(size)],
                    "as_of": [day] * size,
                    "burst_7d": random.normal(1.5 * acts, 1.0),
                    "shared_device_rate_30d": rate,
                    "noise_30d": random.normal(size=size),
                    "often_null_30d": pl.Series(rare).fill_nan(None),
                    "order_count_30d": random.integers(0, 50, size),
                }
            )
        )
    return pl.concat(parts)


def labels() -> pl.DataFrame:
    """Bad and good labels; every fourth good one and three bad ones were drawn at random."""
    rows = []
    for entity_type, (bad, good) in LABELLED.items():
        for number in range(bad + good):
            label = "bad" if number < bad else "good"
            is_random = number < 3 or (label == "good" and number % 4 == 0)
            source = "exploration" if is_random else "review"
            rows.append((entity_type, name(entity_type, number), label, source, EVENT, KNOWN))
    schema = ["entity_type", "entity_id", "label", "source", "event_at", "known_at"]
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    frame = frame.with_columns(observed_at="event_at", decided_at="known_at")
    return frame.with_row_index("label_id").with_columns(
        pl.format("lab_{}", "label_id").alias("label_id"),
        typology=pl.lit("T1_BRUSHING"),
        weight=pl.lit(1.0),
        withdrawn_at=pl.lit(None, pl.Datetime("us")),
        day=pl.col("known_at").dt.date(),
    )


def edges() -> pl.DataFrame:
    """Shops and buyers that share a device, each with the next one of an even number."""
    rows = [
        (f"{one}:{name(one, n)}", f"{one}:{name(one, n + 1)}", "shares_device", 1.0)
        for one in ("merchant", "buyer")
        for n in range(0, SIZES[one], 2)
    ]
    return pl.DataFrame(rows, schema=["src", "dst", "relation", "weight"], orient="row")


def cores() -> pl.DataFrame:
    """Nobody moves in lockstep."""
    return pl.DataFrame(schema={"buyer_id": pl.String, "as_of": pl.Date, "group_id": pl.String})


def products() -> pl.DataFrame:
    """Every listing in a shop of its own."""
    numbers = range(SIZES["product"])
    rows = [(name("product", n), name("merchant", n)) for n in numbers]
    return pl.DataFrame(rows, schema=["product_id", "merchant_id"], orient="row")


def orders(random: np.random.Generator) -> pl.DataFrame:
    """Who bought from whom lately: nobody for a reason."""
    traders = {entity_type: random.integers(0, size, 2_000) for entity_type, size in SIZES.items()}
    named = {
        f"{entity_type}_id": [name(entity_type, n) for n in who]
        for entity_type, who in traders.items()
    }
    return pl.DataFrame(named).with_columns(day=pl.lit(AS_OF - timedelta(days=9)))


def entities() -> pl.DataFrame:
    """Everybody: ten of each kind in a market too small to compare within, ten of an age so."""
    rows = [
        (
            *(entity_type, name(entity_type, n), "US" if n >= 10 else "SG"),
            None if entity_type == "buyer" else "home",
            EVENT - timedelta(days=120) if n < size - 10 else KNOWN + timedelta(days=20),
        )
        for entity_type, size in SIZES.items()
        for n in range(size)
    ]
    schema = ["entity_type", "entity_id", "market", "category", "registered_at"]
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    place = pl.concat_str(pl.col("market"), pl.lit(" / "), pl.col("category"))
    return frame.with_columns(peer_group=pl.coalesce(place, "market"))
