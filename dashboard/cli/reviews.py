"""Drawing second reviews from the command line, for a scheduler that does it every night."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

import queries
from dashboard.access import viewer
from dashboard.casebook import open_casebook
from dashboard.cases.reviews import Sample, SureCase
from dashboard.text import plural

if TYPE_CHECKING:
    from pathlib import Path


def draw(database: Path, sample: Sample) -> str:
    """Draw, with sure cases of a built database among them; what was drawn in a sentence."""
    made = open_casebook().draw_reviews(sample, sure_cases(database), viewer=viewer())
    return f"{plural(made, 'review')} drawn, in the list of whoever reviews (page Quality)."


def sure_cases(database: Path) -> list[SureCase]:
    """Subjects whose verdict is sure; none where the database has no labels."""
    with queries.connect(database) as con:
        try:
            rows = queries.run(con, "pages/quality/sure_cases")
        except duckdb.CatalogException:
            return []
    return [SureCase(*row) for row in rows.iter_rows()]
