"""The model card: what a model learned from and how good it is.

Every quality number says what it was measured on: verdicts the model had not seen.
Unknown entities judge no model; how many of them taught as presumed good is said.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

import polars as pl

from dashboard import text, theme
from dashboard.view_models import words
from pipeline.settings.models import EvaluationSettings

IMPORTANCE_SHOWN = 15
_TOO_FEW = re.compile(
    r"(\d+) matured cases and (\d+) others; (\d+) cases and (\d+) others are needed"
)
_SMALLEST = 1e-6
"""In log-odds: nobody would see it in a factor of the odds."""
MEASURED_ON = (
    "Measured on matured verdicts, each on an entity whose ring taught the model nothing, and "
    "carried over to those whom nobody has judged: corrected for verdicts that err and for who "
    "gets looked at. Verdicts and random checks look back: of wrongdoing that began lately, or has "
    "stopped, the figures know little, and of a kind that nobody has ever found, nothing."
)


@dataclass(frozen=True)
class ModelView:
    """One model: card lines and curves, ready to draw."""

    entity_type: str
    label: str
    """Its entity type in words."""
    headline: str
    provenance: str
    """Version, day and size: the same data and seed give the same version."""
    base_rate: float | None
    precision_recall: pl.DataFrame
    calibration: pl.DataFrame
    importance: pl.DataFrame
    is_handed_over: bool
    """Whether somebody else's scores stand in for ours."""
    is_log_odds: bool
    """Whether contributions add up to log odds; points that another model hands over may not."""

    @property
    def measured_on(self) -> str:
        """What its quality was measured on; empty where nobody measured it."""
        return "" if self.is_handed_over else MEASURED_ON

    @classmethod
    def of(
        cls,
        model: dict[str, Any],
        *,
        curve: pl.DataFrame,
        bins: pl.DataFrame,
        importance: pl.DataFrame,
    ) -> ModelView:
        """The view of a row of `pages/model/models` and its `pr_curve`, `calibration` and so on."""
        entity_type = str(model["entity_type"])
        return cls(
            entity_type=entity_type,
            label=theme.entity_label(entity_type),
            headline=_headline(model),
            provenance=_provenance(model),
            base_rate=model["base_rate"],
            precision_recall=curve,
            calibration=bins,
            importance=_importance(entity_type, importance),
            is_handed_over=_is_handed_over(model),
            is_log_odds=bool(model["is_log_odds"]),
        )


MEASURES = {
    "auprc": ("AUPRC", "Area under precision and recall; 1 is perfect"),
    "precision_at_k": ("Precision", "Share that is bad among the entities reviewed first"),
    "recall_at_k": ("Recall", "Share of all bad that is among them"),
    "base_rate": ("Base rate", "Share that is bad; guessing would reach this"),
}


def evaluation_table(rows: pl.DataFrame) -> pl.DataFrame:
    """`pages/model/evaluation` as display columns, in the order of `MEASURES`."""
    order = list(MEASURES)
    ordered = rows.with_columns(
        place=pl.col("measure").replace_strict(order, list(range(len(order))), default=len(order))
    ).sort("place", pl.col("at_k").fill_null(0))
    named = ordered.rows(named=True)
    return pl.DataFrame(
        {
            "label": [_measure(row["measure"], row["at_k"]) for row in named],
            "value": [row["value"] if row["says_something"] else None for row in named],
            "interval": [_interval(row["low"], row["high"]) for row in named],
            "ceiling": [row["ceiling"] for row in named],
        },
        schema={
            "label": pl.String,
            "value": pl.Float64,
            "interval": pl.String,
            "ceiling": pl.Float64,
        },
    )


def heads_table(rows: pl.DataFrame) -> pl.DataFrame:
    """`pages/model/heads` as display columns: schemes with a model of their own first."""
    named = rows.rows(named=True)
    packs = [words.known_packs().get(row["typology"]) for row in named]
    return pl.DataFrame(
        {
            "label": [words.typology_title(row["typology"]) for row in named],
            "positives": [row["positives"] for row in named],
            "delay": [None if pack is None else pack.label_delay_days for pack in packs],
            "base_rate": [row["base_rate"] for row in named],
            "how": [
                "Own model" if row["has_head"] else f"Signals: {_short(row['reason'] or 'too few')}"
                for row in named
            ],
        },
        schema_overrides={"positives": pl.Int64, "delay": pl.Float64, "base_rate": pl.Float64},
    )


def concerning(rows: pl.DataFrame, entity_type: str) -> pl.DataFrame:
    """The rows of `pages/model/heads` whose pack covers the type; a head of its own stays."""
    packs = words.known_packs()
    covered = [code for code, pack in packs.items() if entity_type in pack.entity_types]
    concerns = pl.col("typology").is_in(covered) | ~pl.col("typology").is_in([*packs])
    return rows.filter(pl.col("has_head") | concerns)


def _short(reason: str) -> str:
    """`7 of 12 cases needed` of the build's sentence; any other sentence as it is."""
    match = _TOO_FEW.fullmatch(reason)
    if match is None:
        return reason
    cases, others, least, least_others = match.groups()
    if int(cases) < int(least):
        return f"{cases} of {least} cases needed"
    return f"{others} of {least_others} others needed"


def _measure(measure: str, at_k: int | None) -> str:
    label = MEASURES.get(measure, (words.sentence_case(measure), ""))[0]
    return label if at_k is None else f"{label} of the first {at_k:,}"


def _share(value: float | None) -> str:
    return text.MISSING if value is None else f"{value:.2f}"


def _interval(low: float | None, high: float | None) -> str:
    return text.MISSING if low is None or high is None else f"{low:.2f} to {high:.2f}"


def _importance(entity_type: str, rows: pl.DataFrame) -> pl.DataFrame:
    labels = [words.feature_label(entity_type, name) for name in rows["feature"]]
    return rows.with_columns(pl.Series("label", labels, dtype=pl.String))


def _headline(model: dict[str, Any]) -> str:
    if _is_handed_over(model):
        return "Another model's scores; its quality is not measured here."
    labels = (
        f"Trained on {text.plural(model['positives'], 'bad label')} and "
        f"{text.plural(model['negatives'], 'good label')}; "
        f"{text.plural(model['unknown'], 'entity', 'entities')} unknown."
    )
    if model["auprc"] is None:
        return f"{labels} Too few to measure quality."
    return f"{labels} {_rate_sentence(model)}"


def _rate_sentence(model: dict[str, Any]) -> str:
    """How common the bad are, how surely, and on how many random checks that rests."""
    rate, low, high = (
        text.percent(model[name]) for name in ("base_rate", "base_rate_low", "base_rate_high")
    )
    finds, checks = text.count(model["lot_finds"]), model["lot_checks"] or 0
    return (
        f"About {rate} are bad, between {low} and {high}: {finds} found in "
        f"{text.plural(checks, 'random check')}, some of them wrongly. Where verdicts stand in the "
        "list counts too."
    )


def _provenance(model: dict[str, Any]) -> str:
    if _is_handed_over(model):
        return (
            f"Scores {model['model_version']}, as of {model['as_of']}, were handed over by another "
            "model: how it learned and how good it is stands in none of our tables."
        )
    return (
        f"Model {model['model_version']}, trained on what was known at {model['as_of']}"
        f"{_standing(model)}: "
        f"{text.count(model['trees'])} trees from {text.count(model['training_rows'])} snapshots. "
        f"{_presumed(model)}{_calibrated(model)}"
    )


def _standing(model: dict[str, Any]) -> str:
    """For which day an earlier training scores; empty where it is of that very day."""
    scored_on = model["scored_on"]
    return "" if scored_on == model["as_of"] else f", scores {scored_on}"


def _presumed(model: dict[str, Any]) -> str:
    """Which subjects taught although nobody has judged them, and how much that weighed."""
    rows, judged = model["unlabelled_rows"], model["positives"] + model["negatives"]
    if not rows:
        return ""
    return (
        f"{text.plural(rows, 'subject')} nobody has judged also taught, as presumed good: "
        f"together they weigh {text.count(round(model['unlabelled_weight']))} beside the "
        f"{text.count(judged)} with a label. "
    )


def _is_handed_over(model: dict[str, Any]) -> bool:
    """Whether somebody else's scores stand in for ours."""
    return bool(model["calibrated_on"] == "handed over")


def _calibrated(model: dict[str, Any]) -> str:
    """Which verdicts judged which model."""
    if model["calibrated_on"] == "later period":
        bad = text.plural(model["later_positives"] or 0, "bad verdict")
        return f"The later verdicts, {bad} among them, judged an earlier model."
    if model["calibrated_on"]:
        return "Judged out of fold: too few verdicts matured after those it learned from."
    return ""


def shap_check_sentence(
    rows: pl.DataFrame, *, is_handed_over: bool, has_contributions: bool = True
) -> str:
    """What `pages/model/shap_check` says of the reasons, in a sentence; empty when nothing."""
    if is_handed_over and not has_contributions:
        return words.NO_CONTRIBUTIONS
    if is_handed_over:
        return "The reasons came with the scores: no trees are here to compute them a second time."
    if rows.is_empty():
        return ""
    row = rows.row(0, named=True)
    checked = text.plural(row["rows_checked"], "entity", "entities")
    return (
        f"Reasons computed a second time by SHAP for {checked}: their factors differ by "
        f"{_at_most(row['largest_difference'])} and miss the odds of a score by "
        f"{_at_most(row['largest_additivity_gap'])}."
    )


def _at_most(value: float) -> str:
    share = math.expm1(max(value, _SMALLEST))
    return f"{'less than' if value < _SMALLEST else 'up to'} {100.0 * share:.4f}%"


def measured_sentence(rows: pl.DataFrame) -> str:
    """What `pages/model/evaluation` rests on, and what it cannot say, in a sentence or two."""
    if rows.is_empty():
        return ""
    judged = text.plural(int(rows["entities"][0] or 0), "judged entity", "judged entities")
    vague = rows.filter(~pl.col("says_something"))
    if vague.is_empty():
        return f"From {judged}."
    names = [_measure(row["measure"], row["at_k"]) for row in vague.rows(named=True)]
    first = f"From {judged}, too few to say a figure for "
    if vague.height == rows.filter(pl.col("measure") != "base_rate").height:
        return f"{first}how good the ranking is; the intervals are all there is to read."
    return f"{first}{', '.join(names)}."


BANDS = {
    "top_1": "First 1 % of the list",
    "top_5": "First 5 % of the list",
    "medium": "Medium and above",
}


def calibration_table(rows: pl.DataFrame) -> pl.DataFrame:
    """`pages/model/calibration` as display columns, with what it means in words."""
    named = rows.rows(named=True)
    return pl.DataFrame(
        {
            "label": [BANDS.get(row["band"], row["band"]) for row in named],
            "entities": [row["entities"] for row in named],
            "predicted": [row["predicted"] for row in named],
            "observed": [_interval(row["low"], row["high"]) for row in named],
            "verdict": [_right(row) for row in named],
        },
        schema={
            "label": pl.String,
            "entities": pl.Int64,
            "predicted": pl.Float64,
            "observed": pl.String,
            "verdict": pl.String,
        },
    )


def _right(row: dict[str, Any]) -> str:
    """Whether the mean score lies within what verdicts bear out, as far as these tell anything."""
    if row["high"] - row["low"] > EvaluationSettings.widest:
        return "cannot tell"
    if row["predicted"] < row["low"]:
        return "too low"
    return "too high" if row["predicted"] > row["high"] else "fits"
