"""What surrounds an account in lockstep is counted at each snapshot, of pairs reached before it."""

from __future__ import annotations

from datetime import date, timedelta

import duckdb

import queries
from pipeline.similarity import lockstep_cores
from tests.laws.pricing import put

DAYS = [date(2026, 3, 1) + timedelta(days=7 * week) for week in range(3)]
NEVER = date(2027, 1, 1)
# Width in hours, two accounts, the day they were in lockstep from.
PAIRS = [
    (2, "a", "b", DAYS[0] - timedelta(days=1)),
    (24, "a", "b", DAYS[1]),
    (72, "a", "c", DAYS[0] - timedelta(days=2)),
    (24, "b", "c", DAYS[1] - timedelta(days=3)),
    (72, "c", "d", DAYS[1] - timedelta(days=1)),
    (2, "d", "e", NEVER),
]
COLUMNS = "partners_2h, partners_1d, partners_3d, partners, core, group_id, group_size, density"


def test_every_number_of_a_snapshot_is_of_the_pairs_before_it() -> None:
    """Nobody counts twice who met at two widths, and who met at none of a width counts 0."""
    with duckdb.connect() as con:
        for schema in ("graph", "facts", "similarity"):
            con.execute(f"create schema {schema}")
        both = [(w, *ends, day) for w, a, b, day in PAIRS for ends in ((a, b), (b, a))]
        names = ("width_hours", "buyer_id", "partner_id", "reached_day")
        put(con, "graph.lockstep_pairs", [dict(zip(names, row, strict=True)) for row in both])
        put(con, "facts.snapshots", [{"entity_type": "buyer", "as_of": day} for day in DAYS])
        lockstep_cores.write(con, lambda *_: None)
        queries.build(con, "similarity/lockstep_groups")
        sql = f"select as_of, buyer_id, {COLUMNS} from similarity.lockstep_groups"
        rows = {(as_of, who): rest for as_of, who, *rest in con.sql(sql).fetchall()}
    triangle = ["a", 3.0, 1.0]
    alone = [None, 0.0, 0.0]
    assert rows == {
        (DAYS[0], "a"): [1.0, 0.0, 1.0, 2.0, 1.0, *alone],
        (DAYS[0], "b"): [1.0, 0.0, 0.0, 1.0, 1.0, *alone],
        (DAYS[0], "c"): [0.0, 0.0, 1.0, 1.0, 1.0, *alone],
        (DAYS[1], "a"): [1.0, 0.0, 1.0, 2.0, 2.0, *triangle],
        (DAYS[1], "b"): [1.0, 1.0, 0.0, 2.0, 2.0, *triangle],
        (DAYS[1], "c"): [0.0, 1.0, 2.0, 3.0, 2.0, *triangle],
        (DAYS[1], "d"): [0.0, 0.0, 1.0, 1.0, 1.0, *alone],
        (DAYS[2], "a"): [1.0, 1.0, 1.0, 2.0, 2.0, *triangle],
        (DAYS[2], "b"): [1.0, 2.0, 0.0, 2.0, 2.0, *triangle],
        (DAYS[2], "c"): [0.0, 1.0, 2.0, 3.0, 2.0, *triangle],
        (DAYS[2], "d"): [0.0, 0.0, 1.0, 1.0, 1.0, *alone],
    }
