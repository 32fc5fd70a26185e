"""`drift.score_parts` and `drift.decisions`: what moved a model's scores, and what it decides.

The mean score of a model moves for two reasons: other kinds of subjects came, or the same kinds
behave otherwise. Each feature's mean contribution is a ratio over peer groups, so the exact parts
of a ratio apply (docs/decisions/0115-exact-parts-of-a-change.md): mix is who came, rate and
interaction are how they behave, and features add up to the mean margin.

What a drift does to decisions is asked of the model itself: the feature gets back the distribution
it had (quantile by quantile, so ranks stay), the same subjects are scored again, and alerts that
come or go at the bar are counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np
import polars as pl

from pipeline.attribution.decomposition import ratio
from pipeline.drift.measures import Sample, shift
from pipeline.drift.snapshot_pair import (
    fair_rows,
    first_snapshot,
    full_windows,
    latest_pair,
    stationary,
)
from pipeline.learning.model import load_models
from pipeline.tables import latest_snapshot, query, snapshot_days, store, to_matrix
from pipeline.tree_model.calibration import Calibration

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import duckdb
    from numpy.typing import NDArray

    from pipeline.drift.snapshot_pair import SnapshotPair
    from pipeline.learning.model import BoostedModel, Model
    from pipeline.settings.build import Settings

    Floats = NDArray[np.float64]
    Codes = NDArray[np.uint16]

_OF = {"entity_type": pl.String, "as_of": pl.Date, "reference_as_of": pl.Date, "feature": pl.String}
_MEANS = ("before", "after", "change", "who_came", "behaviour")
PARTS = _OF | dict.fromkeys((*_MEANS, "psi"), pl.Float64)
"""Columns of `drift.score_parts`, one row per (entity_type, feature). before, after: mean
contribution to the margin, log odds; change = who_came + behaviour."""
DECISIONS = (
    _OF
    | dict.fromkeys(("alerts", "alerts_gained", "alerts_lost"), pl.Int64)
    | dict.fromkeys(("review_hours", "value_usd"), pl.Float64)
)
"""Columns of `drift.decisions`, one row per (entity_type, feature) that drifted, and one of all of
them together (`TOGETHER`). alerts: subjects at or above the bar today; alerts_gained, alerts_lost:
by the drift, against the distribution of four weeks before; review_hours, value_usd: of gained
less lost, at the mean of the alerts of that type, USD."""
TOGETHER = "all that drifted"
_GROUP = ["category", "age_band", "market"]


@dataclass(frozen=True)
class Window:
    """Subjects of one snapshot: what they are and what the model makes of it."""

    values: Floats
    """(subjects, features), NaN where unknown."""
    parts: Floats
    """(explained, features) contributions to the margin of the first of them."""
    group: pl.Series
    """Peer group of each that is explained."""


def write(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    on_progress: Callable[[str, int], None],
) -> None:
    """Make `drift.score_parts` and `drift.decisions`.

    Raises StageError when features or scores are missing.
    """
    parts, decisions = [pl.DataFrame(schema=PARTS)], [pl.DataFrame(schema=DECISIONS)]
    for entity_type, model in load_models(con).items():
        pair = latest_pair(snapshot_days(con, entity_type), latest_snapshot(con), settings.drift)
        if pair is not None:
            of_model = _of_model(con, settings, model, (entity_type, pair))
            parts.append(of_model[0])
            decisions.append(of_model[1])
    for name, frames in (("score_parts", parts), ("decisions", decisions)):
        on_progress(f"drift.{name}", store(con, f"drift.{name}", pl.concat(frames)))


def _of_model(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    model: BoostedModel,
    asked: tuple[str, SnapshotPair],
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows of one model in both tables."""
    (entity_type, pair), own = asked, settings.drift
    before, after = _windows(con, entity_type, model, pair, own.max_explained_rows)
    if not before.values.size or not after.values.size:
        return pl.DataFrame(schema=PARTS), pl.DataFrame(schema=DECISIONS)
    moved = [
        shift(Sample.of(then), Sample.of(now), own)
        for then, now in zip(before.values.T, after.values.T, strict=True)
    ]
    same = [pl.lit(value).alias(name) for name, value in pair.row(entity_type).items()]
    psi = pl.Series("psi", [one.distances.psi for one in moved], dtype=pl.Float64)
    parts = score_parts(before, after, model.features).with_columns(*same, psi)
    comparable = full_windows(
        entity_type,
        stationary(entity_type, model.features),
        first_snapshot(con),
        pair.reference,
    )
    drifted = [
        place
        for place, (name, one) in enumerate(zip(model.features, moved, strict=True))
        if name in comparable and one.verdict(own) != "stable"
    ]
    calibration, bar = _calibration(con, entity_type), settings.bands.high
    decided = Decided(model.ensemble, calibration, bar, before.values, after.values)
    minutes, value = _worth(con, entity_type)
    rows = []
    for name, places in (
        *((model.features[place], [place]) for place in drifted),
        *([(TOGETHER, drifted)] if drifted else []),
    ):
        alerts, gained, lost = decided.by(places)
        net = gained - lost
        rows.append((name, alerts, gained, lost, net * minutes / 60.0, net * value))
    columns = [name for name in DECISIONS if name not in pair.row(entity_type)]
    schema = {name: DECISIONS[name] for name in columns}
    decisions = pl.DataFrame(rows, schema=schema, orient="row").with_columns(*same)
    return parts.select(pl.col(n).cast(t) for n, t in PARTS.items()), decisions.select(
        pl.col(n).cast(t) for n, t in DECISIONS.items()
    )


def score_parts(before: Window, after: Window, features: tuple[str, ...]) -> pl.DataFrame:
    """A row a feature: before, after, change, who_came, behaviour; they add up to the margin's."""
    rows = []
    for place, feature in enumerate(features):
        slices = _sums(before, place, "before").join(
            _sums(after, place, "after"), on="group", how="full", coalesce=True
        )
        moved = ratio(slices.fill_null(0.0).sort("group"))
        behaviour = moved.rate + moved.interaction
        then, now = before.parts[:, place].mean(), after.parts[:, place].mean()
        rows.append((feature, then, now, now - then, moved.mix, behaviour))
    columns = ("feature", "before", "after", "change", "who_came", "behaviour")
    schema = {name: PARTS[name] for name in columns}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _sums(window: Window, place: int, side: str) -> pl.DataFrame:
    rows = pl.DataFrame({"group": window.group, "part": window.parts[:, place]})
    return rows.group_by("group").agg(
        pl.col("part").sum().alias(f"numerator_{side}"),
        pl.len().cast(pl.Float64).alias(f"denominator_{side}"),
    )


class Trees(Protocol):
    """Trees that tell values of a feature apart by cells, as `TreeModel` has them."""

    def codes(self, matrix: Floats) -> Codes:
        """(features, n): the cell of each value."""

    def cells_of(self, feature: int, values: Floats) -> NDArray[np.integer]:
        """(n,) cells of values of one feature, by its index."""

    def margin_of(self, codes: Codes) -> Floats:
        """Log odds before calibration, (n,)."""


@dataclass(frozen=True)
class Decided:
    """Which of today's subjects are alerts, as the features are and as they were.

    Only the cells of what is put back are looked up anew.
    """

    trees: Trees
    calibration: Calibration
    bar: float
    """Probability from which a subject is an alert, 0..1."""

    then: Floats
    """(subjects, features) of the day before."""
    now: Floats
    """(subjects, features) of today."""

    def by(self, places: Sequence[int]) -> tuple[int, int, int]:
        """Alerts of `now`, those gained and those lost by the drift of some features."""
        undone = self._codes.copy()
        for place in places:
            values = put_back(self.then[:, place], self.now[:, place])
            undone[place] = self.trees.cells_of(place, values)
        are, were = self._are, self._alerts(undone)
        return int(are.sum()), int((are & ~were).sum()), int((were & ~are).sum())

    @cached_property
    def _are(self) -> NDArray[np.bool_]:
        """Today's alerts: the same for every feature that is put back."""
        return self._alerts(self._codes)

    @cached_property
    def _codes(self) -> Codes:
        """(features, subjects) cells of today's values."""
        return self.trees.codes(self.now)

    def _alerts(self, codes: Codes) -> NDArray[np.bool_]:
        alerts: NDArray[np.bool_] = self.calibration.score(self.trees.margin_of(codes)) >= self.bar
        return alerts


def put_back(then: Floats, now: Floats) -> Floats:
    """`now` with the distribution of `then`, quantile by quantile; what is unknown stays so.

    Equal values stay equal: they get the middle of their quantiles.
    """
    known, reference = ~np.isnan(now), np.sort(then[~np.isnan(then)])
    if not reference.size or not known.any():
        return now.copy()
    ordered = np.sort(now[known])
    low, high = (np.searchsorted(ordered, now[known], side=side) for side in ("left", "right"))
    places = (low + high) / (2.0 * ordered.size) * reference.size
    found = now.copy()
    found[known] = reference[np.minimum(places.astype(np.int64), reference.size - 1)]
    return found


def _windows(
    con: duckdb.DuckDBPyConnection,
    entity_type: str,
    model: Model,
    pair: SnapshotPair,
    at_most: int,
) -> tuple[Window, Window]:
    """Both snapshots; contributions are of `at_most` subjects, drawn by the hash of their ids."""
    key, days = f"{entity_type}_id", [pair.reference, pair.day]
    every = fair_rows(con, entity_type, key, f"features.{entity_type}", days)
    own = "where entity_type = $entity_type and list_contains($days, as_of)"
    columns = f"entity_id as {key}, as_of, {', '.join(_GROUP)}"
    sql = f"select distinct {columns} from surroundings.peer_values {own}"
    groups = query(con, sql, entity_type=entity_type, days=days).unique([key, "as_of"], keep="any")
    windows = []
    for day in days:
        rows = every[day].sort(pl.col(key).hash(seed=0), key)
        drawn = rows.head(at_most)
        named = drawn.select(key, "as_of").join(
            groups, on=[key, "as_of"], how="left", maintain_order="left"
        )
        together = pl.concat_str(pl.col(_GROUP).fill_null("unknown"), separator=", ")
        values = to_matrix(rows, model.features)
        parts = model.contributions(values[:at_most])[:, :-1] if rows.height else values
        windows.append(Window(values, parts, named.select(together.alias("group"))["group"]))
    return windows[0], windows[1]


def _calibration(con: duckdb.DuckDBPyConnection, entity_type: str) -> Calibration:
    sql = "select calibration_slope, calibration_intercept from scores.model_files"
    own = "where entity_type = $entity_type"
    return Calibration(*query(con, f"{sql} {own}", entity_type=entity_type).row(0))


def _worth(con: duckdb.DuckDBPyConnection, entity_type: str) -> tuple[float, float]:
    """Minutes that a review of such an alert takes, and USD that it saves, both on average."""
    sql = "select avg(review_minutes) as minutes, avg(value_usd) as usd from alerts.alerts"
    row = query(con, f"{sql} where entity_type = $entity_type", entity_type=entity_type).row(0)
    return float(row[0] or 0.0), float(row[1] or 0.0)
