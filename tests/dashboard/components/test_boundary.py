"""Whatever goes wrong, the page shows a sentence; downloads carry no formulas."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard.components.downloads import csv_bytes

APP = str(Path(dashboard.__file__).with_name("app.py"))


@pytest.mark.parametrize(
    ("content", "said"), [(None, "No database at"), (b"half", "is not a complete DuckDB database")]
)
def test_the_app_without_a_database_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, said: str
) -> None:
    """A missing or broken database is a sentence and a command, never a trace."""
    path = tmp_path / "ringfence.duckdb"
    if content:
        path.write_bytes(content)
    monkeypatch.setenv("RINGFENCE_DATABASE", str(path))
    shown = AppTest.from_file(APP, default_timeout=30).run()
    assert not shown.exception
    assert said in _text(shown)
    assert "ringfence build" in _text(shown)


def test_a_role_without_reading_sees_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown role is told, not served."""
    monkeypatch.setenv("RINGFENCE_ROLE", "nobody")
    assert "does not include" in _text(AppTest.from_file(APP, default_timeout=30).run())


def _faulty_page() -> None:
    from dashboard.components.boundary import boundary, panel

    def draw() -> None:
        raise ValueError("/srv/secret/path")

    panel(draw)()
    with boundary():
        raise KeyError("inner")


def test_an_unforeseen_fault_is_a_number_not_a_trace() -> None:
    """Inside a fragment or on the page: neutral words, details only in the log."""
    shown = AppTest.from_function(_faulty_page, default_timeout=30).run()
    assert not shown.exception
    assert _text(shown).count("Something went wrong here") == 2
    assert "secret" not in _text(shown)


def test_downloads_open_as_text() -> None:
    """Formulas are quoted in cells and headers; numbers stay numbers."""
    frame = pl.DataFrame({"=name": ["=HYPERLINK(1)", "Tea", None], "score": [0.5, -1.0, None]})
    lines = csv_bytes(frame).decode("utf-8-sig").splitlines()
    assert lines == ["'=name,score", "'=HYPERLINK(1),0.5", "Tea,-1.0", ","]


def _text(shown: AppTest) -> str:
    return " ".join(
        element.value.replace("\\", "") for element in [*shown.markdown, *shown.caption]
    )
