"""What SHAP values of every buyer cost: LightGBM's own against the shap package.

Both compute exact TreeSHAP (Lundberg et al. 2020). The shap package hands a
LightGBM model back to LightGBM, so its own C++ implementation is measured too.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import lightgbm
import numpy as np

import queries
from benchmarks.measuring import SAMPLE_ORDERS, measured, show
from benchmarks.sample import built
from pipeline.model import BoostedModel, load_models
from pipeline.tables import latest_snapshot, read_features

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

RUNS = 3
"""The median of three: CPU time hardly varies."""
ROWS = 20_000
"""Entities explained: enough that fixed costs do not show."""
COLUMNS = ("implementation", "CPU s", "wall s", "times ours", "largest difference")


def run(folder: Path) -> None:
    """Explain the same matrix with the same model three ways; prints the table."""
    text, matrix = _subject(folder)
    ways = _ways(text, matrix)
    found = {name: _timed(explain) for name, explain in ways.items()}
    ours, base = next(iter(found.values()))
    rows = [
        (name, cpu, wall, cpu / ours[0], float(np.abs(values - base).max()))
        for name, ((cpu, wall), values) in found.items()
    ]
    alone, with_shap = _import_cpu("lightgbm"), _import_cpu("lightgbm, shap")
    said = (
        f"{rows[-1][3]:.1f} times our CPU with shap's own implementation, same values to "
        f"{rows[-1][4]:.0e}. Importing shap as well costs {with_shap / alone:.1f} times the import "
        f"of LightGBM alone ({with_shap:.1f} against {alone:.1f} CPU s)."
    )
    title = f"Explaining {matrix.shape[0]:,} buyers x {matrix.shape[1]} features"
    show(title, COLUMNS, rows, said)


def _ways(text: str, matrix: NDArray[np.float64]) -> dict[str, Callable[[], Any]]:
    """What to measure, ours first; each returns contributions without the base."""
    import shap

    ours, asks = BoostedModel(text), shap.TreeExplainer(lightgbm.Booster(model_str=text))
    works = shap.TreeExplainer(lightgbm.Booster(model_str=text))
    works.model.model_type = "internal"  # else it asks LightGBM
    return {
        "pipeline.model (pred_contrib)": lambda: ours.contributions(matrix)[:, :-1],
        "shap.TreeExplainer (asks LightGBM)": lambda: asks.shap_values(matrix),
        "shap.TreeExplainer, its own C++": lambda: works.shap_values(
            matrix, check_additivity=False
        ),
    }


def _import_cpu(modules: str) -> float:
    """CPU seconds of a fresh interpreter that imports some modules."""
    code = f"import time; import {modules}; print(time.process_time())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


def _subject(folder: Path) -> tuple[str, NDArray[np.float64]]:
    """The buyers' model and their matrix at the latest snapshot."""
    with queries.connect(built(folder, SAMPLE_ORDERS).database) as con:
        model = load_models(con)["buyer"]
        _, matrix = read_features(con, "buyer", latest_snapshot(con), model.features)
    return model.text, matrix[:ROWS]


def _timed(explain: Callable[[], Any]) -> tuple[tuple[float, float], NDArray[np.float64]]:
    """Median (CPU s, wall s) of several runs, and the values."""
    costs = []
    for _ in range(RUNS):
        with measured() as cost:
            values = explain()
        costs.append((cost.cpu_seconds, cost.wall_seconds))
    cpu, wall = (statistics.median(column) for column in zip(*costs, strict=True))
    return (cpu, wall), np.asarray(_of_bad(values), dtype=np.float64)


def _of_bad(values: Any) -> Any:
    """Values for the class "bad": some versions of shap return a list of two classes."""
    return values[1] if isinstance(values, list) else values
