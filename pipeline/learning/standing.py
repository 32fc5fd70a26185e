"""The models of an earlier build, which score further days until the next training.

What a training says of itself (its card, its curves, its heads, what verdicts made of signals)
stands with the models: docs/decisions/0149-training-on-a-schedule.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.learning.label_maturity import Delays
from pipeline.learning.model import BoostedModel
from pipeline.tree_model.calibration import Calibration

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from typing import Self

    import duckdb
    import polars as pl

    from pipeline.learning.model import Model

TRAINED_TABLES = (
    *("models", "model_files", "training_days", "head_files", "replicas", "heads"),
    "signal_outcomes",
    *("pr_curve", "calibration", "evaluation", "judged_places", "cohorts", "lot_checks"),
    *("challengers", "shadow_scores", "agreement", "comparison"),
)
"""Tables of schema `scores` that a training writes and other builds take over as they are."""


@dataclass(frozen=True)
class ScoringModel:
    """The model in use of one entity type, and its calibration."""

    entity_type: str
    model: Model
    calibration: Calibration


@dataclass(frozen=True)
class StandingModels:
    """All that a training left in a built file."""

    trained_on: date
    """The day whose verdicts taught."""
    tables: Mapping[str, pl.DataFrame]
    """Rows of TRAINED_TABLES."""
    delays: Delays
    """After how many days the verdicts that taught were in."""

    @classmethod
    def of(cls, con: duckdb.DuckDBPyConnection) -> Self:
        """Of a built file; raises duckdb.Error where it has not all of it."""
        tables = {name: con.sql(f"from scores.{name}").pl() for name in TRAINED_TABLES}
        (trained_on,) = con.sql("select trained_on from meta.training").fetchall()[0]
        return cls(trained_on, tables, Delays.of(con.sql("from scores.packs").pl()))

    @property
    def in_use(self) -> list[ScoringModel]:
        """One per entity type that has a model, by name."""
        return [
            ScoringModel(
                row["entity_type"],
                BoostedModel(row["model_text"]),
                Calibration(row["calibration_slope"], row["calibration_intercept"]),
            )
            for row in self.tables["model_files"].sort("entity_type").iter_rows(named=True)
        ]

    @property
    def types_without_model(self) -> set[str]:
        """Entity types of which too little was known to learn from."""
        return {*self.tables["models"]["entity_type"]} - {one.entity_type for one in self.in_use}
