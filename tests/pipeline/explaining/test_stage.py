"""Who gets whiskers: whoever somebody will read about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.pipeline import tiny
from tests.pipeline.explaining.explained import CALM, SETTINGS, read_about

if TYPE_CHECKING:
    import duckdb


def test_who_is_read_about_has_a_range(con: duckdb.DuckDBPyConnection) -> None:
    """Above LOW, at half its edge or more, or calm with signals that open an alert."""
    stable = con.sql("select entity_id from explanations.stability where entity_type = 'merchant'")
    latest = con.sql(f"from scores.scores where as_of = '{tiny.AS_OF}'").pl()
    scored = dict(latest.select("entity_id", "score").iter_rows())
    with_range = set(stable.pl()["entity_id"])
    assert with_range == read_about(con, "merchant")
    assert scored[CALM] < SETTINGS.bands.medium * SETTINGS.explanations.near_share
    assert CALM in with_range
    assert any(0.05 <= scored[one] < SETTINGS.bands.medium for one in with_range)
