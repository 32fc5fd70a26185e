"""Who gets whiskers and stored contributions: whoever somebody will read about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from pipeline.explaining import stage as explanations
from pipeline.settings.build import ExplanationSettings
from tests.pipeline import tiny
from tests.pipeline.explaining import explained
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


def test_contributions_are_stored_of_whoever_is_read_about_or_proposed() -> None:
    """Of nobody else, row for row as where everybody's are; the peer group is said of everybody."""
    with explained.build() as con:
        whole = con.sql("from explanations.contributions").pl()
        read = read_about(con, "merchant")
        calm = min(set(whole.filter(entity_type="merchant")["entity_id"]) - read)
        proposed = pl.DataFrame({"entity_type": ["merchant"], "entity_id": [calm]})
        tiny.put(con, "alerts.proposals", proposed)
        explanations.write(con, replace(SETTINGS, explanations=ExplanationSettings()), tiny.unheard)
        stored = con.sql("from explanations.contributions").pl()
        groups = con.sql("from explanations.peer_groups where entity_type = 'merchant'").pl()
        sellers = set(stored.filter(entity_type="merchant")["entity_id"])
        assert sellers == read | {calm}
    assert stored.height < whole.height
    assert stored.join(whole, on=stored.columns, how="anti", nulls_equal=True).is_empty()
    assert groups.height == groups["entity_id"].n_unique() == tiny.SIZES["merchant"]
