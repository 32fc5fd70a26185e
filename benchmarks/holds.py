"""Whether what holds a score begins with a planted fact, on worlds of several seeds.

The truth says who is guilty of what. A feature speaks of a scheme where it tells the guilty of it
from everybody honest (area of at least 0.75 towards its suspicious end); it is a planted fact of
a subject when the subject lies beyond nine in ten of the honest. Packs are not asked.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

import queries
from benchmarks.explanations import alerted
from benchmarks.measuring import SAMPLE_ORDERS, show
from benchmarks.sample import built, world
from dashboard.explanations.engine import NOT_CONFIRMED
from dashboard.view_models import words
from pipeline.learning.model import load_models
from pipeline.tables import latest_snapshot, query, read_features
from pipeline.tree_model.checkable import Facts, standing_of
from pipeline.tree_model.counterfactuals import Flip, flips
from pipeline.tree_model.moves import Freedom
from pipeline.tree_model.rank_space import RankSpace
from queries.catalogue import features

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import duckdb
    from numpy.typing import NDArray

    from benchmarks.explanations import Alerted

    FloatArray = NDArray[np.float64]

SPEAKS, BEYOND = 0.75, 0.9
LEAST_GUILTY = 3
ASKED = 300
"""Alerts of each type: all of them in a world of this size."""
COLUMNS = ("search", "guilty alerts", "answered", "begin with a planted fact", "mean changes", "ms")


@dataclass(frozen=True)
class Answer:
    """What holds one guilty subject, and what was planted about it."""

    flip: Flip | None
    planted: frozenset[str]
    seconds: float


def run(folder: Path) -> None:
    """Print the share for a search of any change and for the one that pages make."""
    database = built(folder, SAMPLE_ORDERS).database
    truth = pl.read_parquet(world(folder, SAMPLE_ORDERS) / "truth" / "truth.parquet")
    answers = measure(database, truth)
    show("What holds a score", COLUMNS, [_row(name, own) for name, own in answers.items()], "")


def measure(database: Path, truth: pl.DataFrame) -> dict[str, list[Answer]]:
    """Answers about guilty alerts by kind of search."""
    guilty = truth.filter(~pl.col("is_hard_negative") & (pl.col("role") != "victim"))
    answers: dict[str, list[Answer]] = {"any change": [], "facts first": []}
    with queries.connect(database) as con:
        for entity_type in load_models(con):
            own = guilty.filter(pl.col("entity_type") == entity_type)
            for name, answer in _answers(con, entity_type, own):
                answers[name].append(answer)
    return answers


def _answers(
    con: duckdb.DuckDBPyConnection, entity_type: str, guilty: pl.DataFrame
) -> Iterator[tuple[str, Answer]]:
    of = alerted(con, entity_type, ASKED)
    of = replace(of, space=_ordinary(con, entity_type, of))
    speaking = _speaking(con, entity_type, of.model.features, guilty)
    schemes = dict(guilty.select("entity_id", "typology").iter_rows())
    alerts = "select entity_id, typology from alerts.alerts where entity_type = $entity_type"
    rows = query(con, f"{alerts} order by priority desc", entity_type=entity_type)[:ASKED]
    for (entity_id, typology), subject in zip(rows.iter_rows(), of.subjects, strict=True):
        row = subject.row
        edge, facts = of.edge(row), speaking.get(schemes.get(entity_id, ""))
        if edge is None or facts is None:
            continue
        planted = frozenset(name for name, value in facts.items() if _reaches(of, row, name, value))
        standing = standing_of(
            of.model.features, of.families, words.evidence_of(typology, entity_type)
        )
        tries = {"any change": (Freedom.of(of.moves),)}
        tries["facts first"] = Facts(of.moves, standing).tries(row, of.space)
        for name, freedom in tries.items():
            begun = time.process_time()
            flip = flips(of.probe, of.calibration, subject, edge, freedom, of.space)
            yield name, Answer(flip, planted, time.process_time() - begun)


def _ordinary(con: duckdb.DuckDBPyConnection, entity_type: str, of: Alerted) -> RankSpace:
    """The precedents that a page measures answers against: those not confirmed as bad."""
    long = queries.run(con, "pages/investigate/reference", entity_type=entity_type)
    wide = long.filter(pl.col("outcome").is_in(NOT_CONFIRMED)).pivot(
        "feature", index="entity_id", values="value"
    )
    columns = [pl.col(name) if name in wide.columns else pl.lit(None) for name in of.model.features]
    values = wide.select(
        column.cast(pl.Float64).alias(name)
        for name, column in zip(of.model.features, columns, strict=True)
    )
    return RankSpace(values.to_numpy().astype(np.float64), of.space.weights)


def _reaches(of: Alerted, row: FloatArray, name: str, end: tuple[int, float]) -> bool:
    sign, value = end
    return bool(sign * row[of.model.features.index(name)] >= value)


def _speaking(
    con: duckdb.DuckDBPyConnection, entity_type: str, names: Sequence[str], guilty: pl.DataFrame
) -> Mapping[str, dict[str, tuple[int, float]]]:
    """By typology the features that speak of it, each with its end and where nine in ten lie."""
    ids, matrix = read_features(con, entity_type, latest_snapshot(con), tuple(names))
    is_guilty = ids.is_in(guilty["entity_id"].implode()).to_numpy()
    catalogue = features(entity_type)
    signs = {"high": 1, "low": -1}
    speaking: dict[str, dict[str, tuple[int, float]]] = {}
    for (typology,), own in guilty.group_by("typology", maintain_order=True):
        bad = ids.is_in(own["entity_id"].implode()).to_numpy()
        if bad.sum() < LEAST_GUILTY:
            continue
        speaking[str(typology)] = {
            name: (sign, float(np.nanquantile(sign * matrix[~is_guilty, place], BEYOND)))
            for place, name in enumerate(names)
            if (sign := signs.get(catalogue[name].direction, 0))
            and _area(sign * matrix[bad, place], sign * matrix[~is_guilty, place]) >= SPEAKS
        }
    return speaking


def _area(bad: FloatArray, good: FloatArray) -> float:
    """Chance that one of the bad lies above one of the good, ties counted half; 0 for unknown."""
    bad, good = bad[~np.isnan(bad)], np.sort(good[~np.isnan(good)])
    if not bad.size or not good.size:
        return 0.0
    below = np.searchsorted(good, bad, "left") + np.searchsorted(good, bad, "right")
    return float(below.mean() / (2 * good.size))


def _row(name: str, answers: Sequence[Answer]) -> tuple[Any, ...]:
    steps = [answer.flip.steps for answer in answers if answer.flip]
    begun = [answer.flip.steps[0].feature in answer.planted for answer in answers if answer.flip]
    return (
        name,
        len(answers),
        len(steps) / len(answers),
        float(np.mean(begun)),
        float(np.mean([len(one) for one in steps])),
        1e3 * float(np.median([answer.seconds for answer in answers])),
    )
