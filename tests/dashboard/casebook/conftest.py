"""An empty casebook for every test that writes one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboard.casebook import Casebook
from dashboard.casebook.engine import open_engine

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where this test's casebook lies."""
    return tmp_path / "casebook.sqlite"


@pytest.fixture
def book(path: Path) -> Casebook:
    """An empty casebook."""
    return Casebook(open_engine(f"sqlite:///{path}"))
