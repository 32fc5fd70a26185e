"""Names and titles that look typed by people of each market, and the invented brands.

What people write (reviews, claims, complaints, comments) is put together in
`texts` and offered here too, so that callers need one door.
"""

import numpy as np
import polars as pl

from sample_data.kit.randomness import Bools, Floats, Ints, Rng, chance
from sample_data.language.texts import claims, comments, complaints, draw, reviews
from sample_data.words import BRANDS, goods
from sample_data.words import people as folk

__all__ = [
    "brands",
    "claims",
    "comments",
    "complaints",
    "handles",
    "live_titles",
    "merchant_names",
    "misspelt",
    "people",
    "product_titles",
    "reviews",
]

brands = BRANDS
"""Invented brands, twelve of each category."""
_COMMUNITIES = [community for market in folk.COMMUNITIES for community in market]
_WIDEST = max(len(market) for market in folk.COMMUNITIES)
_LOWER_CASE, _NUMBERED = 0.08, 0.05  # of display names


def people(rng: Rng, market: Ints, household: Ints) -> pl.Series:
    """Display names; members of one household share a community and a surname."""
    community = _community(market, household)
    surname = _surname(community, household)
    given_name = draw(rng, [each.given_names for each in _COMMUNITIES], community)
    joint = pl.Series([each.joint for each in _COMMUNITIES]).gather(community)
    is_surname_first = pl.Series([each.is_surname_first for each in _COMMUNITIES]).gather(community)
    first, last = (
        surname.zip_with(is_surname_first, given_name),
        given_name.zip_with(is_surname_first, surname),
    )
    number = pl.Series(rng.integers(1, 99, len(market))).cast(pl.Utf8)
    tail = _only(chance(rng, _NUMBERED, len(market)), number)
    name = pl.select(pl.concat_str(first, joint, last, tail)).to_series()
    lower = pl.Series(chance(rng, _LOWER_CASE, len(market)))
    return name.str.to_lowercase().zip_with(lower, name)


def _community(market: Ints, household: Ints) -> Ints:
    """Position in `_COMMUNITIES` of each household's community."""
    shares = np.ones((len(folk.COMMUNITIES), _WIDEST))
    for row, members in zip(shares, folk.COMMUNITIES, strict=True):
        row[: len(members)] = np.cumsum([each.share for each in members])
        row[len(members) - 1 :] = 1.0
    first = np.cumsum([0, *[len(members) for members in folk.COMMUNITIES[:-1]]])
    place: Ints = (_hash_fraction(household, 1)[:, None] >= shares[market]).sum(axis=1)
    return first[market] + place


def _surname(community: Ints, household: Ints) -> pl.Series:
    pools = [each.surnames for each in _COMMUNITIES]
    size = np.array([len(pool) for pool in pools], dtype=np.int64)
    start = np.cumsum(size) - size
    flat = pl.Series([word for pool in pools for word in pool], dtype=pl.Utf8)
    return flat.gather(
        start[community] + (_hash_fraction(household, 2) * size[community]).astype(int)
    )


def _hash_fraction(number: Ints, salt: int) -> Floats:
    """A fraction in [0, 1) that depends on each number only, without pattern."""
    bits = number.astype(np.uint64) + np.uint64(salt * 0x9E3779B97F4A7C15 % 2**64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        bits = (bits ^ (bits >> np.uint64(shift))) * np.uint64(factor)
    fraction: Floats = (bits >> np.uint64(11)).astype(np.float64) / 2.0**53
    return fraction


def _only(where: Bools, text: pl.Series) -> pl.Series:
    """The text where it is wanted, else nothing."""
    return text.zip_with(pl.Series(where), pl.Series([""]))


def merchant_names(rng: Rng, market: Ints) -> pl.Series:
    """Shop names; some have a second word or a founding year so that few collide."""
    count = len(market)
    second = " " + draw(rng, folk.SHOP_FIRST, market)
    year = " " + pl.Series(rng.integers(1988, 2027, count)).cast(pl.Utf8)
    parts = (
        draw(rng, folk.SHOP_FIRST, market),
        _only(chance(rng, 0.35, count), second),
        " " + draw(rng, folk.SHOP_LAST, market),
        _only(chance(rng, 0.35, count), year),
    )
    return pl.select(pl.concat_str(*parts)).to_series()


def handles(rng: Rng, market: Ints) -> pl.Series:
    """Creator handles."""
    first, last = draw(rng, folk.HANDLE_FIRST, market), draw(rng, folk.HANDLE_LAST, market)
    joint = draw(rng, [(".", "_", "", ".")], np.zeros(len(market), dtype=np.int64))
    number = pl.Series(rng.integers(1, 999, len(market))).cast(pl.Utf8)
    return pl.select(pl.concat_str(first, joint, last, number)).to_series()


def misspelt(brand: str) -> str:
    """A brand as a counterfeiter writes it: always the same one, one letter off."""
    middle = len(brand) // 2
    if len(brand) % 3 == 0 and brand[middle] != brand[middle + 1]:
        return brand[:middle] + brand[middle + 1] + brand[middle] + brand[middle + 2 :]
    for letter, other in (("l", "1"), ("o", "0"), ("i", "l"))[: len(brand) % 3 + 1]:
        if letter in brand[1:]:
            return brand[0] + brand[1:].replace(letter, other, 1)
    return brand[:middle] + brand[middle] + brand[middle:]


def product_titles(rng: Rng, category: Ints, brand: Ints | None = None) -> pl.Series:
    """Product titles, led by the name of `brand` (position in `brands`, -1 for none)."""
    none = np.zeros(len(category), dtype=np.int64)
    parts: tuple[pl.Series, ...] = (
        draw(rng, goods.NOUNS, category),
        ", " + draw(rng, [goods.ADJECTIVES], none),
        ", " + draw(rng, goods.VARIANTS, category),
    )
    if brand is not None:
        brand_prefix = pl.Series([f"{name} " for name in brands] + [""]).gather(
            brand % (len(brands) + 1)
        )
        parts = (brand_prefix, *parts)
    return pl.select(pl.concat_str(*parts)).to_series()


def live_titles(rng: Rng, market: Ints) -> pl.Series:
    """Titles of live sessions and videos."""
    number = pl.Series(rng.integers(1, 60, len(market))).cast(pl.Utf8)
    return draw(rng, goods.LIVE_TITLES, market) + " #" + number
