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
from pipeline.evaluation.ranking import Ranking, average_precision, within_top
from pipeline.settings.build import BandSettings
from queries.vocabulary import ENTITY_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from numpy.typing import NDArray

ACTIVE_DAYS = 30
"""What ended earlier has left the short windows; finding it is no longer the queue's task."""
CAPACITY = 50
"""Entities of one type that an analyst reviews in a day or two."""
DRAWS, SEED = 400, 20240
"""Bootstrap resamples of the entities: the third digit of an interval no longer moves."""
ENTITY = ("entity_type", "entity_id")
TOPS = {"top 1 %": 0.01, "top 5 %": 0.05}
"""Shares of a list that decisions are made of; "Medium and above" is the third band."""
GAP, GAP_SHARE = 0.01, 0.5
"""How far the mean score of a band may lie from the share that is bad there: a percentage point
and half of the larger of both, since the base rate rests on fifty random checks. Zero for
everybody fails it wherever somebody is bad."""
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
    wrong = guilty(truth)
    active = wrong.filter((pl.col("ended_at") >= since(as_of)) | (pl.col("typology") == UNSEEN))
    unjudged = scores.join(judged, on=ENTITY, how="anti")
    over = wrong.join(active, on=ENTITY, how="anti")
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


def guilty(truth: pl.DataFrame) -> pl.DataFrame:
    """Whoever did wrong: no look-alike and no victim."""
    return truth.filter(~pl.col("is_hard_negative") & (pl.col("role") != "victim"))


def since(as_of: date) -> pl.Expr:
    """The instant from which what ended still counts as active."""
    return pl.lit(as_of).cast(pl.Datetime("us")) - pl.duration(days=ACTIVE_DAYS)


def run(folder: Path) -> None:
    """Print how the default marketplace is found: by type, by story and variant, by look-alike.

    Raises SystemExit, after printing, when the scores of a type are not calibrated.
    """
    result = audit(world(folder, SAMPLE_ORDERS), built(folder, SAMPLE_ORDERS).database)
    _show_types(result.scored)
    _show_stories(result.members)
    _show_alike(result.alike)
    _show_unproven(result)
    _show_calibration(result.scored)
    if off := uncalibrated(result.scored):
        sys.exit(f"Scores are no probabilities: {'; '.join(off)}.")


@dataclass(frozen=True)
class BandTruth:
    """What a score says of a band of the list, and what is true of it."""

    band: str
    entities: int
    predicted: float
    """Mean score."""
    observed: float
    """Share that is bad."""

    @property
    def is_right(self) -> bool:
        """Whether both are near enough to call the score a probability there."""
        larger = max(self.predicted, self.observed)
        return abs(self.predicted - self.observed) <= GAP + GAP_SHARE * larger

    def __str__(self) -> str:
        """Both figures in words."""
        return f"{self.band} score {self.predicted:.2f}, {self.observed:.2f} bad"


def band_truths(score: NDArray[np.float64], is_bad: NDArray[np.float64]) -> list[BandTruth]:
    """The bands that carry decisions; equal scores at an edge are split evenly."""
    highest, steps = np.sort(score)[::-1], Ranking.of(score)
    listed, bad = steps.summed(np.ones_like(is_bad)), steps.summed(is_bad)
    medium = int((score >= BandSettings().medium).sum())
    sizes = {name: round(top * score.size) for name, top in TOPS.items()}
    return [
        BandTruth(
            name, size, float(highest[:size].mean()), float(within_top(listed, bad, size)) / size
        )
        for name, size in (sizes | {"Medium and above": medium}).items()
        if size
    ]


def uncalibrated(scored: pl.DataFrame) -> list[str]:
    """A sentence for each band of an entity type in which the score is no probability."""
    return [
        f"{entity_type}, {one}"
        for (entity_type,), own in scored.group_by("entity_type", maintain_order=True)
        for one in band_truths(own["score"].to_numpy(), own["is_bad"].to_numpy())
        if not one.is_right
    ]


def _show_calibration(scored: pl.DataFrame) -> None:
    rows = [
        (f"{entity_type}, {one.band}", one.entities, f"{one.predicted:.2f}", f"{one.observed:.2f}",
         "yes" if one.is_right else "no")
        for (entity_type,), own in scored.group_by("entity_type", maintain_order=True)
        for one in band_truths(own["score"].to_numpy(), own["is_bad"].to_numpy())
    ]  # fmt: skip
    note = f"Right: within {GAP:.0%} and {GAP_SHARE:.0%} of the larger of both."
    columns = ("band", "entities", "mean score", "share bad", "right")
    show("Is a score right where it decides?", columns, rows, note)


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
            )
        )
    columns = (
        *("entity type", "unjudged", "bad", "AUPRC", f"precision@{CAPACITY}"),
        *("ceiling", f"recall@{CAPACITY}"),
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
