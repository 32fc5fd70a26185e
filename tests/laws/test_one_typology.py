"""One typology a subject: head, form, playbook and priority of a page speak of the same one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

import queries
from dashboard.view_models import words
from dashboard.view_models.decide import DecideView
from dashboard.view_models.header import HeaderView, PriorityView
from tests.laws.asking import rows

if TYPE_CHECKING:
    import duckdb

ENTITY = ["entity_type", "entity_id"]
PAGES = "pages/investigate"
READS = ("priority_terms", "entity", "score", "typologies")
MOST = 12
"""Of the subjects that several schemes fit, and of all others, so many are looked at."""


def test_every_page_of_an_alert_speaks_of_one_typology(con: duckdb.DuckDBPyConnection) -> None:
    """The alert's, if a pack says it; never the strongest fit beside another alert."""
    latest = "qualify as_of = max(as_of) over (partition by entity_type)"
    fits = rows(con, f"from scores.typologies {latest}")
    strongest = fits.sort("strength", descending=True).unique(ENTITY, keep="first")
    alerts = rows(con, "from alerts.alerts where lane <> 'unproven'").select(*ENTITY, "typology")
    torn = alerts.join(strongest, on=ENTITY).filter(pl.col("typology") != pl.col("typology_right"))
    others = alerts.sort(ENTITY).sample(MOST, seed=7)
    some = pl.concat([each.select(ENTITY) for each in (torn.head(MOST), others)])
    for who in some.unique().iter_rows(named=True):
        keys = [f"{who['entity_type']}:{who['entity_id']}"]
        parts = [queries.run(con, f"{PAGES}/{name}", keys=keys) for name in READS]
        priority = PriorityView.of(parts[0])
        none = pl.DataFrame(schema={"as_of": pl.Date, "score": pl.Float64})
        head = HeaderView.of(parts[1], parts[2], none, parts[3], priority=priority)
        form = DecideView.of(who["entity_type"], head.typology, None, [], [])
        assert head.typology == (priority.typology if head.typology else "")
        assert form.suggested == head.typology
        assert bool(head.typology) == (priority.typology in words.known_packs())


def test_the_typology_is_that_of_a_signal_that_fired(con: duckdb.DuckDBPyConnection) -> None:
    """If any fired: its playbook is the one that the page shows."""
    latest = "qualify as_of = max(as_of) over (partition by entity_type)"
    fired = rows(con, f"from scores.signals {latest}").select(*ENTITY, "typology").unique()
    alerts = rows(con, "from alerts.alerts where lane <> 'unproven'").select(*ENTITY, "typology")
    spoken = alerts.join(fired.select(ENTITY).unique(), on=ENTITY, how="semi")
    assert spoken.height > 50
    silent = spoken.join(fired, on=[*ENTITY, "typology"], how="anti")
    assert silent.is_empty(), silent.select(pl.all().first()).to_dicts()
