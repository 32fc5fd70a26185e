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
import os, sys
from pathlib import Path
from pipeline.build import Order, build
stops = sys.argv[3:]
def show(stage, table, rows):
    os.write(1, (stage + chr(10)).encode())
    if stops and stage == stops[0]:
        stops.pop(0)
        sys.stdin.readline()
build(Order(Path(sys.argv[1]), Path(sys.argv[2])), show)
"""
"""One write a line: stages run side by side, and `print` writes a line and its end apart."""


@contextmanager
def building(data: Path, out: Path, *stages: str) -> Iterator[Iterator[str]]:
    """A child builds, stops at a table of each stage as it is asked for, and is killed at last."""
    command = [sys.executable, "-c", BUILD_IN_CHILD, str(data), str(out), *stages]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as child:
        try:
            yield _stops(child, stages)
        finally:
            child.kill()


def _stops(child: subprocess.Popen[str], stages: tuple[str, ...]) -> Iterator[str]:
    assert child.stdin is not None
    assert child.stdout is not None
    for stage in stages:
        if stage != stages[0]:
            child.stdin.write("go on\n")
            child.stdin.flush()
        assert any(line.strip() == stage for line in child.stdout)
        yield stage
