"""Somebody else's scores in place of ours: two Parquet files, checked before they count.

A team that scores already should not have to hand over its model to use the pages. The
contract is a folder with these files; ``ringfence build --scores FOLDER`` reads it, and
every entity type named in it is scored by it alone:

``scores.parquet``
    ``entity_type`` varchar, ``entity_id`` varchar, ``as_of`` date, ``score`` double in 0..1,
    and optionally ``margin`` double: the additive scale behind the score. Without a margin it
    is the log odds of the score. At least the day of the build must be there; earlier days
    give trends and drift. Also optional, each a varchar that may be null: ``name``, ``market``
    and ``category``, which are read where no raw tables name the entities.
``contributions.parquet`` (optional)
    ``entity_type``, ``entity_id``, ``as_of``, ``feature`` varchar, ``value`` double (null where
    unknown) and ``contribution`` double on the scale of the margin. Per type and day one base
    plus an entity's contributions must be its margin.

Without raw tables (``ringfence build --scores FOLDER`` and no ``--data``) these files are all
there is: the day of the build is the last one that is scored.

What is handed over is held against itself (`pipeline.inputs.external_checks`) and refused with
a sentence where it contradicts itself, because a page would show it as if it were true.

Nothing else changes: alerts, drift, communities and the pages read the same tables. What
needs the trees themselves (families of features, what holds it above the line) has no
model text to ask and says so.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.errors import InputError
from pipeline.inputs.external_checks import (
    CONTRACT,
    KEY,
    check_contributions,
    check_scores,
    totals,
    typed,
)
from pipeline.tables import query

if TYPE_CHECKING:
    from datetime import date

    import duckdb
    from numpy.typing import NDArray

_SCORES = KEY | {"score": pl.Float64}
_NAMES = dict.fromkeys(("name", "market", "category"), pl.String)
_OPTIONAL = {"margin": pl.Float64} | _NAMES
CONTRIBUTIONS = KEY | {
    "feature": pl.String,
    "value": pl.Float64,
    "contribution": pl.Float64,
}
"""Columns of `scores.handed_contributions`."""
_SUREST = 1e-9


ENTITIES: dict[str, type[pl.DataType]] = (
    {"entity_type": pl.String, "entity_id": pl.String}
    | _NAMES
    | dict.fromkeys(("first_scored_on", "last_scored_on"), pl.Date)
)
"""Columns of `raw.scored_entities`."""


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
    names: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=ENTITIES))
    """Columns of ENTITIES: who is scored, as the latest row says."""

    @property
    def last_day(self) -> date:
        """The last day that is scored."""
        day: date = self.names["last_scored_on"].max()  # type: ignore[assignment]
        return day

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
            f"Write the file as the {CONTRACT} says, or build without --scores.",
        )
    delivered = typed(path, _SCORES, _OPTIONAL, may_be_null=tuple(_NAMES))
    scores = with_margin(delivered.drop(_NAMES, strict=False))
    check_scores(path, scores)
    parts = pl.DataFrame(schema=CONTRIBUTIONS)
    if parts_path.is_file():
        parts = typed(parts_path, CONTRIBUTIONS, {}, may_be_null=("value",))
        check_contributions(parts_path, scores, parts)
    present = [one for one in (path, parts_path) if one.is_file()]
    digest = hashlib.blake2b(b"".join(one.read_bytes() for one in present), digest_size=6)
    return ExternalScores(path, scores, parts, digest.hexdigest(), _entities(delivered))


def _entities(scores: pl.DataFrame) -> pl.DataFrame:
    """Who is scored, once each, under the names of its latest row."""
    absent = [pl.lit(None, pl.String).alias(name) for name in _NAMES if name not in scores.columns]
    named = scores.with_columns(absent).sort("entity_type", "entity_id", "as_of")
    last = (pl.col(name).last() for name in _NAMES)
    ends = (pl.col("as_of").min().alias("first_scored_on"), pl.col("as_of").max())
    each = named.group_by("entity_type", "entity_id", maintain_order=True).agg(*last, *ends)
    return each.rename({"as_of": "last_scored_on"}).select(ENTITIES.keys())


def check_against(con: duckdb.DuckDBPyConnection, external: ExternalScores, as_of: date) -> None:
    """Refuse scores of entities or days that this build does not have."""
    path, scores = external.path, external.scores
    later = scores.filter(pl.col("as_of") > as_of)
    if later.height:
        raise InputError(
            f"{path}, as_of: {later.height} rows are of days after {as_of}, the last "
            f"{later['as_of'].sort().to_list()[-1]}.",
            f"Scores up to {as_of}, the day of this build, were expected.",
            "Leave these rows out, or deliver the raw tables of those days too.",
        )
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


def with_margin(scores: pl.DataFrame) -> pl.DataFrame:
    """Scores with their margin: the delivered one, or the log odds of the score.

    `raw_score` is what the margin says before calibration; theirs is the score.
    """
    inside = pl.col("score").clip(_SUREST, 1.0 - _SUREST)
    odds = (inside / (1.0 - inside)).log()
    margin = pl.col("margin") if "margin" in scores.columns else odds
    return scores.with_columns(margin=margin, raw_score=pl.col("score"))


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
    base = float(totals(scores, parts)["base"][0])
    return ExternalParts(parts["entity_type"][0], ids, tuple(names), values, moved, base)
