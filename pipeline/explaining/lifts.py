"""How much more often entities beyond a threshold are confirmed: said without any model.

Two samples answer, and each row says which: `random` are the checks drawn by lot, `judged` are
all matured verdicts but those of rules. Why both: docs/decisions/0020-lifts.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TypeAlias

    from numpy.typing import NDArray

    from pipeline.settings.build import ExplanationSettings
    from queries.catalogue import Feature

    FloatArray: TypeAlias = NDArray[np.float64]

_Z95 = 1.959964
LEAST = 1.05
"""Where an interval must begin to be worth saying: from less, it would read as from 1.0."""
SAMPLES = ("random", "judged")
"""In the order in which a page believes them."""
LIFTS = (
    {"feature": pl.String, "sample": pl.String, "side": pl.String, "threshold": pl.Float64}
    | dict.fromkeys(("entities", "confirmed"), pl.Int64)
    | dict.fromkeys(("rate", "base", "lift", "lift_low", "lift_high"), pl.Float64)
)


def lifts(
    judged: pl.DataFrame, catalogue: Mapping[str, Feature], settings: ExplanationSettings
) -> pl.DataFrame:
    """Rows of `explanations.lifts` from `reference.judged_rows`, thresholds by quantile.

    A feature is looked at from its suspicious end, one without from both. Entities for which
    it is unknown are left out of rate and base alike.
    """
    random = judged.filter(pl.col("source") == "exploration")
    rows = [
        {"feature": name, "sample": sample, **row}
        for sample, part in zip(SAMPLES, (random, judged), strict=True)
        for name, one in catalogue.items()
        if name in judged.columns
        for row in _of_feature(part, one, settings)
    ]
    return pl.DataFrame(rows, schema=LIFTS)


def sharpest(rows: pl.DataFrame, values: Mapping[str, float | None]) -> pl.DataFrame:
    """Of `explanations.lifts`, what is worth saying of one entity: at most one row per feature.

    Of the thresholds that its value passes, the one whose interval begins highest, and only
    from `LEAST` on. Random checks speak first; all verdicts are heard where those say nothing.
    """
    present = {name: value for name, value in values.items() if value is not None}
    columns = {"feature": list(present), "own": list(present.values())}
    own = pl.DataFrame(columns, schema=_OWN)
    passes = pl.when(pl.col("side") == "high").then(pl.col("own") >= pl.col("threshold"))
    beyond = passes.otherwise(pl.col("own") <= pl.col("threshold"))
    beyond_doubt = rows.join(own, on="feature").filter(beyond & (pl.col("lift_low") >= LEAST))
    ranked = beyond_doubt.with_columns(_trust=pl.col("sample").replace_strict(SAMPLES, (0, 1)))
    order = ranked.sort("_trust", "lift_low", "feature", descending=[False, True, False])
    best = order.unique("feature", keep="first", maintain_order=True).drop("_trust", "own")
    return best.sort("lift_low", "feature", descending=[True, False])


_OWN = {"feature": pl.String, "own": pl.Float64}


def _of_feature(
    part: pl.DataFrame, one: Feature, settings: ExplanationSettings
) -> Iterator[dict[str, object]]:
    value = part[one.name].cast(pl.Float64).to_numpy()
    has_value = ~np.isnan(value)
    value, bad = value[has_value], (part["outcome"] == "confirmed").to_numpy()[has_value]
    for side in ("high", "low") if one.direction == "none" else (one.direction,):
        signed = value if side == "high" else -value
        points = np.quantile(signed, settings.lift_quantiles, method="higher") if value.size else []
        for point in np.unique(points):
            beyond = signed >= point
            if beyond.sum() >= settings.lift_entities and not beyond.all():
                threshold = float(point) if side == "high" else float(-point) + 0.0
                yield {"side": side, "threshold": threshold, **lift(bad, beyond)}


def lift(bad: NDArray[np.bool_], beyond: NDArray[np.bool_]) -> dict[str, float | int]:
    """Confirmed rate beyond over the rate of all, with a 95 % interval on the log scale.

    Those beyond are part of all, so Katz et al. 1978 for two separate groups would be too
    wide: with a of n confirmed beyond and b of m elsewhere, log(a / n) - log((a + b) / (n + m))
    has derivatives b / (a (a + b)) and -1 / (a + b), and the delta method adds up the two
    binomial variances. Half an entity is added to each cell (Walter 1975), so that nought
    confirmed has an interval too.
    """
    a, n = bad[beyond].sum() + 0.5, beyond.sum() + 1.0
    b, m = bad[~beyond].sum() + 0.5, (~beyond).sum() + 1.0
    log_ratio = np.log(a / n) - np.log((a + b) / (n + m))
    inside = a * (1.0 - a / n) * (b / (a * (a + b))) ** 2
    elsewhere = b * (1.0 - b / m) / (a + b) ** 2
    reach = _Z95 * np.sqrt(inside + elsewhere)
    rate, base = float(bad[beyond].mean()), float(bad.mean())
    ratio = rate / base if base else 0.0
    return {
        "entities": int(beyond.sum()),
        "confirmed": int(bad[beyond].sum()),
        "rate": rate,
        "base": base,
        "lift": ratio,
        "lift_low": min(ratio, float(np.exp(log_ratio - reach))),
        "lift_high": max(ratio, float(np.exp(log_ratio + reach))),
    }
