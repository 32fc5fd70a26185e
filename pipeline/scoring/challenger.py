"""A second model that scores in the shadow: where it stands apart from the one in use.

Both recipes learn from the same verdicts and are held against the same ones. The tables here are
read by the page Model alone: no alert, no band and no order of the queue knows of them.
docs/decisions/0130-late-labels-and-a-challenger.md
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from scipy.stats import spearmanr

from pipeline.evaluation.paired import COMPARISON, Judged, comparison
from pipeline.learning.model import version
from queries.vocabulary import ADDITIVE, BOOSTED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from pipeline.scoring.fitted import Fitted
    from pipeline.scoring.training_run import Trial
    from pipeline.settings.build import Settings
    from pipeline.settings.models import ModelSettings

MODELS = dict.fromkeys(("entity_type", "role", "recipe", "model_version"), pl.String) | {
    "trees": pl.Int64
}
"""Columns of `scores.challengers`; role is in_use or challenger."""
SHADOW: dict[str, type[pl.DataType]] = {
    **dict.fromkeys(("entity_type", "entity_id"), pl.String),
    "as_of": pl.Date,
    **dict.fromkeys(("score", "challenger_score"), pl.Float64),
    **dict.fromkeys(("position", "challenger_position"), pl.Int64),
}
"""Columns of `scores.shadow_scores`: whoever is in the first places of either model, of those whom
nobody has judged; positions count from 1."""
AGREEMENT: dict[str, type[pl.DataType]] = {
    **dict.fromkeys(("entity_type", "measure"), pl.String),
    **dict.fromkeys(("at_k", "entities"), pl.Int64),
    "value": pl.Float64,
}
"""Columns of `scores.agreement`; measure is overlap (share of the first `at_k` of one that is in
the first `at_k` of the other) or rank_correlation (Spearman's, over everybody)."""


def recipe_in_use(entity_type: str, settings: Settings) -> str:
    """The recipe whose scores count."""
    return ADDITIVE if entity_type in settings.challenger.promoted else BOOSTED


def recipe_in_shadow(entity_type: str, settings: Settings) -> str:
    """The other one."""
    return BOOSTED if recipe_in_use(entity_type, settings) == ADDITIVE else ADDITIVE


def settings_of(recipe: str, settings: Settings) -> ModelSettings:
    """How trees of a recipe grow; all else is the same."""
    if recipe == BOOSTED:
        return settings.model
    trees = settings.challenger.trees
    alone = replace(settings.model, max_depth=1, leaves=2, extra_leaves=2)
    return replace(alone, trees=trees, extra_trees=trees)


def shadow_tables(
    as_of: date, trials: Iterable[Trial], settings: Settings
) -> dict[str, pl.DataFrame]:
    """Rows of `challengers`, `shadow_scores`, `agreement` and `comparison` of schema `scores`."""
    models, compared, agreed = list[dict[str, Any]](), list[dict[str, Any]](), []
    shadows = [pl.DataFrame(schema=SHADOW)]
    for one in trials:
        if one.fitted is None or one.challenger is None or not one.fitted.present.size:
            continue
        pair = {"in_use": one.fitted, "challenger": one.challenger}
        recipes = (recipe_in_use, recipe_in_shadow)
        models += [
            _model(one.entity_type, role, recipe(one.entity_type, settings), fitted)
            for recipe, (role, fitted) in zip(recipes, pair.items(), strict=True)
        ]
        everybody = _positions(one, one.fitted, one.challenger, as_of)
        kept = settings.challenger.kept
        near = pl.min_horizontal("position", "challenger_position") <= kept
        shadows.append(everybody.filter(near))
        agreed += _agreement(everybody, settings)
        compared += [
            {"entity_type": one.entity_type, **row}
            for row in comparison(_judged(one, one.fitted, one.challenger), settings.evaluation)
        ]
    return {
        "challengers": pl.DataFrame(models, schema=MODELS),
        "shadow_scores": pl.concat(shadows),
        "agreement": pl.DataFrame(agreed, schema=AGREEMENT),
        "comparison": pl.DataFrame(compared, schema=COMPARISON),
    }


def _model(entity_type: str, role: str, recipe: str, fitted: Fitted) -> dict[str, Any]:
    return {
        "entity_type": entity_type,
        "role": role,
        "recipe": recipe,
        "model_version": version(fitted.model, fitted.calibration),
        "trees": fitted.model.trees,
    }


def _positions(trial: Trial, in_use: Fitted, challenger: Fitted, as_of: date) -> pl.DataFrame:
    """Rows of SHADOW of everybody whom nobody has judged; of equal scores the lower id first."""
    scores = {"score": in_use.present, "challenger_score": challenger.present}
    people = pl.DataFrame({"entity_id": trial.present_ids, **scores})
    for name in scores:
        place = name.replace("score", "position")
        ordered = people.sort(name, "entity_id", descending=[True, False])
        people = ordered.with_row_index(place, offset=1)
    fixed = {"entity_type": pl.lit(trial.entity_type), "as_of": pl.lit(as_of)}
    whole = people.with_columns(**fixed).sort("position")
    return whole.select(pl.col(name).cast(dtype) for name, dtype in SHADOW.items())


def _agreement(everybody: pl.DataFrame, settings: Settings) -> list[dict[str, Any]]:
    fixed = {"entity_type": everybody["entity_type"][0], "entities": everybody.height}
    rows = []
    for k in (one for one in settings.evaluation.capacities if one <= everybody.height):
        both = (pl.col("position") <= k) & (pl.col("challenger_position") <= k)
        shared = everybody.filter(both).height / k
        rows.append(fixed | {"measure": "overlap", "at_k": k, "value": shared})
    ranks = (everybody["position"].to_numpy(), everybody["challenger_position"].to_numpy())
    rho = float(spearmanr(*ranks).statistic) if everybody.height > 1 else None
    return [*rows, fixed | {"measure": "rank_correlation", "at_k": None, "value": rho}]


def _judged(trial: Trial, in_use: Fitted, challenger: Fitted) -> Judged:
    """Everybody who was judged, each at the last snapshot before the verdict."""
    last = trial.training.last
    return Judged(
        in_use.held_out.place[last],
        challenger.held_out.place[last],
        trial.training.is_bad[last] > 0,
        np.isin(trial.training.entity_id[last].astype(str), trial.reviewed_ids),
        trial.training.ring[last],
    )
