"""The entry of the app: without a database or a role it is a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import dashboard
from tests.patience import PATIENCE_SECONDS

APP = str(Path(dashboard.__file__).with_name("app.py"))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(None, "No database at"), (b"half", "is not a complete DuckDB database")],
)
def test_the_app_without_a_database_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, sentence: str
) -> None:
    """A missing or broken database is a sentence and a command, never a trace."""
    path = tmp_path / "ringfence.duckdb"
    if content:
        path.write_bytes(content)
    monkeypatch.setenv("RINGFENCE_DATABASE", str(path))
    app = AppTest.from_file(APP, default_timeout=PATIENCE_SECONDS).run()
    assert not app.exception
    assert sentence in _text(app)
    assert "ringfence build" in _text(app)


def test_a_role_without_reading_sees_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown role is told, not served."""
    monkeypatch.setenv("RINGFENCE_ROLE", "nobody")
    assert "does not include" in _text(
        AppTest.from_file(APP, default_timeout=PATIENCE_SECONDS).run()
    )


def _text(app: AppTest) -> str:
    return " ".join(element.value.replace("\\", "") for element in [*app.markdown, *app.caption])
