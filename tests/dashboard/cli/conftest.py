"""Runs the program in this process, in a wide terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from dashboard import cli
from tests.dashboard.cli.program import Result, our_signals

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def ringfence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Result]:
    """`ringfence(*arguments)` runs the program in this process, in a wide terminal."""
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str | Path) -> Result:
        monkeypatch.setattr(sys, "argv", ["ringfence", *map(str, arguments)])
        code: Any = 0
        with our_signals():
            try:
                cli.main()
            except SystemExit as end:
                code = end.code or 0
        return Result(code, *capsys.readouterr())

    return run
