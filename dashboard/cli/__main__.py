"""`python -m dashboard.cli` is the console script without its installation."""

from __future__ import annotations

from dashboard.cli import main

main()
