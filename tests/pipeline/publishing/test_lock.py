"""One build at a time in a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipeline.build import Order, build
from pipeline.errors import BuildError
from tests.pipeline.publishing.children import building

if TYPE_CHECKING:
    from pathlib import Path


def test_two_builds_at_once_are_refused(plain: Path, tmp_path: Path) -> None:
    """The second build of a folder says that the first is running."""
    with building(plain, tmp_path, "staging") as stops:
        next(stops)
        with pytest.raises(BuildError, match="Another build is writing"):
            build(Order(plain, tmp_path))
