"""The machine: versions, memory, disk and the port."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.requirements import Requirement

from dashboard.cli.doctor.finding import FAIL, OK, WARN, Finding
from dashboard.errors import AddressTaken
from dashboard.web.process import is_well, refuse_taken
from pipeline.orchestration.memory import group_limit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboard.web.process import Address

OLDEST_PYTHON = (3, 11)
SHOWN = ("ringfence", "duckdb", "streamlit", "polars", "plotly")
GB = 1e9
# A server alone holds 0.4 GB; a build of the demo's 300,000 orders needs the rest.
LEAST_MEMORY_GB, EASY_MEMORY_GB = 0.6, 2.0
# A build writes the next file beside the served one.
LEAST_DISK_GB, EASY_DISK_GB = 0.1, 2.0
HEALTH_SECONDS = 3.0


def versions() -> Iterator[Finding]:
    """Python and the packages, and those that this release was not made for."""
    python = platform.python_version()
    known = ", ".join(f"{name} {_version(name)}" for name in SHOWN)
    if sys.version_info < OLDEST_PYTHON:
        wanted = ".".join(map(str, OLDEST_PYTHON))
        yield Finding("versions", FAIL, f"Python {python}.", f"Use Python {wanted} or later.")
    else:
        yield Finding("versions", OK, f"Python {python}, {known}.")
    for name, spec, there in _misfits():
        said = f"{name} {there or 'is missing'}; this release asks for {name}{spec}."
        yield Finding("versions", FAIL, said, f"Install it: pip install '{name}{spec}'")


def _misfits() -> Iterator[tuple[str, str, str]]:
    """Required packages that are absent or of another version: name, what is asked, what is."""
    for line in requires("ringfence") or []:
        need = Requirement(line)
        if need.marker is not None and not need.marker.evaluate({"extra": ""}):
            continue
        there = _version(need.name, "")
        if not there or not need.specifier.contains(there, prereleases=True):
            yield need.name, str(need.specifier), there


def _version(name: str, otherwise: str = "(not installed)") -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return otherwise


def memory() -> Iterator[Finding]:
    """What is free, and what a container allows."""
    total, free, limit = memory_bytes()
    usable = min(free, limit) if limit else free
    bound = f", and this container may use {limit / GB:.1f} GB" if limit else ""
    said = f"{free / GB:.1f} of {total / GB:.1f} GB free{bound}."
    if usable < LEAST_MEMORY_GB * GB:
        remedy = f"The app needs {LEAST_MEMORY_GB} GB: end something, or raise the limit."
        yield Finding("memory", FAIL, said, remedy)
    elif usable < EASY_MEMORY_GB * GB:
        remedy = f"Enough to serve; a build may want {EASY_MEMORY_GB:.0f} GB."
        yield Finding("memory", WARN, said, remedy)
    else:
        yield Finding("memory", OK, said)


def memory_bytes(root: Path = Path("/")) -> tuple[int, int, int]:
    """Memory of the machine, what is free of it, and the limit of our control group (0 = none)."""
    lines = (root / "proc/meminfo").read_text(encoding="ascii").splitlines()
    sizes = {name: int(size.split()[0]) * 1024 for name, size in (ln.split(":") for ln in lines)}
    limit = group_limit(root / "proc/self/cgroup", root / "sys/fs/cgroup")
    return sizes["MemTotal"], sizes["MemAvailable"], limit or 0


def disk(folder: Path) -> Iterator[Finding]:
    """Room for the next build, and whether it may be written."""
    there = next(each for each in [folder.absolute(), *folder.absolute().parents] if each.exists())
    free = shutil.disk_usage(there).free
    said = f"{free / GB:.1f} GB free at {there}."
    if free < LEAST_DISK_GB * GB:
        yield Finding("disk", FAIL, said, "Free some: the casebook could not be written.")
    elif free < EASY_DISK_GB * GB:
        yield Finding("disk", WARN, said, f"A build may want {EASY_DISK_GB:.0f} GB: free some.")
    elif not os.access(there, os.W_OK):
        said = f"{said} It may not be written to."
        remedy = (
            "Enough to look: to decide, put the casebook elsewhere with RINGFENCE_CASEBOOK_URL."
        )
        yield Finding("disk", WARN, said, remedy)
    else:
        yield Finding("disk", OK, said)


def port(address: Address) -> Iterator[Finding]:
    """Whether a server could listen, or one of ours does."""
    try:
        refuse_taken(address)
    except AddressTaken as error:
        if is_well(address, HEALTH_SECONDS):
            yield Finding("port", OK, f"A server answers at {address.url}.")
        else:
            yield Finding("port", FAIL, error.message, error.remedy)
    else:
        yield Finding("port", OK, f"{address.host}:{address.port} is free.")
