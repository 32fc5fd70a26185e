"""Run benchmarks by name, or all of them: `python -m benchmarks [world|generation|stages|...]`.

Everything they make lies in one temporary folder, so that they share the sample
marketplace and its build and leave nothing behind.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

NAMES = (
    *("world", "quality", "savings", "lockstep"),
    *("generation", "stages", "explanations", "pages"),
)


def main(asked: list[str]) -> int:
    """Run what was asked for, in the order that lets later ones reuse what earlier ones made."""
    unknown = sorted(set(asked) - set(NAMES))
    if unknown:
        print(f"No benchmark {unknown[0]!r}. There are: {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    with TemporaryDirectory(prefix="ringfence-bench-") as folder:
        for name in [name for name in NAMES if name in asked or not asked]:
            import_module(f"benchmarks.{name}").run(Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
