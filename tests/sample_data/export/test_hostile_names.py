"""Hostile names reach the queue."""

import numpy as np
import polars as pl
import pytest

from sample_data import words
from sample_data.export import hostile_names
from sample_data.words.hostile import HOSTILE
from tests.sample_data.conftest import Sample
from tests.sample_data.label_tables import ENTITY_TYPES, NAMED


@pytest.mark.parametrize("entity_type", ENTITY_TYPES)
def test_hostile_names_are_among_them(sample: Sample, entity_type: str) -> None:
    """Every hostile text stands in each of the four name columns, two of them on bad entities."""
    table, key, column = NAMED[entity_type]
    rows = sample.table(table)
    assert set(words.HOSTILE) <= set(rows[column])
    bad = sample.truth.filter(~pl.col("is_hard_negative") & (pl.col("entity_type") == entity_type))
    hostile = rows.filter(pl.col(column).is_in(list(words.HOSTILE)))
    assert hostile.join(bad, left_on=key, right_on="entity_id", how="semi").height >= 2


class _Actors:
    """As much of a world as hostile names look at."""

    def __init__(self) -> None:
        class Settings:
            seed = 3

        self.settings = Settings
        self.merchants = self.creators = self.buyers = self
        self.products = self
        self.market = self.merchant = np.zeros(200, dtype=np.int64)


def test_every_hostile_name_is_given_to_each_kind_and_some_to_bad_ones() -> None:
    """Overrides hold each text for each kind; the most recent bad entities are among them."""
    bad = pl.DataFrame({"entity_type": ["buyer"] * 9, "entity": range(9), "started": range(9)})
    renames = hostile_names.renames(_Actors(), bad)  # type: ignore[arg-type]
    assert set(renames) == {"merchant", "creator", "product", "buyer"}
    assert all(set(changes.values()) == set(HOSTILE) for changes in renames.values())
    assert {8, 7, 6, 5} <= set(renames["buyer"])
