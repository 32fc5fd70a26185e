"""What a pack says stands in the tables as it says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.scoring.pack_tables import pack_losses, pack_terms
from queries.packs import packs
from tests.pipeline.scoring.scored import BURST, MANY, table

if TYPE_CHECKING:
    import duckdb


def test_terms_are_those_of_the_packs_once_a_type() -> None:
    """A row for each entity type a pack covers, with its own figures."""
    house = list(packs().values())
    rows = pack_terms(house)
    assert rows.height == sum(len(one.entity_types) for one in house)
    for pack in house:
        own = rows.filter(rows["typology"] == pack.code)
        assert set(own["entity_type"]) == set(pack.entity_types)
        assert own["review_minutes"].unique().to_list() == [pack.review_minutes]


def test_losses_are_those_of_the_packs() -> None:
    """Each flow with its share, and who bears it."""
    house = list(packs().values())
    rows = pack_losses(house)
    assert rows.height == sum(len(one.losses) for one in house)
    assert rows["share"].is_between(0.0, 1.0).all()


def test_a_build_carries_its_packs(con: duckdb.DuckDBPyConnection) -> None:
    """Whatever becomes of the folder, the file can show what it was scored with."""
    assert table(con, "pack_texts")["typology"].to_list() == [BURST.code, MANY.code]
