"""Sources of the program as trees, each parsed once for all tests that read them."""

from __future__ import annotations

import ast
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@cache
def tree(path: Path) -> ast.Module:
    """The module at `path`; whoever reads it changes nothing."""
    return ast.parse(path.read_text(encoding="utf-8"))
