"""What a caller may choose about the sample marketplace.

Everything else is a named constant beside the code that uses it, so that two
worlds with equal settings are equal to the byte.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from sample_data.kit.errors import BadSettings

HOUR = 3_600  # seconds
DAY = 86_400  # seconds
ORDERS_PER_MERCHANT = 150  # mean; the median is far lower because shops are heavy-tailed
ORDERS_PER_CREATOR = 200
ORDERS_PER_BUYER = 5
FEWEST = {"merchants": 150, "creators": 100, "buyers": 2_500, "orders": 5_000, "days": 90}


@dataclass(frozen=True)
class WorldSettings:
    """Size, period and seed of one world; a count of None follows the orders."""

    orders: int = 300_000  # large enough for stable slices, small enough for a laptop
    merchants: int | None = None  # None: orders / 150
    creators: int | None = None  # None: orders / 200
    buyers: int | None = None  # None: orders / 5
    days: int = 120  # one 90-day feature window and a month of history to train on
    seed: int = 7  # names every random stream of the world
    start: date = date(2026, 6, 1)  # first UTC day of the data
    held_back: int = 0  # last days of the period that are made but not delivered at first
    story_density: float = 1.0  # rings per order against the default: tests want many in few orders

    def __post_init__(self) -> None:
        """Refuse a world too small to hold its stories."""
        if not self.story_density > 0.0:
            raise BadSettings(
                f"story_density is {self.story_density}; expected a number above 0. Use 1."
            )
        sizes = {name: getattr(self, name) for name in FEWEST}
        for name, fewest in FEWEST.items():
            value = sizes[name]
            if value is not None and value < fewest:
                raise BadSettings(
                    f"{name} is {value}; the planted stories need at least {fewest}. "
                    f"Ask for {name} >= {fewest}."
                )
        if not 0 <= self.held_back <= self.days - FEWEST["days"]:
            raise BadSettings(
                f"held_back is {self.held_back} of {self.days} days; at least {FEWEST['days']} "
                f"are delivered at first. Ask for 0 to {max(0, self.days - FEWEST['days'])}."
            )

    @property
    def merchant_count(self) -> int:
        """Number of shops."""
        return self.merchants or max(FEWEST["merchants"], self.orders // ORDERS_PER_MERCHANT)

    @property
    def creator_count(self) -> int:
        """Number of creators."""
        return self.creators or max(FEWEST["creators"], self.orders // ORDERS_PER_CREATOR)

    @property
    def buyer_count(self) -> int:
        """Number of buyer accounts before any ring recruits new ones."""
        return self.buyers or max(FEWEST["buyers"], self.orders // ORDERS_PER_BUYER)

    @property
    def start_s(self) -> int:
        """First instant of the data, seconds since 1970 UTC."""
        return int(datetime.combine(self.start, time(), UTC).timestamp())

    @property
    def end_s(self) -> int:
        """First instant after the data (midnight after the last day), seconds since 1970 UTC."""
        return self.start_s + self.days * DAY

    @property
    def present_day(self) -> int:
        """The first day that is not delivered at first: for the stories, today."""
        return self.days - self.held_back

    @property
    def made_share(self) -> float:
        """Days made over days delivered at first: what a share of the latter needs of all."""
        return self.days / self.present_day

    @property
    def scale(self) -> float:
        """Size relative to the default world; ring counts follow it."""
        return self.story_density * self.orders / 300_000

    def day_s(self, day: float) -> int:
        """The instant `day` days after the start."""
        return self.start_s + int(day * DAY)

    def day_after(self, delivered: int) -> datetime:
        """The first instant after `delivered` days, UTC without a zone: what is known then."""
        return datetime.combine(self.start + timedelta(days=delivered), time())


def with_weeks_ahead(settings: WorldSettings, days: int) -> WorldSettings:
    """The same world with `days` more that are held back; as many orders a day, as many actors."""
    whole = settings.days + days
    return replace(
        settings,
        orders=round(settings.orders * whole / settings.days),
        merchants=settings.merchant_count,
        creators=settings.creator_count,
        buyers=settings.buyer_count,
        days=whole,
        held_back=settings.held_back + days,
    )
