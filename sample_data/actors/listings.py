"""What a listing said and cost at each moment: version 1 as listed, later ones as edited."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from sample_data.actors.world import NEVER, World
from sample_data.kit.markets import CATEGORIES, per_market
from sample_data.kit.plan_records import KEPT, Relist
from sample_data.kit.randomness import Floats, Ints, chance, stream
from sample_data.kit.settings import DAY

EDITED_SHARE = 0.12  # of listings whose seller changes the price in the period
EDIT_SPREAD = 0.12  # sd of the log price change of an ordinary edit
NEW_PHOTO_SHARE = 0.2  # of those edits bring a new picture
MOVED_SHARE = 0.06  # of those edits correct the category


@dataclass(frozen=True)
class Versions:
    """Versions after the first, by product and time; arrays of equal length."""

    product: Ints
    valid_from: Ints
    price_minor: Ints
    category: Ints
    image: Ints

    def price(self, world: World, product: Ints, at: Ints) -> Ints:
        """Price of each product at each instant, minor units."""
        span = world.settings.end_s + 1
        keys = self.product * span + self.valid_from
        row = np.searchsorted(keys, product * span + at, side="right") - 1
        is_edited = (row >= 0) & (self.product[np.maximum(row, 0)] == product)
        price: Ints = world.products.price_minor[product].copy()
        price[is_edited] = self.price_minor[row[is_edited]]
        return price


def _ordinary(world: World) -> list[Relist]:
    """Sellers try another price now and then."""
    rng, products = stream(world.settings.seed, "listing edits"), world.products
    product = np.flatnonzero(chance(rng, EDITED_SHARE, len(products.merchant)))
    first = np.maximum(products.listed_at[product], world.settings.start_s) + DAY
    at = first + (rng.random(product.size) * (world.settings.end_s - first)).astype(np.int64)
    factor: Floats = np.exp(rng.normal(0.0, EDIT_SPREAD, product.size))
    in_time = at < world.settings.end_s
    removed_at = products.removed_at[product]
    in_time &= (removed_at < 0) | (at < removed_at)
    category = np.where(
        chance(rng, MOVED_SHARE, product.size), rng.integers(0, len(CATEGORIES), product.size), KEPT
    )
    fresh = world.new_identifiers("image", product.size)
    image = np.where(chance(rng, NEW_PHOTO_SHARE, product.size), fresh, KEPT)
    columns = (product, at, factor, category, image)
    rows = zip(*(column[in_time].tolist() for column in columns), strict=True)
    return [Relist(who, when, by, family, hash_, NEVER) for who, when, by, family, hash_ in rows]


def versions(world: World, relists: Sequence[Relist]) -> Versions:
    """All later versions: ordinary edits and what stories ask for, which wins where both do."""
    of_stories = {edit.product for edit in relists}
    ordinary = [edit for edit in _ordinary(world) if edit.product not in of_stories]
    inside = [edit for edit in (*ordinary, *relists) if edit.at < world.settings.end_s]
    rows = [_row(world, edit, edit.at) for edit in inside]
    back = [edit for edit in inside if edit.at < edit.until < world.settings.end_s]
    rows += [_row(world, Relist(e.product, e.until, 1.0, KEPT, KEPT, NEVER), e.until) for e in back]
    names = ("product", "valid_from", "price_minor", "category", "image")
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Int64), orient="row")
    frame = frame.unique(("product", "valid_from"), keep="last", maintain_order=True)
    frame = frame.sort("product", "valid_from")
    return Versions(*(frame[name].to_numpy() for name in names))


def _row(world: World, edit: Relist, at: int) -> tuple[int, int, int, int, int]:
    products = world.products
    market = int(world.merchants.market[products.merchant[edit.product]])
    step = float(per_market("price_step_minor")[market])
    minor = round(float(products.price_minor[edit.product]) * edit.price_factor / step)
    category = int(products.category[edit.product]) if edit.category < 0 else edit.category
    image = int(products.image[edit.product]) if edit.image < 0 else edit.image
    return edit.product, at, max(1, minor) * int(step), category, image
