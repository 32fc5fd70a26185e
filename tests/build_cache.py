"""Generated marketplaces and their builds, kept between runs under what they were made from.

Most of a test run used to be the making of databases that had not changed since the run
before. A key holds all that they depend on: data, settings, source, the interpreter and the
version of every installed package.
"""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from importlib.metadata import distributions
from typing import TYPE_CHECKING, Any

from pipeline.build import Report, build, fingerprint
from pipeline.orchestration.scheduler import StageTime
from sample_data import generate
from sample_data.export.folder import describe

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.build import Order
    from sample_data import WorldSettings
    from tests.folder_cache import FolderCache

REPORT = "report.json"


@dataclass(frozen=True)
class BuildCache:
    """Sample marketplaces and built databases, made only where none of the same is kept."""

    folders: FolderCache

    def world(self, settings: WorldSettings, out: Path) -> Path:
        """The raw tables of a sample marketplace, in `out`, which is not there yet."""
        key = _key("world", json.dumps(describe(settings), sort_keys=True))
        self.folders.fill(key, out, lambda folder: generate(folder, settings))
        return out

    def build(self, order: Order) -> Report:
        """What `pipeline.build.build` makes of an order, in `order.out`, not there yet."""
        self.folders.fill(_key("build", fingerprint(order)), order.out, lambda _: _made(order))
        fields = json.loads((order.out / REPORT).read_text(encoding="utf-8"))
        return _report(order.database, fields)


def _made(order: Order) -> None:
    report = build(order)
    fields = {"as_of": report.as_of.isoformat(), "stages": [asdict(one) for one in report.stages]}
    (order.out / REPORT).write_text(json.dumps(fields, indent=2), encoding="utf-8")


def _report(database: Path, fields: dict[str, Any]) -> Report:
    stages = tuple(StageTime(**stage) for stage in fields["stages"])
    return Report(database, is_fresh=True, as_of=date.fromisoformat(fields["as_of"]), stages=stages)


def _key(kind: str, made_from: str) -> str:
    content = f"{made_from} {installed()}".encode()
    return f"{kind}-{hashlib.blake2b(content, digest_size=16).hexdigest()}"


@cache
def installed() -> str:
    """The interpreter, the machine's kind and every installed package with its version."""
    packages = sorted(f"{one.name} {one.version}" for one in distributions())
    return "\n".join([platform.python_version(), platform.machine(), *packages])
