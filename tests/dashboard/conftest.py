"""The page tests' one fixture: open a page of the tiny database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dashboard import harness

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the tiny databases are kept: pages only read them."""
    return tmp_path_factory.mktemp("tiny")


@pytest.fixture
def open_page(
    tmp_path: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., AppTest]:
    """`open_page(name, params, without=(), empty=())` runs one page."""
    return harness.opener(tmp_path, shelf, monkeypatch)
