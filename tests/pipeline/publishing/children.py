"""A build in a process of its own, to be killed or raced."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUILD_IN_CHILD = """
import sys
from pathlib import Path
from pipeline.build import Order, build
def show(stage, table, rows):
    print(stage, flush=True)
    if stage == sys.argv[3]:
        sys.stdin.read()
build(Order(Path(sys.argv[1]), Path(sys.argv[2])), show)
"""


@contextmanager
def building(data: Path, out: Path, stage: str) -> Iterator[None]:
    """A child builds and has made a table of `stage`; it goes no further, and is killed at last."""
    command = [sys.executable, "-c", BUILD_IN_CHILD, str(data), str(out), stage]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as child:
        assert child.stdout is not None
        try:
            assert any(line.strip() == stage for line in child.stdout)
            yield
        finally:
            child.kill()
