"""When models are trained: every so many days, and whenever the last training no longer holds.

Training is the dearest part of a build, and one day of verdicts teaches little. In between, the
models of the served file score the new day: docs/decisions/0149-training-on-a-schedule.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb
import polars as pl

import queries
from pipeline.learning.label_maturity import matured_labels
from pipeline.learning.standing import StandingModels
from pipeline.publishing.same_market import is_same_market
from pipeline.tables import feature_names, latest_snapshot, store

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from pipeline.settings.build import Settings

TRAINING = {"trained_on": pl.Date, "recipe": pl.String, "reason": pl.String}
"""Columns of `meta.training`, one row; `reason` says why this build trained, null where it did
not."""


@dataclass
class TrainingSchedule:
    """Decides whether this build trains, and says why in a sentence."""

    database: Path
    """The served file, which need not be there."""
    recipe: str
    """Hash of code, libraries, packs and settings."""
    settings: Settings
    is_asked: bool = False
    """Whether whoever builds asks for a training."""
    note: str = ""
    """Which models score this build, in a sentence."""

    def standing(self, con: duckdb.DuckDBPyConnection) -> StandingModels | None:
        """The models of the served file where they may score this build, else None.

        Writes `meta.training`.
        """
        as_of = latest_snapshot(con)
        standing, reason = self._of_served(con, as_of)
        if standing is not None:
            reason = self._objection(con, standing, as_of)
        if standing is None or reason:
            self._write(con, as_of, reason)
            self.note = f"Models were trained on what was known at {as_of}: {reason}."
            return None
        self._write(con, standing.trained_on, None)
        left = self.settings.training.every_days - (as_of - standing.trained_on).days
        due = "tomorrow" if left == 1 else f"in {left} days"
        self.note = (
            f"Models of {standing.trained_on} score this day; the next training is due {due}, "
            "or now with --train."
        )
        return standing

    def conclude(self, con: duckdb.DuckDBPyConnection) -> None:
        """Say so where there was nothing to train, once the scores are written."""
        if queries.scalar(con, "select count(*) from scores.model_files"):
            return
        reason = (
            "scores of another model came with the delivery"
            if self.settings.scores_folder
            else "too few verdicts are in"
        )
        self.note = f"No model was trained: {reason}."

    def _of_served(
        self, con: duckdb.DuckDBPyConnection, as_of: date
    ) -> tuple[StandingModels | None, str]:
        """What the served file holds, or None and why it is of no use."""
        if self.is_asked:
            return None, "it was asked for"
        if self.settings.scores_folder:
            return None, "scores of another model came with the delivery"
        if not self.database.is_file():
            return None, "there is no earlier build"
        try:
            with queries.connect(self.database) as served:
                reason = self._other(con, served, as_of)
                return (None, reason) if reason else (StandingModels.of(served), "")
        except duckdb.Error:
            return None, "the earlier build keeps no models in today's form"

    def _other(
        self, con: duckdb.DuckDBPyConnection, served: duckdb.DuckDBPyConnection, as_of: date
    ) -> str:
        """In what the served file differs from this build; empty where only the day is later."""
        if not is_same_market(con, served):
            return "the earlier build is of another marketplace"
        if self.recipe != queries.scalar(served, "select recipe from meta.training"):
            return "code, libraries, packs or settings have changed"
        if queries.scalar(served, "select as_of from meta.build") >= as_of:
            return "the earlier build is of no earlier day"
        return ""

    def _objection(
        self, con: duckdb.DuckDBPyConnection, standing: StandingModels, as_of: date
    ) -> str:
        """Why these models may not score this build; empty where they may."""
        if (as_of - standing.trained_on).days >= self.settings.training.every_days:
            return f"the last training was on {standing.trained_on}"
        for one in standing.in_use:
            if set(one.model.features) != set(feature_names(con, one.entity_type)):
                return f"other features of a {one.entity_type} are known than at the last training"
        return self._first_model(con, standing, as_of)

    def _first_model(
        self, con: duckdb.DuckDBPyConnection, standing: StandingModels, as_of: date
    ) -> str:
        """Which entity type without a model has verdicts enough for a first one; or empty."""
        labels = matured_labels(con, as_of, self.settings.labels, standing.delays)
        last = labels.unique(("entity_type", "entity_id"), keep="last", maintain_order=True)
        needed = {
            "bad": self.settings.labels.min_positives,
            "good": self.settings.labels.min_negatives,
        }
        for entity_type in sorted(standing.types_without_model):
            own = last.filter(pl.col("entity_type") == entity_type)["label"]
            if all((own == label).sum() >= least for label, least in needed.items()):
                return f"verdicts on a {entity_type} are enough for a first model"
        return ""

    def _write(self, con: duckdb.DuckDBPyConnection, trained_on: date, reason: str | None) -> None:
        row = {"trained_on": [trained_on], "recipe": [self.recipe], "reason": [reason]}
        store(con, "meta.training", pl.DataFrame(row, schema=TRAINING))
