"""The raw rows behind a live alert, cell by cell, kept while the engine still holds them.

They come from the queries that every page asks (`queries/evidence`). A cell says what kind of
identifier it is, so that whoever reads the record sees a mask in its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

import queries
from queries.catalogue import evidence_params, features
from queries.market_scope import ID_COLUMNS
from queries.personal_data import personal_data
from queries.predicates import predicate_columns

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb

    from queries.catalogue import Feature
    from queries.packs import Pack, Signal


def evidence_rows(
    con: duckdb.DuckDBPyConnection,
    alerts: pl.DataFrame,
    signals: pl.DataFrame,
    packs: Iterable[Pack],
    most: int,
) -> pl.DataFrame:
    """Rows of `live.evidence` for new alerts, at most `most` behind each feature."""
    by_code = {signal.code: signal for pack in packs for signal in pack.signals}
    parts = []
    for alert in alerts.iter_rows(named=True):
        codes = signals.filter(pl.col("alert_id") == alert["alert_id"])["code"]
        every = _features(by_code[code] for code in codes)
        parts += [_cells(con, alert, feature, most) for feature in every]
    return pl.concat(parts) if parts else pl.DataFrame(schema=_CELLS)


_CELLS = {
    **dict.fromkeys(("alert_id", "entity_type", "entity_id", "feature"), pl.String),
    "value": pl.Float64,
    "row_number": pl.Int64,
    **dict.fromkeys(("column_name", "kind", "cell"), pl.String),
}


def _features(signals: Iterable[Signal]) -> list[Feature]:
    """The features that some signals read, each once."""
    found = {
        name: features(one.entity_type)[name]
        for one in signals
        for name in sorted(predicate_columns(one.entity_type, one.predicate))
    }
    return list(found.values())


def _cells(
    con: duckdb.DuckDBPyConnection, alert: dict[str, object], feature: Feature, most: int
) -> pl.DataFrame:
    entity_id, as_of = str(alert["entity_id"]), alert["as_of"]
    params = evidence_params(feature, entity_id, as_of)  # type: ignore[arg-type]
    rows = queries.run(con, feature.rows, **params)
    value = queries.scalar(
        con,
        f'select "{feature.name}" from features.{feature.entity_type} '
        f"where {feature.entity_type}_id = $id and as_of = $as_of",
        {"id": entity_id, "as_of": as_of},
    )
    kinds = [_kind(name) for name in rows.columns]
    cells = [
        (
            *(alert["alert_id"], alert["entity_type"], entity_id, feature.name, value, number),
            *(name, kind, _text(cell)),
        )
        for number, row in enumerate(rows.head(most).iter_rows(), 1)
        for name, kind, cell in zip(rows.columns, kinds, row, strict=True)
    ]
    return pl.DataFrame(cells, schema=_CELLS, orient="row")


def _text(cell: object) -> str | None:
    """A value as it is read; a number without the digits that only a machine adds."""
    if cell is None:
        return None
    return f"{cell:.10g}" if isinstance(cell, float) else str(cell)


def _kind(column: str) -> str:
    """What a column holds: a class of personal data, a type of entity, or neither."""
    return personal_data().built.get(column) or ID_COLUMNS.get(column, "")
