"""Files that people read stay short enough to be read."""

from __future__ import annotations

import pytest

import queries

QUERY_LINES = 200
"""Of one SQL file, its header counted: what does not fit is two ideas or one said twice."""
SHARED_LINES = 60
"""Of each file of macros: who reads a query should know them by heart."""
CATALOGUE_LINES = 3_500
"""All files of `evidence/` together; without shared entries and windows they were 5,453."""


def lines(name: str) -> int:
    """Lines of one file under `queries/`."""
    return len((queries.ROOT / name).read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("name", queries.names())
def test_a_query_is_short(name: str) -> None:
    """One idea a file, so that an analyst can check it in one sitting."""
    assert lines(f"{name}.sql") <= QUERY_LINES


def test_shared_macros_are_few() -> None:
    """Each file of macros is read whole by whoever reads a query."""
    shared = sorted(path.name for path in queries.ROOT.glob("*.sql"))
    assert shared == [
        *("casework.sql", "chance.sql", "currencies.sql", "distributions.sql"),
        *("events.sql", "identifiers.sql", "ledger.sql", "macros.sql", "maturity.sql"),
        *("periods.sql", "slices.sql", "subjects.sql", "thresholds.sql", "waiting.sql"),
    ]
    assert [name for name in shared if lines(name) >= SHARED_LINES] == []


def test_the_catalogue_of_evidence_is_short() -> None:
    """What several entity types or windows have in common is written once."""
    files = sorted((queries.ROOT / "evidence").glob("*.toml"))
    assert len(files) == 6
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files)
    assert lines <= CATALOGUE_LINES
