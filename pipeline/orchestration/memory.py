"""How much memory a build may use: what the machine or its container gives, or what was asked for.

A database sized for the host is killed in a smaller container before it writes anything to disk;
sized for the container it waits on disk instead: docs/decisions/0068-memory-of-a-build.md.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

MB, GB = 10**6, 10**9
PYTHON_BYTES = 750 * MB
"""What the interpreter and its libraries hold before the first row is read, and a margin."""
DATABASE_SHARE = 0.5
"""Of the rest the database's: its limit does not count everything, and steps in Python run
beside it."""
MODELS_SHARE = 0.25
"""The same once models are fitted, which hold matrices of their own."""
LEAST_DATABASE = 250 * MB
"""With less the database cannot even put its rows on disk."""
THREAD_BYTES = 125 * MB
"""Each thread of the database needs so much, the least that its makers name."""
LEAST_MEMORY = 500 * MB
"""What the interpreter holds, and the least database."""
BUILDER: dict[str, str | bool | int | float | list[str]] = {
    "disabled_compression_methods": "fsst",
    "disabled_optimizers": "partial_aggregate_pushdown",
    "preserve_insertion_order": False,
}
"""What DuckDB is told while building, whatever the machine:
docs/decisions/0002-duckdb-while-building.md."""
_PROC, _CGROUPS = Path("/proc/self/cgroup"), Path("/sys/fs/cgroup")
_NO_LIMIT = 1 << 60
"""Version 1 says so large a number for "no limit"."""
_V2_FILES, _V1_FILES = ("memory.max", "memory.high"), ("memory.limit_in_bytes",)


@dataclass(frozen=True)
class Budget:
    """The memory of one build, in bytes."""

    whole: int

    @classmethod
    def of(cls, asked: int | None) -> Budget:
        """What was asked for, or all that there is.

        Raises BuildError for more than there is, and for less than any build needs.
        """
        there = machine_memory()
        if asked is None:
            return cls(there)
        if not LEAST_MEMORY <= asked <= there:
            raise BuildError(
                f"--memory {said(asked)} was asked for.",
                f"Between {said(LEAST_MEMORY)} and the {said(there)} that this machine or "
                "container gives was expected.",
                "Ask for that, or leave it out: a build follows the machine.",
            )
        return cls(asked)

    @property
    def database(self) -> int:
        """Limit of the database while tables are made in SQL."""
        return self._part(DATABASE_SHARE)

    @property
    def beside_models(self) -> int:
        """Limit of the database from the first fitted model on."""
        return self._part(MODELS_SHARE)

    @property
    def threads(self) -> int:
        """Threads of the database: one a core, fewer where their memory would not suffice."""
        return max(1, min(os.cpu_count() or 1, self.beside_models // THREAD_BYTES))

    def _part(self, share: float) -> int:
        return max(LEAST_DATABASE, int((self.whole - PYTHON_BYTES) * share))


@dataclass
class DatabaseLimit:
    """What the database of a build may hold, in bytes."""

    most: int
    """What it has while nothing runs beside it."""
    size: int = field(init=False)
    """What it has now, as long as no step runs alone."""

    def __post_init__(self) -> None:
        self.size = self.most

    def lower(self, con: duckdb.DuckDBPyConnection, size: int) -> None:
        """From now on it may hold so much."""
        self.size = size
        self._apply(con, size)

    @contextmanager
    def raised(self, con: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """While a step runs alone it may hold the most."""
        self._apply(con, self.most)
        try:
            yield
        finally:
            self._apply(con, self.size)

    @staticmethod
    def _apply(con: duckdb.DuckDBPyConnection, size: int) -> None:
        con.execute(f"set memory_limit = '{size}B'")


def machine_memory(membership: Path = _PROC, cgroups: Path = _CGROUPS) -> int:
    """Bytes that this process may use: the machine's, or its container's where that is less.

    `membership` lists the control groups of the process, `cgroups` is where they are mounted.
    """
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min([physical, *_limits(membership, cgroups)])


def group_limit(membership: Path = _PROC, cgroups: Path = _CGROUPS) -> int | None:
    """Bytes that the control groups of this process leave it; None where they set no limit."""
    limits = [limit for limit in _limits(membership, cgroups) if limit < _NO_LIMIT]
    return min(limits, default=None)


def said(size: int) -> str:
    """`3.2 GB`, `250 MB`."""
    return f"{size / GB:,.1f} GB" if size >= GB else f"{size / MB:,.0f} MB"


def parsed(text: str) -> int:
    """Bytes of `4GB`, `512 MB` or `3GiB`. Raises BuildError for anything else."""
    number = text.strip().upper().rstrip("IBGMK")
    unit = text.strip().upper()[len(number) :].removesuffix("B")
    sizes = {"K": 10**3, "M": MB, "G": GB, "KI": 2**10, "MI": 2**20, "GI": 2**30}
    with suppress(ValueError):
        if unit in sizes:
            return int(float(number) * sizes[unit])
    raise BuildError(
        f"--memory {text} is no amount of memory.",
        "A number with its unit was expected, as in 4GB or 800MB.",
        "Write it so, or leave it out: a build follows the machine.",
    )


def _limits(membership: Path, cgroups: Path) -> Iterator[int]:
    """Limits of the control groups of this process and of those around them, either version.

    What is mounted at the root counts whatever the process is said to belong to.
    """
    yield from _walked(cgroups, "", _V2_FILES)
    yield from _walked(cgroups / "memory", "", _V1_FILES)
    with suppress(OSError, ValueError):
        for line in membership.read_text(encoding="utf-8").splitlines():
            number, controllers, path = line.split(":", 2)
            if number == "0":
                yield from _walked(cgroups, path, _V2_FILES)
                yield from _walked(cgroups / "unified", path, _V2_FILES)
            elif "memory" in controllers.split(","):
                yield from _walked(cgroups / "memory", path, _V1_FILES)


def _walked(mount: Path, path: str, names: tuple[str, ...]) -> Iterator[int]:
    """What the files of a group say, and of each group that it lies in.

    Inside a container the path may be one of the host, which is not there: then the mount
    itself is the container's group.
    """
    group = Path(path.lstrip("/"))
    for folder in (group, *group.parents):
        for name in names:
            with suppress(OSError, ValueError):
                yield int((mount / folder / name).read_text(encoding="ascii"))
