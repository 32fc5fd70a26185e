"""Unknown is no evidence: what is not delivered accuses nobody."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

import queries
from pipeline.build import Order, build
from pipeline.inputs import availability, ingest
from pipeline.inputs.availability import missing_facts
from pipeline.scoring.signals import typologies
from pipeline.settings.build import Settings
from pipeline.signals.firings import firings
from queries.lineage import Lineage
from queries.packs import packs
from queries.predicates import predicate_columns
from queries.vocabulary import ENTITY_TYPES
from tests.dashboard.harness import opener, plain_words, words
from tests.every_table import EVERY_TABLE
from tests.schemas import FEATURES, write_schemas

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.build import Report

CORE = ("merchants", "products", "buyers", "orders")
KINDS = {
    "devices": ("device_id",),
    "networks": ("ip_id",),
    "addresses": ("address_id", "return_address_id"),
    "payment tokens": ("payment_token_id", "card_bin"),
    "bank accounts": ("bank_account_id",),
    "tracking numbers": ("tracking_number",),
    "images": ("image_id",),
    "warehouses": ("warehouse_id", "erp_app_id", "origin_id"),
    "agencies": ("agency_id",),
    "texts": ("body", "claim_text"),
}
CROWD_TIES = 0.01
"""Share of subjects that may be tied through a crowd that looks smaller than it is."""
BLANKS = ("", None, "0", "00000000-0000-0000-0000-000000000000", " ", "N/A", "Unknown")
"""What marketplaces write where they know nothing."""


def tables(folder: Path) -> dict[str, pl.DataFrame]:
    """The delivered tables by name."""
    return {path.stem: pl.read_parquet(path) for path in folder.glob("*.parquet")}


def blanked(folder: Path, columns: tuple[str, ...], into: Path, every: int = 1) -> Path:
    """The same delivery with blanks of all sorts in `columns` of every n-th row."""
    into.mkdir(parents=True)
    for name, frame in tables(folder).items():
        row = pl.int_range(pl.len())
        marks = pl.Series(BLANKS, dtype=pl.String)
        blanks = pl.lit(marks).gather(row % len(BLANKS))
        kept = frame.with_columns(
            pl.when(row % every == 0).then(blanks).otherwise(pl.col(one)).alias(one)
            for one in columns
            if one in frame.columns
        )
        kept.write_parquet(into / f"{name}.parquet")
    return into


def strengths(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """How strongly each typology shows for everybody at the latest snapshot."""
    as_of = con.execute("select max(as_of) from facts.snapshots").fetchall()[0][0]
    parts = (
        firings(con, name, f"features.{name} where as_of = '{as_of}'", packs().values())
        for name in ENTITY_TYPES
    )
    return typologies(pl.concat(parts))


@pytest.fixture(scope="module")
def usual(compact_built: Report) -> pl.DataFrame:
    """Strengths of the whole delivery."""
    with queries.connect(compact_built.database) as con:
        return strengths(con)


@pytest.mark.parametrize("every", [1, 2])
def test_blanks_raise_nobodys_signals(
    every: int, compact_world: Path, usual: pl.DataFrame, tmp_path: Path
) -> None:
    """With all identifiers blank nobody shows more than before, with every other row's hardly one.

    A crowd of which half is not logged looks like a group: docs/decisions/0071-unknown-is-null.md.
    """
    columns = tuple(one for kind, names in KINDS.items() if kind != "texts" for one in names)
    folder = blanked(compact_world, columns, tmp_path / "raw", every)
    with duckdb.connect() as con:
        ingest.write(con, folder, None, lambda *_: None)
        availability.write(con, packs().values())
        write_schemas(con, ("graph", *FEATURES), Settings())
        now = strengths(con)
    key = ["entity_type", "entity_id", "typology"]
    both = now.join(usual.rename({"strength": "before"}), on=key, how="left")
    raised = both.filter(pl.col("strength") > pl.col("before").fill_null(0.0) + 1e-9)
    assert raised.height <= (0 if every == 1 else CROWD_TIES * now.height), raised.rows()
    assert now.height < usual.height


@pytest.fixture(scope="module")
def blank(
    compact_world: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[set[str], set[str]]:
    """Columns of a delivery in which nobody says anything, and those that staging calls missing."""
    columns = tuple(one for names in KINDS.values() for one in names)
    folder = blanked(compact_world, columns, tmp_path_factory.mktemp("blank") / "raw")
    with duckdb.connect() as con:
        ingest.write(con, folder, None, lambda *_: None)
        missing = set(missing_facts(con))
    held = {f"{table}.{name}" for table, frame in tables(folder).items() for name in frame.columns}
    return held, missing


@pytest.mark.parametrize("kind", KINDS)
def test_a_blank_joins_nothing(kind: str, blank: tuple[set[str], set[str]]) -> None:
    """Whatever stands for unknown is null in staging, so no equality can hold."""
    held, missing = blank
    own = {one for one in held if one.partition(".")[2] in KINDS[kind]}
    assert kind == "texts" or own <= missing
    assert own


@pytest.fixture(scope="module")
def core(compact_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The build of the four core tables alone."""
    folder = tmp_path_factory.mktemp("core")
    raw = folder / "raw"
    raw.mkdir()
    for name in CORE:
        pl.read_parquet(compact_world / f"{name}.parquet").write_parquet(raw / f"{name}.parquet")
    return build(Order(raw, folder, EVERY_TABLE))


@pytest.fixture
def core_con(core: Report) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to it."""
    with duckdb.connect(str(core.database), read_only=True) as con:
        yield con


def test_the_core_alone_accuses_nobody_by_absence(core_con: duckdb.DuckDBPyConnection) -> None:
    """No signal that fired names a feature that rests on a table which is not there."""
    lineage = Lineage(missing_facts(core_con))
    signals = {one.code: one for pack in packs().values() for one in pack.signals}
    codes = [
        row[0] for row in core_con.execute("select distinct code from scores.signals").fetchall()
    ]
    assert codes
    for code in codes:
        one = signals[code]
        columns = predicate_columns(one.entity_type, one.predicate)
        absent = columns & lineage.unknown(f"features.{one.entity_type}").keys()
        assert not absent or " or " in one.predicate or "case when" in one.predicate, code


def test_what_rests_on_an_absent_table_is_null_for_everybody(
    core_con: duckdb.DuckDBPyConnection,
) -> None:
    """Never 0: `meta.unavailable` names it and no row has a value."""
    off = core_con.sql("from meta.unavailable where kind = 'feature'").pl()
    assert off.height >= 100
    for entity_type in ENTITY_TYPES:
        names = off.filter(pl.col("entity_type") == entity_type)["name"].to_list()
        counts = ", ".join(f'count("{name}")' for name in names)
        values = core_con.execute(f"select {counts} from features.{entity_type}").fetchall()[0]
        assert not any(values), entity_type


def test_the_core_alone_opens_alerts_by_signals_and_the_unproven_lane(
    core_con: duckdb.DuckDBPyConnection,
) -> None:
    """Without labels there is no model, and who is unusual waits all the same."""
    models = core_con.sql("select model_version from scores.models").pl()
    assert models["model_version"].null_count() == models.height
    assert core_con.sql("select 1 from scores.anomalies where is_surfaced limit 1").fetchall()
    assert core_con.sql("select 1 from alerts.queue limit 1").fetchall()


PAGES = ("queue", "metrics", "model", "community", "tour")


@pytest.mark.parametrize("name", PAGES)
def test_pages_open_over_the_core_alone(
    name: str, core: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing crashes, and no page speaks of a refund rate of 0."""
    page = opener(tmp_path, tmp_path, monkeypatch, core.database)(name, {"metric": "refund_rate"})
    assert not page.exception
    assert "went wrong" not in words(page)
    assert "Refunds per order" not in words(page)


def test_a_subject_says_what_nobody_could_look_at(
    core: Report,
    core_con: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Silence about parcels is not taken for a clean record."""
    sql = "select entity_id from alerts.queue where entity_type = 'merchant' limit 1"
    merchant = core_con.execute(sql).fetchall()[0][0]
    run = opener(tmp_path, tmp_path, monkeypatch, core.database)
    page = run("investigate", {"entity": f"merchant:{merchant}", "tab": "why"})
    assert not page.exception
    assert "Not looked at" in words(page)
    assert "Table shipments is not delivered: " in plain_words(page)
    drift = run("investigate", {"entity": f"merchant:{merchant}", "tab": "drift"})
    sheets = [json.loads(one.proto.spec)["layout"] for one in drift.get("plotly_chart")]
    titles = next(
        [note["text"].partition(":")[0] for note in sheet["annotations"]]
        for sheet in sheets
        if "xaxis2" in sheet
    )
    assert "Orders" in titles
    assert "Refunds per order" not in titles


def test_a_feature_that_is_known_keeps_its_value(
    core_con: duckdb.DuckDBPyConnection, compact_con: duckdb.DuckDBPyConnection
) -> None:
    """What rests on orders alone is the same with and without the other tables."""
    sql = (
        "select merchant_id, orders_30d, gmv_usd_90d, orders_per_device_30d from features.merchant"
    )
    latest = "where as_of = (select max(as_of) from facts.snapshots) order by merchant_id"
    assert (
        core_con.sql(f"{sql} {latest}").fetchall() == compact_con.sql(f"{sql} {latest}").fetchall()
    )
