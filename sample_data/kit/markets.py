"""Markets and categories: the constants every actor of the world lives under.

Rates are frozen for the period so that money adds up exactly; all figures are
assumptions unless a line says otherwise.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sample_data.kit.randomness import Floats, Ints


@dataclass(frozen=True)
class Market:
    """One country: its money, clock and share of the marketplace."""

    code: str  # ISO country
    currency: str  # ISO currency
    usd_per_unit: float  # frozen rate
    price_step_minor: int  # shelf prices are multiples of this
    utc_offset_hours: int  # local clock, for the daily rhythm: of the zone, in summer
    time_zone: str  # IANA
    share: float  # of all actors
    transit_hours: float  # median from first scan to delivery
    carriers: tuple[str, ...]  # invented delivery companies


@dataclass(frozen=True)
class Category:
    """One product family: its prices, returns, reviews and parcels."""

    name: str
    share: float  # of shops
    price_usd: float  # median
    price_sigma: float  # spread of the log price
    return_rate: float  # of delivered orders outside live streams
    # of delivered live orders; apparel 30-80 % is honest (docs/domain.md §T4)
    live_return_rate: float
    review_rate: float  # of delivered orders
    weight_grams: float  # median
    commission: float  # usual rate on items


MARKETS: Final = (
    Market(
        "US",
        "USD",
        1.0,
        1,
        -5,
        "America/Chicago",
        0.36,
        66.0,
        ("Blue Heron Post", "Overland Parcel"),
    ),
    Market("GB", "GBP", 1.27, 1, 1, "Europe/London", 0.22, 44.0, ("Albion Parcels", "Larkway")),
    Market(
        "SG",
        "SGD",
        0.74,
        10,
        8,
        "Asia/Singapore",
        0.16,
        26.0,
        ("Merlin Courier", "Straits Dispatch"),
    ),
    Market(
        "ID",
        "IDR",
        0.000062,
        10_000,
        7,
        "Asia/Jakarta",
        0.26,
        72.0,
        ("Kilat Raya", "Elang Biru Kurir"),
    ),
)

CATEGORIES: Final = (
    Category("Apparel", 0.20, 21.0, 0.55, 0.19, 0.42, 0.22, 320.0, 0.14),
    Category("Shoes & bags", 0.09, 33.0, 0.55, 0.15, 0.29, 0.22, 780.0, 0.12),
    Category("Beauty", 0.16, 14.0, 0.60, 0.04, 0.06, 0.30, 160.0, 0.16),
    Category("Electronics", 0.10, 36.0, 0.80, 0.09, 0.11, 0.24, 420.0, 0.07),
    Category("Home", 0.13, 19.0, 0.70, 0.06, 0.08, 0.22, 900.0, 0.10),
    Category("Food", 0.09, 12.0, 0.50, 0.02, 0.03, 0.26, 650.0, 0.09),
    Category("Toys", 0.07, 17.0, 0.60, 0.05, 0.06, 0.22, 480.0, 0.10),
    Category("Baby", 0.05, 22.0, 0.55, 0.06, 0.07, 0.28, 560.0, 0.10),
    Category("Sports", 0.06, 25.0, 0.65, 0.08, 0.10, 0.20, 700.0, 0.11),
    Category("Stationery", 0.05, 5.5, 0.45, 0.02, 0.03, 0.24, 28.0, 0.12),
)

CHANNELS: Final = ("live", "video", "affiliate", "shop_tab")
LIVE, VIDEO, AFFILIATE, SHOP_TAB = range(4)
APPAREL, STATIONERY = 0, 9

# Share of a market's orders by local hour: asleep, morning, lunch, the evening peak.
_LOCAL_HOURS: Final = np.array(
    [
        2.2,
        1.3,
        0.8,
        0.5,
        0.4,
        0.6,
        1.3,
        2.4,
        3.3,
        3.9,
        4.4,
        4.9,
        5.8,
        5.4,
        4.7,
        4.5,
        4.6,
        5.0,
        5.8,
        7.2,
        9.0,
        9.6,
        7.4,
        4.6,
    ]
)


def per_market(field: str) -> Floats:
    """A numeric field of every market as an array."""
    return np.array([getattr(market, field) for market in MARKETS], dtype=np.float64)


def per_category(field: str) -> Floats:
    """A numeric field of every category as an array."""
    return np.array([getattr(category, field) for category in CATEGORIES], dtype=np.float64)


def utc_hour_shares(market: int) -> Floats:
    """Share of a market's orders by UTC hour, 24 values that sum to one."""
    by_utc_hour = np.roll(_LOCAL_HOURS, -MARKETS[market].utc_offset_hours)
    shares: Floats = by_utc_hour / by_utc_hour.sum()
    return shares


def to_minor(usd: Floats, market: Ints) -> Ints:
    """Dollars as a shelf price in minor units of each row's market."""
    step = per_market("price_step_minor")[market]
    minor = usd / per_market("usd_per_unit")[market] * 100.0
    return (np.maximum(np.round(minor / step), 1.0) * step).astype(np.int64)
