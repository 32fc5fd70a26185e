"""LightGBM has one number of threads for a whole process: no two callers may want different ones.

Where it changes while a model is trained, memory breaks (docs/decisions/0003-two-at-once.md).
"""

from __future__ import annotations

import ast
from pathlib import Path

import pipeline
from pipeline.orchestration.stages import step_reads

ROOT = Path(str(pipeline.__file__)).parent
TRAINS, PREDICTS = "learning/model.py", "explaining/shap_check.py"


def test_two_modules_call_lightgbm() -> None:
    """A third one would have to be put among those that agree."""
    callers = {
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if any(name.partition(".")[0] == "lightgbm" for name in _imported(node))
    }
    assert callers == {TRAINS, PREDICTS}


def test_the_one_that_predicts_waits_for_every_training() -> None:
    """Explanations begin once scores have ended, and only one module of them calls it."""
    assert "scores" in step_reads()["explanations"]


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [one.name for one in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []
