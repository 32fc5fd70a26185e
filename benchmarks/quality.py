"""How well the engine finds what was planted: the only place where scores meet the truth.

The build judges its models by labels, as a marketplace has to. The sample marketplace
also knows who is bad, so here nothing is estimated: whoever is guilty, active lately and
not judged yet is to be found, every honest look-alike in the queue is a false alarm.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

import queries
from benchmarks.measuring import SAMPLE_ORDERS, show
from benchmarks.sample import built, world
from pipeline.evaluation.metrics import BINS, Reliability
from pipeline.evaluation.ranking import Ranking, average_precision
from pipeline.population import Population
from queries.vocabulary import ENTITY_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

ACTIVE_DAYS = 30
"""What ended earlier has left the short windows; finding it is no longer the queue's task."""
CAPACITY = 50
"""Entities of one type that an analyst reviews in a day or two."""
DRAWS, SEED = 400, 20240
"""Bootstrap resamples of the entities: the third digit of an interval no longer moves."""
ENTITY = ("entity_type", "entity_id")
CALIBRATED = 0.02
"""Largest expected calibration error of a type whose scores may be called probabilities."""
UNSEEN = "UNSEEN_VALUE_TRANSFER"
"""In no pack and never labelled: counts as active however long it is over, since nobody knew."""
QUEUED = "select entity_type, entity_id, lane from alerts.alerts where lane <> 'unproven'"
SURFACED = "select entity_type, entity_id from scores.anomalies where is_surfaced"
LATEST = "select * from scores.scores where as_of = (select as_of from meta.build)"


@dataclass(frozen=True)
class Audit:
    """One build beside what was planted."""

    scored: pl.DataFrame
    """entity_type, entity_id, score, is_bad of everybody unjudged; ended rings left out."""
    members: pl.DataFrame
    """Guilty, active, unjudged: typology, variant, ring_id, `lane` of their alert or null, and
    `surfaced`, whether they are in the unproven lane."""
    alike: pl.DataFrame
    """Honest look-alikes: typology, entity_type, `lane` and `surfaced`."""
    surfaced: pl.DataFrame
    """Everybody in the unproven lane."""


def audit(raw: Path, database: Path) -> Audit:
    """Join the latest scores and alerts of a build to the truth of its raw tables."""
    truth = pl.read_parquet(raw / "truth" / "truth.parquet")
    with queries.connect(database) as con:
        scores, surfaced = con.sql(LATEST).pl(), con.sql(SURFACED).pl()
        queued = con.sql(QUEUED).pl().unique(ENTITY, keep="first", maintain_order=True)
        judged = con.sql("select distinct entity_type, entity_id from staging.labels").pl()
        as_of = queries.scalar(con, "select as_of from meta.build")
    odd = surfaced.with_columns(surfaced=pl.lit(True))
    since = pl.lit(as_of).cast(pl.Datetime("us")) - pl.duration(days=ACTIVE_DAYS)
    guilty = truth.filter(~pl.col("is_hard_negative") & (pl.col("role") != "victim"))
    active = guilty.filter((pl.col("ended_at") >= since) | (pl.col("typology") == UNSEEN))
    unjudged = scores.join(judged, on=ENTITY, how="anti")
    over = guilty.join(active, on=ENTITY, how="anti")
    bad = active.select(ENTITY).unique().with_columns(is_bad=pl.lit(1.0))
    return Audit(
        unjudged.join(over, on=ENTITY, how="anti")
        .join(bad, on=ENTITY, how="left")
        .with_columns(pl.col("is_bad").fill_null(0.0)),
        *(
            rows.join(queued, on=ENTITY, how="left")
            .join(odd, on=ENTITY, how="left")
            .with_columns(pl.col("surfaced").fill_null(value=False))
            for rows in (
                active.join(judged, on=ENTITY, how="anti"),
                truth.filter("is_hard_negative").unique(["typology", *ENTITY]),
            )
        ),
        surfaced,
    )


def run(folder: Path) -> None:
    """Print how the default marketplace is found: by type, by story and variant, by look-alike.

    Raises SystemExit, after printing, when the scores of a type are not calibrated.
    """
    result = audit(world(folder, SAMPLE_ORDERS), built(folder, SAMPLE_ORDERS).database)
    _show_types(result.scored)
    _show_stories(result.members)
    _show_alike(result.alike)
    _show_unproven(result)
    if off := uncalibrated(result.scored):
        listing = ", ".join(f"{entity_type} {error:.3f}" for entity_type, error in off.items())
        sys.exit(f"Calibration error above {CALIBRATED}: {listing}.")


def uncalibrated(scored: pl.DataFrame) -> dict[str, float]:
    """Expected calibration error of each entity type that exceeds `CALIBRATED`."""
    errors = {
        str(entity_type): calibration_error(own["score"].to_numpy(), own["is_bad"].to_numpy())
        for (entity_type,), own in scored.group_by("entity_type", maintain_order=True)
    }
    return {entity_type: error for entity_type, error in errors.items() if error > CALIBRATED}


def _show_types(scored: pl.DataFrame) -> None:
    rows = []
    for entity_type in ENTITY_TYPES:
        own = scored.filter(pl.col("entity_type") == entity_type)
        score, is_bad = own["score"].to_numpy(), own["is_bad"].to_numpy()
        if is_bad.sum() == 0:
            continue
        rows.append(
            (
                entity_type,
                own.height,
                int(is_bad.sum()),
                _interval(area, score, is_bad),
                _interval(precision_at_capacity, score, is_bad),
                f"{min(1.0, is_bad.sum() / CAPACITY):.2f}",
                _interval(recall_at_capacity, score, is_bad),
                f"{calibration_error(score, is_bad):.3f}",
            )
        )
    columns = (
        *("entity type", "unjudged", "bad", "AUPRC", f"precision@{CAPACITY}"),
        *("ceiling", f"recall@{CAPACITY}", "ECE"),
    )
    note = f"95 % intervals of {DRAWS} bootstrap resamples of the entities, against the truth."
    show("Scores of whom nobody had judged", columns, rows, note)


def _show_stories(members: pl.DataFrame) -> None:
    alerted = members.with_columns(hit=pl.col("lane").is_not_null())
    variants = sorted(alerted["variant"].unique())
    rows = []
    for (typology, entity_type), group in alerted.group_by("typology", "entity_type"):
        cells = [_share(group.filter(pl.col("variant") == variant)) for variant in variants]
        rings = group.group_by("ring_id").agg(pl.col("hit").any())
        rows.append((f"{typology} {entity_type}", *cells, _share(group), _share(rings)))
    columns = ("story", *(name.replace("_", " ") for name in variants), "all", "rings")
    note = (
        f"Queued of those active in {ACTIVE_DAYS} days and not judged; "
        "a ring counts when one of its members of that type is."
    )
    show("Recall by typology and evasion variant", columns, sorted(rows), note)


def _show_alike(alike: pl.DataFrame) -> None:
    rows = []
    for (typology, entity_type), group in alike.group_by("typology", "entity_type"):
        lanes = [int((group["lane"] == lane).sum()) for lane in ("score", "signals")]
        queued, odd = f"{group['lane'].count() / group.height:.1%}", int(group["surfaced"].sum())
        rows.append((typology, entity_type, group.height, *lanes, queued, odd))
    columns = ("look-alike", "entity type", "planted", "score", "signals", "queued", "unproven")
    every = alike["lane"].count() / alike.height
    show("False alarms on honest look-alikes", columns, sorted(rows), f"{every:.1%} of all queued.")


def _show_unproven(result: Audit) -> None:
    rows = []
    for entity_type in ENTITY_TYPES:
        lane = result.surfaced.filter(pl.col("entity_type") == entity_type)
        bad = result.members.filter((pl.col("entity_type") == entity_type) & pl.col("surfaced"))
        alike = result.alike.filter((pl.col("entity_type") == entity_type) & pl.col("surfaced"))
        unseen = bad.filter(pl.col("typology") == UNSEEN)["entity_id"].n_unique()
        guilty = bad["entity_id"].n_unique()
        rows.append((entity_type, lane.height, guilty, unseen, alike["entity_id"].n_unique()))
    columns = ("entity type", "surfaced", "bad", "of the unseen pattern", "look-alikes")
    show("The unproven lane", columns, rows, "No probability stands beside these.")


def _share(rows: pl.DataFrame) -> str:
    return f"{int(rows['hit'].sum())}/{rows.height}" if rows.height else ""


# ---------------------------------------------------------------- measures


def area(score: NDArray[np.float64], is_bad: NDArray[np.float64]) -> float:
    """Area under the precision-recall curve."""
    steps = Ranking.of(score)
    return float(average_precision(steps.summed(np.ones_like(is_bad)), steps.summed(is_bad)))


def precision_at_capacity(score: NDArray[np.float64], is_bad: NDArray[np.float64]) -> float:
    """Share of bad ones among the `CAPACITY` highest scores."""
    return float(is_bad[np.argsort(-score, kind="stable")[:CAPACITY]].mean())


def recall_at_capacity(score: NDArray[np.float64], is_bad: NDArray[np.float64]) -> float:
    """Share of all bad ones that the `CAPACITY` highest scores hold."""
    return float(is_bad[np.argsort(-score, kind="stable")[:CAPACITY]].sum() / max(is_bad.sum(), 1))


def calibration_error(score: NDArray[np.float64], is_bad: NDArray[np.float64]) -> float:
    """Expected calibration error over bins of equally many entities."""
    rate = float(is_bad.mean())
    return float(Reliability.of(score, is_bad, Population(rate), BINS).error)


def _interval(
    measure: Callable[[NDArray[np.float64], NDArray[np.float64]], float],
    score: NDArray[np.float64],
    is_bad: NDArray[np.float64],
) -> str:
    """`value (low to high)` with a percentile bootstrap over entities."""
    random = np.random.default_rng(SEED)
    # Ties stay ties, so the order of the rows must not matter to the draws.
    draws = [
        measure(score[rows], is_bad[rows])
        for rows in (random.integers(0, score.size, score.size) for _ in range(DRAWS))
    ]
    low, high = np.quantile(draws, (0.025, 0.975))
    return f"{measure(score, is_bad):.2f} ({low:.2f} to {high:.2f})"
