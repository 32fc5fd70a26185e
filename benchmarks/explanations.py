"""What explaining costs: SHAP values of every buyer by seven ways, and each answer on demand.

All ways compute exact TreeSHAP (Lundberg et al. 2020). The shap package hands a LightGBM
model back to LightGBM, so its own C++ is measured too. Packages that promise to be faster
are measured where they are installed (`pip install woodelf-explainer fasttreeshap-fixed`).
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import lightgbm
import numpy as np

import queries
from benchmarks.measuring import SAMPLE_ORDERS, measured, show
from benchmarks.sample import built
from dashboard.explanations.signals import signal_columns
from pipeline.learning.model import BoostedModel, load_models
from pipeline.settings.build import BandSettings
from pipeline.tables import latest_snapshot, names_off, query, read_features
from pipeline.tree_model.calibration import Calibration
from pipeline.tree_model.counterfactuals import Flip, flips
from pipeline.tree_model.ensemble import TreeModel
from pipeline.tree_model.moves import Freedom, moves_of
from pipeline.tree_model.nearest import nearest
from pipeline.tree_model.neighbourhoods import Subject
from pipeline.tree_model.rank_space import RankSpace
from pipeline.tree_model.shapley import baseline, family_points
from pipeline.tree_model.single_changes import Probe
from queries.catalogue import features

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    import duckdb
    from numpy.typing import NDArray

    from pipeline.tree_model.signal_columns import SignalColumns

RUNS = 3
"""The median of three: CPU time hardly varies."""
ROWS = 200_000
"""Entities explained at most: everybody, as the stage explains them."""
ALERTED = 60
"""Alerted entities of each type that every question on demand is asked about."""
COLUMNS = ("implementation", "CPU s", "wall s", "times ours", "largest difference")
BANDS = (BandSettings.medium, BandSettings.high, BandSettings.critical)
ON_DEMAND = ("question", "entities", "median CPU ms", "95 % CPU ms", "answers")


def run(folder: Path) -> None:
    """Explain the same matrix with the same model every way, then ask each question."""
    text, matrix = _subject(folder)
    timings = {name: _timed(explain) for name, explain in _ways(text, matrix).items()}
    ours, base = next(iter(timings.values()))
    rows = [
        (name, cpu, wall, cpu / ours[0], float(np.abs(values - base).max()))
        for name, ((cpu, wall), values) in timings.items()
    ]
    alone, with_shap = _import_cpu("lightgbm"), _import_cpu("lightgbm, shap")
    note = (
        f"shap.TreeExplainer takes {rows[2][3]:.1f} times our CPU, its own C++ {rows[3][3]:.1f} "
        f"times; same values to {max(row[4] for row in rows[1:4]):.0e}. Importing shap as well "
        f"costs {with_shap / alone:.1f} times the import of LightGBM alone."
    )
    title = f"Explaining {matrix.shape[0]:,} buyers x {matrix.shape[1]} features"
    show(title, COLUMNS, rows, note)
    _on_demand(folder)


def _ways(text: str, matrix: NDArray[np.float64]) -> dict[str, Callable[[], Any]]:
    """What to measure, ours first; each returns contributions without the base."""
    import shap

    booster = lightgbm.Booster(model_str=text, params={"num_threads": 1})
    ours, asks = BoostedModel(text), shap.TreeExplainer(booster)
    works = shap.TreeExplainer(lightgbm.Booster(model_str=text))
    works.model.model_type = "internal"  # else it asks LightGBM
    return {
        "pipeline.tree_model.treeshap": lambda: ours.contributions(matrix)[:, :-1],
        "LightGBM pred_contrib": lambda: booster.predict(matrix, pred_contrib=True)[:, :-1],
        "shap.TreeExplainer (asks LightGBM)": lambda: asks.shap_values(matrix),
        "shap.TreeExplainer, its own C++": lambda: works.shap_values(
            matrix, check_additivity=False
        ),
        **_candidates(booster, matrix),
    }


def _candidates(
    booster: lightgbm.Booster, matrix: NDArray[np.float64]
) -> dict[str, Callable[[], Any]]:
    """The packages that promise speed, if they are here."""
    ways: dict[str, Callable[[], Any]] = {}
    if find_spec("woodelf"):
        import pandas as pd
        import woodelf

        frame = pd.DataFrame(matrix, columns=booster.feature_name())
        ways["woodelf-explainer"] = lambda: woodelf.WoodelfExplainer(booster).shap_values(frame)
    if find_spec("fasttreeshap_fixed"):
        import fasttreeshap_fixed as fast

        for way in ("v1", "v2"):
            explainer = fast.TreeExplainer(booster, algorithm=way, n_jobs=1)
            ways[f"fasttreeshap-fixed {way}"] = lambda explainer=explainer: explainer.shap_values(
                matrix, check_additivity=False
            )
    return ways


def _on_demand(folder: Path) -> None:
    """Ask what a page asks about alerted entities of every type; prints the table."""
    spent: dict[str, list[float]] = {}
    steps: list[int] = []
    with queries.connect(built(folder, SAMPLE_ORDERS).database) as con:
        for entity_type in load_models(con):
            for name, seconds, answer in _answers(con, entity_type):
                spent.setdefault(name, []).append(1e3 * seconds)
                if name == _FLIPS:
                    steps.append(len(answer.steps) if answer else 0)
    lengths = [count for count in steps if count]
    notes = {
        _FLIPS: f"{len(lengths) / len(steps):.1%} have an answer, median {np.median(lengths):.0f}, "
        f"at most {max(lengths)} changes"
    }
    rows = [
        (name, len(ms), float(np.median(ms)), float(np.quantile(ms, 0.95)), notes.get(name, ""))
        for name, ms in spent.items()
    ]
    show(
        "Asked about one alerted entity",
        ON_DEMAND,
        rows,
        "One core, the library that trained unused.",
    )


_FLIPS = "what holds it above the threshold"


@dataclass(frozen=True, eq=False)
class Alerted:
    """Entities of one type that wait for an analyst, and what their questions are put to."""

    probe: Probe
    calibration: Calibration
    rows: NDArray[np.float64]
    """(alerted, features), the most valuable alert first."""
    families: tuple[str, ...]
    moves: NDArray[np.int64]
    space: RankSpace
    background: NDArray[np.float64]
    subjects: tuple[Subject, ...]
    """The same rows with what follows from their facts."""

    @property
    def model(self) -> TreeModel:
        """The trees of the type."""
        return self.probe.model

    def only(self, number: int) -> Alerted:
        """The same with a single one of them."""
        subject = self.subjects[number]
        return replace(self, rows=subject.row[None, :], subjects=(subject,))

    def edge(self, row: NDArray[np.float64]) -> float | None:
        """Where the band that an entity has reached begins; None for the lowest."""
        score = float(self.calibration.score(self.model.margin(row[None, :]))[0])
        return max((edge for edge in BANDS if edge <= score), default=None)

    def counterfactuals(self) -> Iterator[tuple[float, Flip | None]]:
        """CPU seconds and answer for each of them above a threshold: what holds it there?"""
        for subject in self.subjects:
            edge = self.edge(subject.row)
            if edge is not None:
                begun = time.process_time()
                tries = (Freedom.of(self.moves),)
                flip = flips(self.probe, self.calibration, subject, edge, tries, self.space)
                yield time.process_time() - begun, flip


def alerted(con: duckdb.DuckDBPyConnection, entity_type: str, most: int) -> Alerted:
    """Up to `most` alerted entities of a type that has a model."""
    own = "where entity_type = $entity_type"
    files = query(con, f"select * from scores.model_files {own}", entity_type=entity_type)
    [file] = files.rows(named=True)
    model = TreeModel.of(file["model_text"])
    signals = signal_columns(
        model.features,
        queries.run(con, "pages/investigate/conditions", entity_type=entity_type),
        names_off(con, "signal").get(entity_type, ()),
    )
    model = model.with_cuts(signals.cuts())
    calibration = Calibration(file["calibration_slope"], file["calibration_intercept"])
    _, matrix = read_features(con, entity_type, latest_snapshot(con), model.features)
    margin, catalogue = model.margin(matrix), features(entity_type)
    order = np.argsort(margin, kind="stable")
    low = order[calibration.score(margin[order]) < BANDS[0]]
    space = RankSpace(matrix[low[:: max(1, low.size // 600)]], _weights(con, entity_type, model))
    space = space.ignoring(signals.places)
    assert space.usual >= 0.0  # noqa: S101 - once per type, not once per question
    alerts = f"select entity_id from alerts.alerts {own} order by priority desc"
    names = query(con, alerts, entity_type=entity_type)["entity_id"].to_list()[:most]
    subjects = tuple(subjects_of(con, entity_type, signals, names))
    return Alerted(
        Probe.of(model),
        calibration,
        np.stack([subject.row for subject in subjects]),
        tuple(catalogue[name].family for name in model.features),
        moves_of(catalogue, model.features),
        space,
        matrix[order[:: max(1, order.size // 32)]][:32],
        subjects,
    )


def subjects_of(
    con: duckdb.DuckDBPyConnection, entity_type: str, signals: SignalColumns, names: Sequence[str]
) -> Iterator[Subject]:
    """Some entities of a type on the latest day, with what follows from their facts."""
    day, others = latest_snapshot(con), tuple(signals.others)
    ids, matrix = read_features(con, entity_type, day, (*signals.features, *others))
    place = {name: number for number, name in enumerate(ids)}
    own = "entity_type = $entity_type and as_of = $day"
    sql = f"select entity_id, typology, code from signals.firings where {own}"
    firing: dict[str, set[tuple[str, str]]] = {}
    for entity_id, *key in query(con, sql, entity_type=entity_type, day=day).iter_rows():
        firing.setdefault(entity_id, set()).add((key[0], key[1]))
    for name in names:
        row, further = np.split(matrix[place[name]], [len(signals.features)])
        outside = dict(zip(others, further.tolist(), strict=True))
        yield Subject(row, signals.of_subject(row, outside, firing.get(name, ())))


def _answers(con: duckdb.DuckDBPyConnection, entity_type: str) -> Iterable[tuple[str, float, Any]]:
    """Each question about each alerted entity: its name, seconds and answer."""
    of = alerted(con, entity_type, ALERTED)
    everybody = np.arange(of.space.matrix.shape[0])
    for row in of.rows:
        ask = {
            "points of the families": lambda row=row: family_points(
                of.model, of.calibration, row, of.background, of.families
            ),
            "change against another entity": lambda row=row: baseline(
                of.model, row, of.space.matrix[0]
            ),
            "five nearest neighbours": lambda row=row: nearest(
                of.model, row, of.space, everybody, 5
            ),
        }
        for name, question in ask.items():
            begun = time.process_time()
            answer = question()
            yield name, time.process_time() - begun, answer
    yield from ((_FLIPS, seconds, flip) for seconds, flip in of.counterfactuals())


def _weights(
    con: duckdb.DuckDBPyConnection, entity_type: str, model: TreeModel
) -> NDArray[np.float64]:
    """How much each feature moves the model."""
    table = "explanations.global_importance where entity_type = $entity_type"
    sql = f"select feature, mean_abs_contribution from {table}"
    strength = dict(query(con, sql, entity_type=entity_type).iter_rows())
    return np.array([strength.get(name, 0.0) for name in model.features])


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
