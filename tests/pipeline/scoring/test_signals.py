"""Signals fire by their predicates and add up to a strength."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from pipeline.errors import PackError
from pipeline.scoring.signals import fired_signals
from tests.pipeline import tiny
from tests.pipeline.scoring.scored import pack, table

if TYPE_CHECKING:
    import duckdb


def test_strength_is_a_noisy_or_of_fired_signals(con: duckdb.DuckDBPyConnection) -> None:
    """Two signals of 0.5 and 0.6 make 0.8; one entity has one primary typology."""
    both = table(con, "signals").filter(pl.col("typology") == "T1_BRUSHING")
    twice = both.group_by("entity_id").len().filter(pl.col("len") == 2)["entity_id"]
    assert len(twice) > 0
    strengths = table(con, "typologies")
    strong = strengths.filter(
        pl.col("entity_id").is_in(twice.implode()) & (pl.col("typology") == "T1_BRUSHING")
    )
    assert strong["strength"].round(12).unique().to_list() == [0.8]
    assert strong["is_primary"].all()
    primary = strengths.group_by("entity_type", "entity_id").agg(pl.col("is_primary").sum())
    assert primary["is_primary"].unique().to_list() == [1]


def test_a_broken_predicate_names_its_pack(con: duckdb.DuckDBPyConnection) -> None:
    """The refusal says which signal, what a predicate is and where to mend it."""
    broken = pack("T0_TOY", ("no_such_feature > 1", 0.5))
    with pytest.raises(PackError, match=r"T0_TOY\.S0.*no_such_feature.*delete the pack"):
        fired_signals(con, tiny.AS_OF, [broken])
