"""The walls of the house, checked by a machine rather than promised."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sources import tree

ROOT = Path(__file__).parents[2]
PACKAGES = ("dashboard", "pipeline", "queries", "sample_data")
MODULES = sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))
TRAINERS = ("lightgbm", "shap", "sklearn", "graspologic_native", "scipy")


def test_import_contracts_hold() -> None:
    """import-linter finds every layer and every ban of pyproject kept."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.slow  # starts a process
def test_the_web_process_loads_no_training_library() -> None:
    """Importing the whole app brings in neither a booster nor an explainer."""
    code = (
        "import sys\n"
        "from dashboard.app_pages import queue, investigate, rings, community\n"
        "from dashboard.app_pages import metrics, model, tour\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not set(TRAINERS) & set(done.stdout.split())


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_what_it_is(path: Path) -> None:
    """Every module that holds code begins with a sentence."""
    module = tree(path)
    if module.body:
        assert ast.get_docstring(module)


def test_no_function_outgrows_a_screen() -> None:
    """No function is longer than 50 lines without its docstring."""
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name} {lines}"
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (lines := _lines(node)) > 50
    ]
    assert long == []


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
    return (node.end_lineno or first.lineno) - first.lineno + 1


def test_names_from_data_never_become_markup() -> None:
    """No page turns Streamlit's escaping off."""
    offenders = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "dashboard").rglob("*.py")
        if "unsafe_allow" in path.read_text(encoding="utf-8")
    ]
    assert offenders == []


def test_a_choice_has_one_door() -> None:
    """Nobody takes all by Enter or switches a needed choice off: only `choices` draws them."""
    drawn = ("st.multiselect(", "st.segmented_control(")
    places = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "dashboard").rglob("*.py")
        if any(widget in path.read_text(encoding="utf-8") for widget in drawn)
    }
    assert places == {"dashboard/components/choices.py"}


def test_constraints_are_names_and_versions_only() -> None:
    """No address of any registry is written down."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert all("==" in line and "/" not in line and "@" not in line for line in lines if line)
