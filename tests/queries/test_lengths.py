"""Files that people read stay short enough to be read."""

from __future__ import annotations

import queries

CATALOGUE_LINES = 3_500
"""All files of `evidence/` together; without shared entries and windows they were 5,453."""


def test_the_catalogue_of_evidence_is_short() -> None:
    """What several entity types or windows have in common is written once."""
    files = sorted((queries.ROOT / "evidence").glob("*.toml"))
    assert len(files) == 6
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files)
    assert lines <= CATALOGUE_LINES
