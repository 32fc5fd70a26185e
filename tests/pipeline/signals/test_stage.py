"""Signals fire by their predicates, on every day that features exist of."""

from __future__ import annotations

import duckdb
import polars as pl
import pytest

from pipeline.errors import PackError, StageError
from pipeline.settings.build import Settings
from pipeline.signals import stage as signals
from tests.packs import pack
from tests.pipeline import tiny
from tests.pipeline.scoring.scored import BURST, MANY

SHOP = tiny.name("merchant", 120)


def fired(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Rows of `signals.firings`."""
    rows: pl.DataFrame = con.sql("from signals.firings").pl()
    return rows


def test_a_signal_fires_on_the_day_on_which_it_holds_and_no_other() -> None:
    """What a shop did on one day says nothing of the days before it."""
    con = tiny.build()
    own = f"where merchant_id = '{SHOP}'"
    con.execute(f"update features.merchant set burst_7d = 0.0 {own}")
    con.execute(f"update features.merchant set burst_7d = 5.0 {own} and as_of = '{tiny.WEEKS[4]}'")
    signals.write(con, Settings(), tiny.unheard, packs_in_use=[BURST])
    rows = fired(con).filter((pl.col("entity_id") == SHOP) & (pl.col("code") == "T1_BRUSHING.S0"))
    assert rows.select("as_of", "severity").rows() == [(tiny.WEEKS[4], 0.5)]


def test_a_pack_that_is_gone_fires_nothing() -> None:
    """Each write holds the packs in use and no others."""
    con = tiny.build()
    for in_use in ([BURST, MANY], [MANY]):
        signals.write(con, Settings(), tiny.unheard, packs_in_use=in_use)
    assert set(fired(con)["typology"]) == {MANY.code}
    assert con.sql("from signals.conditions").pl()["typology"].to_list() == [MANY.code]


def test_a_victims_sign_speaks_against_nobody() -> None:
    """It fires, for the pages, and is marked as no sign of guilt."""
    con = tiny.build()
    victim = BURST.model_copy(update={"subject_is": "victim"})
    signals.write(con, Settings(), tiny.unheard, packs_in_use=[victim, MANY])
    against = con.sql("select typology, bool_or(speaks_against) from signals.conditions group by 1")
    assert dict(against.fetchall()) == {BURST.code: False, MANY.code: True}
    assert BURST.code in set(fired(con)["typology"])


@pytest.mark.parametrize(
    "predicate", ["no_such_feature > 1", "burst_7d > cast(merchant_id as integer)"]
)
def test_a_broken_predicate_names_its_pack(predicate: str) -> None:
    """The refusal says which signal, what a predicate is and where to mend it."""
    broken = pack("T0_TOY", ("burst_7d > 1", 0.5), (predicate, 0.5))
    with pytest.raises(PackError, match=r"T0_TOY\.S1 of pack.*delete the pack"):
        signals.write(tiny.build(), Settings(), tiny.unheard, packs_in_use=[broken])


def test_a_missing_table_is_a_sentence() -> None:
    """A stage run too early says what to run."""
    with pytest.raises((StageError, PackError), match="ringfence build"):
        signals.write(duckdb.connect(), Settings(), tiny.unheard)
