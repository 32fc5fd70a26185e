"""The console script `ringfence`: parse, call, print."""

from __future__ import annotations

from dashboard.cli.commands import app
from dashboard.cli.errors import run

__all__ = ["app", "main"]


def main() -> None:
    """Run the command line; every error is a sentence with a remedy and exit code 1."""
    run(app)
