"""Serving badly is not fraud: a shop that delivers late and disappoints is no more suspect."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest
import sqlglot
from polars.testing import assert_frame_equal
from sqlglot import exp

import queries
from pipeline.tables import feature_names
from queries.catalogue import features
from queries.packs import Signal, packs
from queries.vocabulary import ENTITY_TYPES
from tests.laws.asking import features_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

    from pipeline.build import Report

WORST = {"high": 0.6, "low": 1.0, "none": 1.0}
"""A value that serves badly, by the end that is bad: most parcels late, one star."""
SIGNALS = [signal for pack in packs().values() for signal in pack.signals]


def service_names(entity_type: str) -> list[str]:
    """Features that tell how well an entity serves."""
    return [name for name, one in features(entity_type).items() if one.use == "quality"]


def columns(predicate: str) -> set[str]:
    """Features that a signal looks at."""
    tree = sqlglot.parse_one(f"select {predicate}", read="duckdb")
    return {column.name for column in tree.find_all(exp.Column)}


# ---------------------------------------------------------------- models


@pytest.mark.parametrize("entity_type", ENTITY_TYPES)
def test_no_model_of_fraud_sees_how_well_somebody_serves(
    entity_type: str, con: duckdb.DuckDBPyConnection
) -> None:
    """Service columns are in the table, in no model's matrix and in no stored trees."""
    service = set(service_names(entity_type))
    assert not service & set(feature_names(con, entity_type))
    sql = "select model_text from scores.model_files where entity_type = $kind"
    for (text,) in con.execute(sql, {"kind": entity_type}).fetchall():
        [line] = [row for row in text.splitlines() if row.startswith("feature_names=")]
        assert not service & set(line.partition("=")[2].split())


def test_shops_and_listings_have_their_service_described() -> None:
    """Returns, disputes, not received, late dispatch, slow parcels and the shape of ratings."""
    wanted = {
        *("refund_rate_90d", "dispute_rate_90d", "not_received_rate_90d", "rating_entropy_90d"),
        *("late_dispatch_share_30d", "slow_parcel_share_30d", "one_star_share_90d"),
    }
    assert wanted <= set(service_names("merchant"))
    assert wanted <= set(service_names("product"))


# ---------------------------------------------------------------- signals


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda signal: signal.code)
def test_no_signal_fires_from_bad_service_alone(
    signal: Signal, con: duckdb.DuckDBPyConnection
) -> None:
    """The ordinary member of its type, come to serve as badly as can be, gives no new reason."""
    assert not fires_from_service_alone(signal, con)


def test_a_signal_of_service_alone_would_be_caught(con: duckdb.DuckDBPyConnection) -> None:
    """The law above can fail: refunds and complaints alone are caught, beside a sign they are not.

    The second toy looks at the same service and at shops on one bank account, of which the
    ordinary shop has one.
    """
    service = "refund_rate_90d >= 0.3 and complaint_rate_90d >= 0.05"
    assert columns(service) <= set(service_names("merchant"))
    alone = Signal(
        code="T99.S01_SERVICE",
        entity_type="merchant",
        predicate=service,
        severity=0.5,
        text="Serves badly",
        reason="T99.R01_SERVICE",
    )
    assert fires_from_service_alone(alone, con)
    more = f"{service} and bank_account_merchants >= 3"
    beside = alone.model_copy(update={"predicate": more})
    assert not fires_from_service_alone(beside, con)


def fires_from_service_alone(signal: Signal, con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the ordinary member of a type fits once it serves as badly as can be, only then."""
    kind = signal.entity_type
    table = f"features.{kind}"
    latest = f"{table} where as_of = (select max(as_of) from {table})"
    names = sorted(columns(signal.predicate))
    ordinary = ", ".join(f"median({name}) as {name}" for name in names)
    service = [name for name in names if features(kind)[name].use == "quality"]
    worst = ", ".join(f"{WORST[features(kind)[name].direction]} as {name}" for name in service)
    changed = f"* replace ({worst})" if service else "*"
    sql = f"select {changed} from (select {ordinary} from {latest})"
    before = queries.scalar(con, f"select {signal.predicate} from ({sql.replace(changed, '*')})")
    after = queries.scalar(con, f"select {signal.predicate} from ({sql})")
    return bool(after and not before)


# ---------------------------------------------------------------- two equal shops


def worse(folder: Path, target: Path, merchant_id: str) -> None:
    """The same delivery, but for one shop, which sends late, sells poorly and is told so."""
    for path in folder.glob("*.parquet"):
        pl.read_parquet(path).write_parquet(target / path.name)
    orders = pl.read_parquet(folder / "orders.parquet")
    mine = orders.filter(pl.col("merchant_id") == merchant_id)
    _rate_badly(target, mine)
    _send_late(target, mine)
    _complain(target, mine)


def _rate_badly(target: Path, mine: pl.DataFrame) -> None:
    """Whoever gave three or four stars gives two: ones and fives can be a crew's."""
    reviews = pl.read_parquet(target / "reviews.parquet")
    is_bad = pl.col("order_id").is_in(mine["order_id"].implode()) & pl.col("rating").is_in([3, 4])
    changed = reviews.with_columns(rating=pl.when(is_bad).then(2).otherwise("rating"))
    changed.cast({"rating": reviews.schema["rating"]}).write_parquet(target / "reviews.parquet")


def _send_late(target: Path, mine: pl.DataFrame) -> None:
    """Parcels soon scanned and more than a day on the way leave 49 hours after the order."""
    shipments = pl.read_parquet(target / "shipments.parquet")
    late = pl.col("created_at") + timedelta(hours=49)
    can = (late > pl.col("shipped_at")) & (late < pl.col("observed_at"))
    can &= late + timedelta(hours=24) < pl.col("delivered_at")
    can &= pl.col("observed_at") < pl.col("shipped_at") + timedelta(hours=72)
    changed = (
        shipments.join(mine.select("order_id", "created_at"), on="order_id", how="left")
        .with_columns(shipped_at=pl.when(can).then(late).otherwise("shipped_at"))
        .select(shipments.columns)
    )
    changed.cast(shipments.schema).write_parquet(target / "shipments.parquet")


def _complain(target: Path, mine: pl.DataFrame) -> None:
    """Every third order brings a complaint about quality, three days later."""
    complaints = pl.read_parquet(target / "complaints.parquet")
    told = mine.sort("order_id").gather_every(3)
    moment = pl.col("created_at") + timedelta(days=3)
    added = told.select(
        pl.format("cpl_bad_{}", "order_id").alias("complaint_id"),
        *("order_id", "buyer_id", "merchant_id"),
        moment.alias("event_at"),
        moment.alias("observed_at"),
        pl.lit("quality").alias("topic"),
        pl.lit("It broke on the second day").alias("body"),
    )
    both = pl.concat([complaints, added.select(complaints.columns).cast(complaints.schema)])
    both.write_parquet(target / "complaints.parquet")


@pytest.fixture(scope="module")
def subject(built: Report, small_world: Path) -> str:
    """An honest shop with much to lose: the most reviewed one in no story."""
    truth = pl.read_parquet(small_world / "truth" / "truth.parquet")
    with queries.connect(built.database) as con:
        sql = "select merchant_id, max(orders_90d) as orders from features.merchant group by all"
        shops = con.sql(sql).pl().sort("orders", "merchant_id", descending=True)
    honest = shops.filter(~pl.col("merchant_id").is_in(truth["entity_id"].implode()))
    return str(honest["merchant_id"][0])


@pytest.fixture(scope="module")
def badly_served(
    small_world: Path, subject: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Features of the marketplace in which that shop serves badly."""
    folder = tmp_path_factory.mktemp("badly")
    worse(small_world, folder, subject)
    with features_of(folder) as con:
        yield con


def test_the_same_shop_serving_badly_is_no_more_suspect(
    subject: str, badly_served: duckdb.DuckDBPyConnection, con: duckdb.DuckDBPyConnection
) -> None:
    """Late, complained about and rated low: every number of service moves, none of fraud does."""
    where = f"features.merchant where merchant_id = '{subject}' order by as_of"
    before = con.sql(f"select * from {where}").pl()
    after = badly_served.sql(f"select * from {where}").pl()
    service = service_names("merchant")
    assert_frame_equal(before.drop(service), after.drop(service), rel_tol=1e-9)
    last, worse_last = before.row(-1, named=True), after.row(-1, named=True)
    for name in ("late_dispatch_share_30d", "quality_complaint_rate_90d", "low_star_share_90d"):
        assert worse_last[name] > last[name]
    assert worse_last["rating_mean_90d"] < last["rating_mean_90d"]


def test_the_service_index_tells_what_the_score_does_not(
    subject: str, badly_served: duckdb.DuckDBPyConnection, con: duckdb.DuckDBPyConnection
) -> None:
    """The page of service shows the fall, on its scale of 0 to 100."""
    sql = (
        "select service_index from features.service_quality"
        f" where entity_type = 'merchant' and entity_id = '{subject}'"
    )
    before, after = queries.scalar(con, sql), queries.scalar(badly_served, sql)
    assert 0.0 <= after < before - 5.0 <= 100.0


def test_the_service_index_is_the_mean_place_among_the_category(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """The stated formula: 100 less the mean share of the category that is strictly better."""
    parts = ["refund_rate_90d", "not_received_rate_90d", "low_quality_rate_90d"]
    parts += ["low_star_share_90d", "complaint_rate_90d", "dispute_rate_90d"]
    parts += ["late_dispatch_share_30d", "slow_parcel_share_30d"]
    sql = """
        select f.*, e.category
        from features.merchant as f
        inner join graph.entities as e
            on e.entity_type = 'merchant' and f.merchant_id = e.entity_id
        where f.as_of = (select max(as_of) from features.merchant)
    """
    long = con.sql(sql).pl().unpivot(parts, index=["merchant_id", "category"]).drop_nulls("value")
    group = ["category", "variable"]
    place = (pl.col("value").rank("min").over(group) - 1) / (pl.len().over(group) - 1)
    placed = long.with_columns(place=place, peers=pl.len().over(group)).filter(
        pl.col("peers") >= 20
    )
    expected = (
        placed.group_by("merchant_id")
        .agg(service_index=100 * (1 - pl.col("place").mean()), parts=pl.len())
        .filter(pl.col("parts") >= 3)
        .select("merchant_id", "service_index")
        .sort("merchant_id")
    )
    sql = "select entity_id as merchant_id, service_index from features.service_quality"
    found = con.sql(f"{sql} where entity_type = 'merchant' order by merchant_id").pl()
    assert found.height > 100
    assert_frame_equal(found, expected, abs_tol=1e-3)
