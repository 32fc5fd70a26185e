"""Somebody else's scores in place of ours: two Parquet files, checked before they count.

A team that scores already should not have to hand over its model to use the pages. The
contract is a folder with these files; ``ringfence build --scores FOLDER`` reads it, and
every entity type named in it is scored by it alone:

``scores.parquet``
    ``entity_type`` varchar, ``entity_id`` varchar, ``as_of`` date, ``score`` double in 0..1,
    and optionally ``margin`` double: the additive scale behind the score. Without a margin it
    is the log odds of the score. At least the day of the build must be there; earlier days
    give trends and drift.
``contributions.parquet`` (optional)
    ``entity_type``, ``entity_id``, ``as_of``, ``feature`` varchar, ``value`` double (null where
    unknown) and ``contribution`` double on the scale of the margin. Per type and day one base
    plus an entity's contributions must be its margin.

Nothing else changes: alerts, drift, communities and the pages read the same tables. What
needs the trees themselves (families of features, what holds it above the line) has no
model text to ask and says so.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.errors import InputError
from pipeline.tables import query
from queries.vocabulary import ENTITY_TYPES

if TYPE_CHECKING:
    from datetime import date

    import duckdb
    from numpy.typing import NDArray

_KEY = {"entity_type": pl.String, "entity_id": pl.String, "as_of": pl.Date}
_SCORES = _KEY | {"score": pl.Float64}
CONTRIBUTIONS = _KEY | {
    "feature": pl.String,
    "value": pl.Float64,
    "contribution": pl.Float64,
}
"""Columns of `scores.handed_contributions`."""
_CONTRACT = "docstring of pipeline/inputs/external_scores.py"
_ADDITIVITY = 1e-3
"""How far base + contributions may lie from the margin: single precision, summed."""
_SUREST = 1e-9


@dataclass(frozen=True)
class ExternalScores:
    """Checked scores and contributions."""

    path: Path
    """Where the scores came from."""
    scores: pl.DataFrame
    """entity_type, entity_id, as_of, margin, raw_score, score."""
    contributions: pl.DataFrame
    """Columns of CONTRIBUTIONS."""
    version: str
    """Twelve hex digits of both files."""

    @property
    def entity_types(self) -> frozenset[str]:
        """Types that are scored by it."""
        return frozenset(self.scores["entity_type"].unique())


NONE = ExternalScores(
    Path(),
    pl.DataFrame(schema=_SCORES | dict.fromkeys(("margin", "raw_score"), pl.Float64)),
    pl.DataFrame(schema=CONTRIBUTIONS),
    "",
)
"""Nobody handed anything over."""


def named(models: pl.DataFrame, external: ExternalScores) -> pl.DataFrame:
    """Rows of `scores.models`, those of handed-over types under the version of their files."""
    theirs = pl.col("entity_type").is_in(sorted(external.entity_types))
    values = {"model_version": external.version, "calibrated_on": "handed over"}
    return models.with_columns(
        pl.when(theirs).then(pl.lit(value)).otherwise(pl.col(name)).alias(name)
        for name, value in values.items()
    )


def load(folder: Path) -> ExternalScores:
    """The files of `folder`, each held against the contract by itself.

    Raises InputError naming file and column for the first fault found.
    """
    path, parts_path = folder / "scores.parquet", folder / "contributions.parquet"
    if not path.is_file():
        raise InputError(
            f"There is no {path}.",
            "A folder of scores holds scores.parquet and may hold contributions.parquet.",
            f"Write the file as the {_CONTRACT} says, or build without --scores.",
        )
    scores = with_margin(_typed(path, _SCORES, {"margin": pl.Float64}))
    _check_scores(path, scores)
    parts = pl.DataFrame(schema=CONTRIBUTIONS)
    if parts_path.is_file():
        parts = _typed(parts_path, CONTRIBUTIONS, {}, may_be_null=("value",))
        _check_additive(parts_path, scores, parts)
    present = [one for one in (path, parts_path) if one.is_file()]
    digest = hashlib.blake2b(b"".join(one.read_bytes() for one in present), digest_size=6)
    return ExternalScores(path, scores, parts, digest.hexdigest())


def check_against(con: duckdb.DuckDBPyConnection, external: ExternalScores, as_of: date) -> None:
    """Refuse scores of entities or days that this build does not have."""
    path, scores = external.path, external.scores
    delivered = query(con, "select entity_type, entity_id from graph.entities").unique()
    unknown = scores.join(delivered, on=["entity_type", "entity_id"], how="anti")
    if unknown.height:
        raise InputError(
            f"{path}, entity_id: {unknown.height} rows name entities that the raw tables do not "
            f"hold, the first {unknown['entity_id'].to_list()[0]}.",
            "Every scored entity was expected to be among the delivered ones.",
            "Score the same delivery that --data names, or leave these rows out.",
        )
    for entity_type in sorted(external.entity_types):
        days = scores.filter(pl.col("entity_type") == entity_type)["as_of"]
        if as_of not in days:
            last = days.sort().to_list()[-1]
            raise InputError(
                f"{path}, as_of: the last day of {entity_type} scores is {last}.",
                f"Scores as of {as_of}, the day of this build, were expected.",
                f"Score the entities with what was known before {as_of}.",
            )


def _typed(
    path: Path,
    required: dict[str, type[pl.DataType]],
    optional: dict[str, type[pl.DataType]],
    may_be_null: tuple[str, ...] = (),
) -> pl.DataFrame:
    """The columns of the contract in their types; others are ignored."""
    try:
        table = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError(
            f"{path} cannot be read: {str(error).splitlines()[0]}.",
            "A Parquet file was expected.",
            "Write it again.",
        ) from error
    missing = sorted(required.keys() - set(table.columns))
    if missing:
        raise InputError(
            f"{path} lacks the columns {missing}; it has {sorted(table.columns)}.",
            f"The columns {sorted(required)} were expected.",
            f"Add them as the {_CONTRACT} says.",
        )
    present = {name: dtype for name, dtype in optional.items() if name in table.columns}
    dtypes = required | present
    for name, dtype in dtypes.items():
        _check_column(path, table[name], dtype, may_be_null=name in may_be_null)
    return table.select(pl.col(name).cast(dtype) for name, dtype in dtypes.items())


def _check_column(
    path: Path, column: pl.Series, dtype: type[pl.DataType], *, may_be_null: bool
) -> None:
    fits = column.dtype == dtype or (dtype == pl.Float64 and column.dtype.is_numeric())
    if not fits:
        raise InputError(
            f"{path}, {column.name}: its type is {column.dtype}.",
            f"{dtype.__name__} was expected.",
            "Cast the column before writing it.",
        )
    numbers = column.cast(pl.Float64) if dtype == pl.Float64 else None
    bad = column.null_count() if numbers is None else column.len() - numbers.is_finite().sum()
    if bad and not may_be_null:
        raise InputError(
            f"{path}, {column.name}: {bad} of {column.len()} rows are null or not finite.",
            "Every row was expected to have a value.",
            "Leave such rows out, or fill them in.",
        )


def _check_scores(path: Path, scores: pl.DataFrame) -> None:
    outside = scores.filter(~pl.col("score").is_between(0.0, 1.0))
    if outside.height:
        raise InputError(
            f"{path}, score: {outside.height} rows lie outside 0..1, the first "
            f"{outside['score'][0]}.",
            "A score is a probability between 0 and 1.",
            "Rescale it, and put the raw scale into the column margin.",
        )
    strangers = sorted(set(scores["entity_type"]) - set(ENTITY_TYPES))
    if strangers:
        raise InputError(
            f"{path}, entity_type: {strangers} are not known.",
            f"One of {list(ENTITY_TYPES)} was expected.",
            "Rename them, or leave these rows out.",
        )
    twice = scores.height - scores.select(_KEY.keys()).n_unique()
    if twice:
        raise InputError(
            f"{path}: {twice} rows repeat an entity and day.",
            "One score per entity_type, entity_id and as_of was expected.",
            "Keep the latest of each.",
        )


def with_margin(scores: pl.DataFrame) -> pl.DataFrame:
    """Scores with their margin: the delivered one, or the log odds of the score.

    `raw_score` is what the margin says before calibration; theirs is the score.
    """
    inside = pl.col("score").clip(_SUREST, 1.0 - _SUREST)
    odds = (inside / (1.0 - inside)).log()
    margin = pl.col("margin") if "margin" in scores.columns else odds
    return scores.with_columns(margin=margin, raw_score=pl.col("score"))


def _check_additive(path: Path, scores: pl.DataFrame, parts: pl.DataFrame) -> None:
    totals = _totals(scores, parts)
    orphans = totals["margin"].null_count()
    if orphans:
        raise InputError(
            f"{path}: {orphans} entities and days have contributions but no score.",
            "Every explained entity was expected to be scored on that day.",
            "Add their scores to scores.parquet, or leave their contributions out.",
        )
    gap = totals.select((pl.col("margin") - pl.col("total") - pl.col("base")).abs().alias("gap"))
    worst = float(gap["gap"].max() or 0.0)  # type: ignore[arg-type]
    if worst > _ADDITIVITY:
        place = int(gap["gap"].arg_max() or 0)
        raise InputError(
            f"{path}, contribution: those of {totals['entity_id'][place]} miss its margin by "
            f"{worst:.4g}.",
            "One base per type and day plus an entity's contributions was expected to be its "
            "margin (without a column margin: the log odds of its score).",
            "Hand over contributions on the scale of the margin, and the margin with them.",
        )


def _totals(scores: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """Sum of contributions, margin and base of every explained entity and day."""
    total = parts.group_by(_KEY.keys(), maintain_order=True).agg(total=pl.col("contribution").sum())
    together = total.join(scores, on=list(_KEY), how="left", maintain_order="left")
    rest = pl.col("margin") - pl.col("total")
    return together.with_columns(base=rest.median().over("entity_type", "as_of"))


@dataclass(frozen=True)
class ExternalParts:
    """Handed-over contributions of one type at one day, as matrices."""

    entity_type: str
    entity_id: pl.Series
    features: tuple[str, ...]
    values: NDArray[np.float64]
    """(entities, features), NaN where unknown."""
    parts: NDArray[np.float64]
    """(entities, features)"""
    base: float


def external_parts(con: duckdb.DuckDBPyConnection, as_of: date) -> list[ExternalParts]:
    """Handed-over contributions at a snapshot, a type each; none where ours are used."""
    tables = "select 1 from duckdb_tables() where table_name = 'handed_contributions'"
    if query(con, tables).is_empty():
        return []
    of_day = "where as_of = $as_of"
    parts = query(con, f"select * from scores.handed_contributions {of_day}", as_of=as_of)
    scores = query(con, f"select * from scores.scores {of_day}", as_of=as_of)
    types = sorted(set(parts["entity_type"]))
    return [_matrices(scores, parts.filter(pl.col("entity_type") == name)) for name in types]


def _matrices(scores: pl.DataFrame, parts: pl.DataFrame) -> ExternalParts:
    ids, names = parts["entity_id"].unique().sort(), parts["feature"].unique().sort()
    row = np.searchsorted(ids.to_numpy().astype(str), parts["entity_id"].to_numpy().astype(str))
    column = np.searchsorted(names.to_numpy().astype(str), parts["feature"].to_numpy().astype(str))
    values = np.full((len(ids), len(names)), np.nan)
    moved = np.zeros(values.shape)
    values[row, column] = parts["value"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    moved[row, column] = parts["contribution"].to_numpy()
    base = float(_totals(scores, parts)["base"][0])
    return ExternalParts(parts["entity_type"][0], ids, tuple(names), values, moved, base)
