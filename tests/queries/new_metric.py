"""A tree of queries of one's own, and a metric to add to it."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import queries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest

NEW = """-- Orders with a voucher.
--
-- label:         Orders with a voucher
-- unit:          rate
-- numerator:     voucher_orders
-- denominator:   orders
-- cohort:        paid orders, by the local day they were placed
-- maturity_days: 0
-- window:        day
-- owner:         Growth
-- good:          none
-- guard_rail:    none
-- parent:        voucher_cost_share
-- leading:       false
-- labels:        false
--
-- grain:   day, dimension_a, value_a, dimension_b, value_b
-- params:  none
-- returns: day          date
--          dimension_a  varchar
--          value_a      varchar
--          dimension_b  varchar
--          value_b      varchar
--          numerator    double
--          denominator  double
--          n            bigint
select
    day,
    dimension_a,
    value_a,
    dimension_b,
    value_b,
    cast(voucher_orders as double) as numerator,
    cast(orders as double) as denominator,
    orders as n
from metrics.groupings
"""


@contextmanager
def copied_queries(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of `queries/` below `folder`, looked into in place of ours."""
    root = folder / "queries"
    shutil.copytree(queries.ROOT, root)
    patch.setattr(queries, "ROOT", root)
    try:
        yield root
    finally:
        queries.get.cache_clear()
