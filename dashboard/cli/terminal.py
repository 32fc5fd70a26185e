"""The two streams of a terminal: what was asked for, and what goes on or wrong."""

from __future__ import annotations

from rich.console import Console

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)
