"""Run benchmarks by name, or all but those on demand: `python -m benchmarks [NAME ...]`.

Everything they make lies in one temporary folder, so that they share the sample
marketplace and its build and leave nothing behind.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

NAMES = (
    *("world", "quality", "savings", "signals", "lockstep"),
    *("generation", "stages", "explanations", "holds", "pages", "casebook"),
)
ON_DEMAND = (
    *(
        "next_case",
        "casebook_crash",
        "large",
        "seeds",
        "coverage",
        "rings",
        "rings_scale",
        "cases",
        "stress",
        "baskets",
    ),
    *(
        "graph",
        "change_points",
        "subject_changes",
        "noticing",
        "attribution",
        "cube",
        "sequences",
        "content",
        "looks_like",
        "drift",
        "drift_days",
        "weekly_grid",
        "new_day",
        "live",
    ),
)
"""Run only when asked for by name."""


def main(asked: list[str]) -> int:
    """Run what was asked for, in the order that lets later ones reuse what earlier ones made."""
    every = (*NAMES, *ON_DEMAND)
    unknown = sorted(set(asked) - set(every))
    if unknown:
        print(f"No benchmark {unknown[0]!r}. There are: {', '.join(every)}.", file=sys.stderr)
        return 2
    with TemporaryDirectory(prefix="ringfence-bench-") as folder:
        for name in [name for name in every if name in (asked or NAMES)]:
            import_module(f"benchmarks.{name}").run(Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
