"""Names look typed by people of each market, and brands are invented."""

from __future__ import annotations

import numpy as np

from sample_data.kit.markets import CATEGORIES
from sample_data.kit.randomness import Ints, stream
from sample_data.language import names

ROWS = 4_000


def _rows(high: int, seed: str) -> Ints:
    return stream(5, seed).integers(0, high, ROWS)


def test_brands_are_twelve_of_each_category_and_a_counterfeit_is_one_letter_off() -> None:
    """Brands are distinct; a misspelt one is no brand, but nearly one."""
    assert len(set(names.brands)) == 12 * len(CATEGORIES)
    wrong = [names.misspelt(brand) for brand in names.brands]
    assert not set(wrong) & set(names.brands)
    assert all(abs(len(a) - len(b)) <= 1 for a, b in zip(wrong, names.brands, strict=True))


def test_members_of_a_household_share_a_surname() -> None:
    """Two accounts of one household have a word of their names in common, where they have two."""
    market = np.repeat(_rows(4, "market")[: ROWS // 2], 2)
    household = np.repeat(np.arange(ROWS // 2), 2)
    people = names.people(stream(1, "people"), market, household).str.to_lowercase()
    people = people.str.replace(r"\d+$", "")
    pairs = zip(people.gather_every(2), people.gather_every(2, 1), strict=True)
    split = [(set(a.split()), set(b.split())) for a, b in pairs if " " in a]
    assert len(split) > ROWS / 4
    assert all(a & b for a, b in split)


def test_a_stream_of_names_depends_on_its_seed_only() -> None:
    """The same draws give the same texts, another seed others."""
    market = _rows(4, "market")
    first, again, other = (names.merchant_names(stream(seed, "s"), market) for seed in (1, 1, 2))
    assert first.equals(again)
    assert not first.equals(other)
