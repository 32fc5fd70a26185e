"""What several stories about orders ask: crews of accounts, what they share, what they buy.

Everything here looks at a sample of the world or at one ring, never at everybody, so
that a world of ten million accounts plants its stories in seconds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from sample_data.actors.world import World
from sample_data.kit.evasion_kinds import Evasion
from sample_data.kit.markets import CATEGORIES, MARKETS
from sample_data.kit.plan_records import Plot
from sample_data.kit.randomness import Bools, Floats, Ints, Rng
from sample_data.period.order_requests import NONE
from sample_data.period.shopping_habits import everyday_orders
from sample_data.planting.evasion import cells, rotate
from sample_data.planting.plan import Plan
from sample_data.planting.shop_tools import price_usd

PRODUCTS_SEEN = 20_000  # listings a story looks through to find what it wants


def all_variants(plots: Sequence[Plot], variants: Sequence[Evasion]) -> list[Plot]:
    """Plots that walk through the variants one by one: few rings meet each of them.

    Each round starts one variant later, so that over the rounds a variant is met
    both early and recently.
    """
    size = len(variants)
    return [
        replace(plot, variant=variants[(plot.number + plot.number // size) % size])
        for plot in plots
    ]


def share(plan: Plan, rng: Rng, accounts: Ints, kind: str, group: int) -> None:
    """Let about `group` accounts use one device, ip, address or payment token."""
    pool = _fresh(plan.world, kind, max(1, round(len(accounts) / group)))
    _give(plan.world, accounts, kind, pool[rng.permutation(len(accounts)) % len(pool)])


def share_in_cells(plan: Plan, accounts: Ints, kind: str, cell: Ints) -> None:
    """Let each cell of accounts use one identifier of its own."""
    pool = _fresh(plan.world, kind, int(cell.max(initial=0)) + 1)
    _give(plan.world, accounts, kind, pool[cell])


def tie(plan: Plan, rng: Rng, accounts: Ints, groups: Mapping[str, int], evasion: Evasion) -> None:
    """Let groups of a size per kind share identifiers, or only the cells of a fragmented ring."""
    cell = cells(rng, len(accounts), evasion)
    for kind, group in groups.items():
        if evasion.cell is None:
            share(plan, rng, accounts, kind, group)
        else:
            share_in_cells(plan, accounts, kind, cell)


def _counter(kind: str) -> str:
    return "payment_token" if kind == "payment" else kind


def _fresh(world: World, kind: str, count: int) -> Ints:
    return world.new_identifiers(_counter(kind), count)


def _give(world: World, accounts: Ints, kind: str, values: Ints) -> None:
    getattr(world.buyers, kind)[accounts] = values
    if kind == "device":
        world.buyers.second_device[accounts] = values
    if kind == "payment":
        world.buyers.spare_payment[accounts] = values


def rotated_identifiers(
    plan: Plan, rng: Rng, count: int, kinds: Sequence[str], evasion: Evasion
) -> dict[str, Ints]:
    """Identifier columns of `count` orders: the usual ones, or fresh where the ring rotates."""
    usual = np.full(count, NONE, dtype=np.int64)
    return {kind: rotate(rng, plan.world, _counter(kind), usual, evasion) for kind in kinds}


def tie_together(plan: Plan, owned: Ints) -> None:
    """One owner behind several shops: same payout account, same back-office machine."""
    rows = plan.world.merchants
    rows.bank[owned[:2]] = rows.bank[owned[:1]]
    rows.device[owned[-2:]] = rows.device[owned[-1:]]


def low_prices(world: World, quantile: float) -> Floats:
    """Low end of the listing prices, USD, shape (categories, markets)."""
    products = world.products
    market, usd = world.merchants.market[products.merchant], price_usd(world, _all(world))
    low = np.full((len(CATEGORIES), len(MARKETS)), np.median(usd))
    for family in range(len(CATEGORIES)):
        for code in range(len(MARKETS)):
            same = (products.category == family) & (market == code)
            if same.any():
                low[family, code] = np.quantile(usd[same], quantile)
    return low


def _all(world: World) -> Ints:
    return np.arange(len(world.products.merchant), dtype=np.int64)


def products_on_sale(plan: Plan, rng: Rng, market: int, span: tuple[int, int]) -> Ints:
    """Listings of a market, in random order, on sale all through `span`; a sample of them."""
    products, size = plan.world.products, len(plan.world.products.merchant)
    sample = (
        rng.permutation(size)
        if size <= PRODUCTS_SEEN
        else np.unique(rng.integers(0, size, PRODUCTS_SEEN))
    )
    removed_at = products.removed_at[sample]
    open_then = (products.listed_at[sample] < span[0]) & ((removed_at < 0) | (removed_at > span[1]))
    merchant, merchants = products.merchant[sample], plan.world.merchants
    here = (merchants.market[merchant] == market) & (merchants.closed_at[merchant] < 0)
    on_sale_then: Ints = rng.permutation(sample[here & open_then]).astype(np.int64)
    return on_sale_then


def has_stock(world: World, merchant: Ints, before: int) -> Bools:
    """Shops whose best seller was on sale `before` an instant and still is."""
    first = world.merchants.first_product[merchant]
    has_stock: Bools = (world.products.listed_at[first] < before) & (
        world.products.removed_at[first] < 0
    )
    return has_stock


def unchanged_products(plan: Plan, goods: Ints) -> Ints:
    """Those of some listings that no story has changed so far."""
    unchanged = [product for product in goods.tolist() if product not in plan.relisted]
    return np.array(unchanged, dtype=np.int64)


def real_orders(
    plan: Plan, rng: Rng, count: int, buyers: Ints, span: tuple[int, int], evasion: Evasion
) -> None:
    """Honest orders that `buyers` place between their `count` bad ones, where the variant mixes."""
    if evasion.real_share is None or len(buyers) == 0:
        return
    share = float(rng.uniform(*evasion.real_share))
    honest = round(count * share / (1.0 - share))
    plan.orders.append(everyday_orders(rng, plan.world, rng.choice(buyers, honest), span))
