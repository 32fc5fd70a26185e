"""A build in a process of its own, to be killed or raced."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

BUILD_IN_CHILD = """
import sys, time
from pathlib import Path
from pipeline.build import Order, build
def show(stage, table, rows):
    print(stage, flush=True)
    time.sleep(0.05)
build(Order(Path(sys.argv[1]), Path(sys.argv[2])), show)
"""


def building(data: Path, out: Path) -> subprocess.Popen[str]:
    """A child that builds and prints the stage of each table as it is made."""
    command = [sys.executable, "-c", BUILD_IN_CHILD, str(data), str(out)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
