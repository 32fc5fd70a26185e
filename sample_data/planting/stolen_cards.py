"""How goods are bought on somebody else's card, whatever they are bought for."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sample_data.kit.plan_records import Plot
from sample_data.kit.randomness import Ints, Rng, chance
from sample_data.period import disputes
from sample_data.planting.evasion import rotate
from sample_data.planting.plan import Plan

BILLING_MATCH: Final = (0.03, 0.20)  # docs/domain.md §T7: billing differs from shipping
DISPUTE_CHANCE: Final = 0.75  # assumption: cardholders who notice
DISPUTE_DAYS: Final = (12.0, 75.0)  # §T7: disputes 3-7 d, chargebacks 30-90 d
FRAUD: Final = float(disputes.KINDS.index("fraud"))


@dataclass(frozen=True)
class Purchase:
    """Orders on other people's cards; `address` and `tracking` of -1 mean as usual."""

    at: Ints
    buyer: Ints
    card: Ints
    product: Ints
    address: Ints
    express: float  # share
    declines: float  # mean
    tracking: Ints | None = None


def buy(plan: Plan, rng: Rng, ring: int, plot: Plot, purchase: Purchase) -> None:
    """Hand in orders paid with other people's cards."""
    count, buyers = len(purchase.at), plan.world.buyers
    label = (
        np.full(count, np.nan)
        if purchase.tracking is None
        else purchase.tracking.astype(np.float64)
    )
    plan.order(
        ring,
        at=purchase.at,
        buyer=purchase.buyer,
        product=purchase.product,
        payment=purchase.card,
        address=purchase.address,
        device=rotate(rng, plan.world, "device", buyers.device[purchase.buyer], plot.variant),
        ip=buyers.ip[purchase.buyer],
        is_express=chance(rng, purchase.express, count).astype(np.int64),
        pay_seconds=rng.uniform(12.0, 140.0, count),
        cancel_chance=0.01,
        click_seconds=rng.uniform(3.0, 60.0, count),
        prior_view=0.08,
        view_seconds=rng.uniform(3.0, 40.0, count),
        billing_match=float(rng.uniform(*BILLING_MATCH)),
        declines=np.floor(rng.exponential(purchase.declines + 1e-9, count)),
        review_chance=0.01,
        refund_chance=0.005,
        complaint_chance=0.0,
        tracking=label,
        dispute_chance=DISPUTE_CHANCE,
        dispute_days=rng.uniform(*DISPUTE_DAYS, count),
        dispute_kind=FRAUD,
    )
