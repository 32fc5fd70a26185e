"""What may be learnt from: verdicts, the base rate, training rows.

Labels are late, few and mostly absent, and most were made because somebody was
already suspicious. Five rules follow. A label is used only when it was known at
the build and has matured (`pipeline.learning.label_maturity`). It teaches and judges on days
before it was given (`pipeline.learning.verdict_windows`). An entity without a
label is unknown: it judges no model, and teaches only as what
`pipeline.learning.pu_learning` makes of it. What a rule of our own decided is no finding
until somebody has looked. How common the bad are is asked of the randomly drawn labels
alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.population import share_of_bad
from pipeline.tables import feature_names, query, rows_at, to_matrix

if TYPE_CHECKING:
    import duckdb
    from numpy.typing import NDArray

    from pipeline.population import BaseRate
    from pipeline.settings.build import LabelSettings

RULE = "rule"
"""Source of verdicts that a rule gave and nobody has looked at."""


def verdicts(labels: pl.DataFrame, entity_type: str) -> pl.DataFrame:
    """One row per labelled entity of a type: its last known label, ordered by when it was known.

    The last one wins, so that an appeal clears and a later find convicts. A verdict of source
    `rule` does not count: a model that learnt from it would repeat the rule's errors.
    """
    own = labels.filter((pl.col("entity_type") == entity_type) & (pl.col("source") != RULE))
    return own.sort("known_at", "label_id").unique("entity_id", keep="last", maintain_order=True)


def reviewed(labels: pl.DataFrame, entity_type: str) -> pl.Series:
    """Entities whose verdict came from a source that also clears.

    A bank or a carrier names the guilty alone, so its verdicts say nothing of how many among
    those that it knows are bad.
    """
    judged = verdicts(labels, entity_type)
    clearing = judged.filter(pl.col("label") == "good")["source"].unique()
    return judged.filter(pl.col("source").is_in(clearing.implode()))["entity_id"]


def base_rate(labels: pl.DataFrame, entity_type: str, settings: LabelSettings) -> BaseRate:
    """Share of bad entities among whom nobody has judged, from labels drawn at random only.

    Of the draws those count that met an entity without a verdict: whom others had judged
    before is no longer among those that a score is for.

    docs/decisions/0026-quality-for-the-population.md.
    """
    own = labels.filter(pl.col("entity_type") == entity_type).sort("known_at", "label_id")
    first = own.unique("entity_id", keep="first", maintain_order=True)
    checked = first.filter(pl.col("source") == "exploration")
    return share_of_bad(checked.height, checked.filter(pl.col("label") == "bad").height, settings)


@dataclass(frozen=True)
class Part:
    """Which rows of a training set a model may see, by index."""

    rows: NDArray[np.int64]
    unlabelled: NDArray[np.int64]


@dataclass(frozen=True)
class Training:
    """Rows to learn from, ordered by entity and day."""

    features: tuple[str, ...]
    entity_id: NDArray[np.object_]
    """(n,) owner of each row."""
    matrix: NDArray[np.float64]
    """(n, features), NaN where unknown."""
    is_bad: NDArray[np.float64]
    """(n,) 1.0 bad, 0.0 good."""
    weight: NDArray[np.float64]
    """(n,) how sure its verdict is / rows of the entity: many snapshots count once."""
    day: NDArray[np.datetime64]
    """(n,) day of each snapshot."""
    known_at: NDArray[np.datetime64]
    """(n,) instant from which the verdict on the row's owner was known."""
    typology: NDArray[np.object_]
    """(n,) what a bad owner was found to do; None where nobody said."""
    ring: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """(n,) number of the ring of each row's owner (`pipeline.learning.rings`); empty where nobody
    asked who belongs together."""
    unlabelled: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 0)))
    """(m, features) snapshots of entities nobody has judged."""
    signs: tuple[int, ...] = ()
    """Per feature: 1 where more can only be worse, -1 where less can, 0 where either may be;
    empty when nothing is held to that."""

    @cached_property
    def last(self) -> NDArray[np.int64]:
        """Index of the last row of each entity: the one that judges it, none after its verdict."""
        ends = np.append(self.entity_id[1:] != self.entity_id[:-1], True)
        return np.flatnonzero(ends[: self.entity_id.size])

    def rows(self, places: NDArray[np.int64]) -> Training:
        """The same, cut to some rows."""
        per_row = ["entity_id", "matrix", "is_bad", "weight", "day", "known_at", "typology"]
        per_row += ["ring"] if self.ring.size else []
        return replace(self, **{name: getattr(self, name)[places] for name in per_row})

    def part(self, part: Part) -> Training:
        """The same, cut to some rows and some unlabelled ones."""
        return replace(self.rows(part.rows), unlabelled=self.unlabelled[part.unlabelled])

    def where(self, mask: NDArray[np.bool_]) -> Part:
        """The labelled rows of a mask (n,), and every unlabelled one."""
        return Part(np.flatnonzero(mask), np.arange(self.unlabelled.shape[0]))

    def judged(self) -> Training:
        """The last row of each entity: the one that judges it."""
        return self.rows(self.last)


def training_set(
    con: duckdb.DuckDBPyConnection,
    entity_type: str,
    labels: pl.DataFrame,
    rows_at_most: int | None = None,
) -> Training:
    """Training snapshots of entities whose label may be used, on the days that it speaks of.

    `labels` have the columns of `matured_labels`. A bad entity teaches from the day its
    behaviour had begun (earlier snapshots show an innocent shop); the past of a good one counts,
    because a reviewer looked at it. Neither teaches after its verdict. Where that is more than
    `rows_at_most`, the older snapshots of everybody go.
    """
    columns = (
        *("entity_id", "label", "typology", "known_at", "weight"),
        *("evidence_from", "evidence_until"),
    )
    judged = verdicts(labels, entity_type).select(columns)
    names, keys = feature_names(con, entity_type), _labelled_rows(con, entity_type, judged)
    shown = keys.filter(speaks_of(pl.col("as_of"))).sort("entity_id", "as_of")
    rows = rows_at(con, entity_type, _newest(shown, rows_at_most), names)
    weights = rows.select(pl.col("weight") / pl.len().over("entity_id"))["weight"]
    return Training(
        names,
        rows["entity_id"].to_numpy(),
        to_matrix(rows, names),
        (rows["label"] == "bad").cast(pl.Float64).to_numpy(),
        weights.to_numpy(),
        rows["as_of"].to_numpy(),
        rows["known_at"].to_numpy(),
        rows["typology"].to_numpy(),
    )


def speaks_of(as_of: pl.Expr) -> pl.Expr:
    """Whether a verdict speaks of the snapshot `as_of`, which knows the days before it."""
    day, start = as_of.cast(pl.Datetime("us")), pl.col("evidence_from")
    return (start.is_null() | (day > start)) & (day <= pl.col("evidence_until"))


def _newest(keys: pl.DataFrame, rows_at_most: int | None) -> pl.DataFrame:
    """Only the newest snapshots of each entity, as many as leave so few rows.

    What is cut is the same number for everybody; one snapshot of each always stays.
    """
    counts = keys.group_by("entity_id").len()["len"].to_numpy().astype(np.int64)
    most = int(counts.max(initial=1))
    limit = counts.sum() if rows_at_most is None else rows_at_most
    fitting = (n for n in range(most, 1, -1) if np.minimum(counts, n).sum() <= limit)
    each = next(fitting, 1)
    from_end = pl.len().over("entity_id") - pl.int_range(pl.len()).over("entity_id")
    return keys.filter(from_end <= each) if each < most else keys


def _labelled_rows(
    con: duckdb.DuckDBPyConnection, entity_type: str, judged: pl.DataFrame
) -> pl.DataFrame:
    """Rowid and day of every training snapshot of the `judged` entities, beside its columns."""
    name, table = f"{entity_type}_id", f"features.{entity_type}"
    days = "select as_of from facts.snapshots where entity_type = $entity_type and is_training"
    con.register("_judged", judged.select("entity_id"))
    own = f"from {table} as f semi join _judged on f.{name} = _judged.entity_id"
    keys = f"select f.rowid as place, f.{name} as entity_id, as_of {own} where as_of in ({days})"
    rows = query(con, keys, entity_type=entity_type)
    con.unregister("_judged")
    return rows.join(judged, on="entity_id")
