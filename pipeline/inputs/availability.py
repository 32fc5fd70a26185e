"""What a marketplace does not deliver, and which features, signals and packs are off for it.

A column without one value and a table without one row say nothing, so nothing may be concluded
from them. Both are looked up in staging, where a placeholder is null already; which number
rests on which of them is read from the SQL (`queries.lineage`). Two tables hold the answer:

`meta.missing_facts`, one row per raw table or column without a value:
  fact         varchar  `shipments`, or `orders.device_id`
  table_name   varchar
  column_name  varchar  null where the whole table is missing
  sentence     varchar  what is missing, as a person says it

`meta.unavailable`, one row per feature, daily metric, signal or pack that is off:
  kind         varchar    feature, metric, signal or pack
  entity_type  varchar    null for a pack, which may have several, and for a metric of the
                          whole marketplace
  name         varchar    column of `features.<entity_type>`, of `metrics.<entity_type>_days` or
                          of `metrics.cube`; code of a signal, a pack or a metric of `kpis`
  label        varchar    the same as people read it
  missing      varchar[]  the facts it lacks, in the order of the contract
  reason       varchar    sentence of the one of them that turns most off: rows of one reason
                          belong together

Features and metrics that are off are null for everybody, and no model sees them. Signals that
are off do not fire, however their condition is written. A pack is off when all its signals are.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import polars as pl

import queries
from pipeline.tables import query, store
from queries import get
from queries.catalogue import features
from queries.contract import raw_tables
from queries.lineage import lineage
from queries.predicates import predicate_lacks
from queries.registry import METRIC_TABLES, kpis
from queries.vocabulary import ENTITY_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import duckdb

    from queries.contract import RawTable
    from queries.packs import Pack

_FACTS = dict.fromkeys(("fact", "table_name", "column_name", "sentence"), pl.String)
_UNAVAILABLE: dict[str, pl.DataType] = {
    **{name: pl.String() for name in ("kind", "entity_type", "name", "label")},
    "missing": pl.List(pl.String),
    "reason": pl.String(),
}


def write(
    con: duckdb.DuckDBPyConnection, packs: Iterable[Pack], earlier: Path | None = None
) -> None:
    """Make `meta.missing_facts` and `meta.unavailable` from the tables of staging.

    `earlier` is a file of the same recipe: where it lacked the same facts, the same is off.
    """
    facts = missing_facts(con)
    sentences = {fact: _sentence(fact, facts) for fact in facts}
    rows = [(fact, *_parts(fact), sentence) for fact, sentence in sentences.items()]
    missing = pl.DataFrame(rows, schema=_FACTS, orient="row")
    store(con, "meta.missing_facts", missing)
    off = _standing(earlier, missing) if earlier else None
    if off is None:
        off = _unavailable(facts, sentences, packs)
    store(con, "meta.unavailable", off)


def _standing(earlier: Path, missing: pl.DataFrame) -> pl.DataFrame | None:
    """What was off in an earlier build; None where that lacked other facts."""
    with queries.connect(earlier) as con:
        same = query(con, "select * from meta.missing_facts").equals(missing)
        return query(con, "select * from meta.unavailable") if same else None


def _unavailable(
    facts: Sequence[str], sentences: Mapping[str, str], packs: Iterable[Pack]
) -> pl.DataFrame:
    """Rows of `meta.unavailable`."""
    unknown = unknown_features(facts)
    of_packs = _packs(packs, unknown)
    off = [
        (key, [fact for fact in facts if fact in lacks])
        for key, lacks in [*_features(unknown), *_metrics(facts), *of_packs]
    ]
    felt = Counter(fact for _, lacks in off for fact in lacks)
    named = [(*key, lacks, sentences[max(lacks, key=felt.__getitem__)]) for key, lacks in off]
    return pl.DataFrame(named, schema=_UNAVAILABLE, orient="row")


def missing_facts(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Raw tables without a row and columns without a value, in the order of the contract."""
    return [fact for table in raw_tables().values() for fact in _missing_of(con, table)]


def _missing_of(con: duckdb.DuckDBPyConnection, table: RawTable) -> list[str]:
    built = {column.name for column in get(f"staging/{table.name}").returns}
    renamed = {name: name.replace("_minor", "_usd") for name in table.columns}
    nullable = [
        name for name, column in table.columns.items() if column.nullable and renamed[name] in built
    ]
    counts = ", ".join(["count(*)", *(f'count("{renamed[name]}")' for name in nullable)])
    rows, *values = con.execute(f"select {counts} from staging.{table.name}").fetchall()[0]
    if not rows:
        return [table.name]
    return [f"{table.name}.{name}" for name, seen in zip(nullable, values, strict=True) if not seen]


def unknown_features(facts: Sequence[str]) -> dict[str, dict[str, frozenset[str]]]:
    """By entity type, the feature columns that cannot be known and the facts they lack."""
    if not facts:
        return {}
    of_type = lineage(frozenset(facts))
    return {one: _catalogued(one, of_type.unknown(f"features.{one}")) for one in ENTITY_TYPES}


def _catalogued(entity_type: str, lacks: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Without the key and the day of a row, which are no features."""
    return {name: facts for name, facts in lacks.items() if name in features(entity_type)}


def _features(
    unknown: dict[str, dict[str, frozenset[str]]],
) -> list[tuple[tuple[str | None, ...], frozenset[str]]]:
    return [
        (("feature", entity_type, name, features(entity_type)[name].label), lacks)
        for entity_type, columns in unknown.items()
        for name, lacks in columns.items()
    ]


def _metrics(facts: Sequence[str]) -> list[tuple[tuple[str | None, ...], frozenset[str]]]:
    """The daily sums that cannot be known, and the metrics that are made of no such sum."""
    if not facts:
        return []
    unknown = lineage(frozenset(facts)).unknown
    sums = [
        (("metric", entity_type, name, name.replace("_", " ")), lacks)
        for table, entity_type in METRIC_TABLES.items()
        for name, lacks in unknown(table.replace("/", ".")).items()
        if name not in get(table).grain
    ]
    own = [
        (("metric", None, one.code, one.label), lacks)
        for one in kpis().values()
        if not one.is_of_cube and (lacks := unknown(one.table).get("numerator", frozenset()))
    ]
    return [*sums, *own]


def _packs(
    packs: Iterable[Pack], unknown: dict[str, dict[str, frozenset[str]]]
) -> list[tuple[tuple[str | None, ...], frozenset[str]]]:
    """The signals that are off, each pack that has no other before its own."""
    rows: list[tuple[tuple[str | None, ...], frozenset[str]]] = []
    for pack in packs:
        lacks = [
            predicate_lacks(one.entity_type, one.predicate, unknown.get(one.entity_type, {}))
            for one in pack.signals
        ]
        if all(lacks):
            rows.append((("pack", None, pack.code, pack.title), min(lacks, key=len)))
        rows += [
            (("signal", one.entity_type, one.code, _signal_label(pack, one.reason)), facts)
            for one, facts in zip(pack.signals, lacks, strict=True)
            if facts
        ]
    return rows


def _signal_label(pack: Pack, reason: str) -> str:
    return pack.reason_codes[reason].analyst


def _parts(fact: str) -> tuple[str, str | None]:
    table, _, column = fact.partition(".")
    return table, column or None


def _sentence(fact: str, facts: Sequence[str]) -> str:
    """What is missing; a column that no table has is said once for all of them."""
    table, column = _parts(fact)
    if column is None:
        return f"Table {table} is not delivered"
    holders = [one for one in raw_tables().values() if column in one.columns]
    others = [one for one in holders if {one.name, f"{one.name}.{column}"}.isdisjoint(facts)]
    if len(holders) > 1 and not others:
        words = column.removesuffix("_id").replace("_", " ")
        return f"No {words} is logged: {column} is empty in every table"
    return f"{fact} is empty"
