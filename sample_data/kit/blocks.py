"""The period cut into ranges of whole days, so that memory holds one range at a time.

The cut follows from the settings alone, and every draw inside a block comes from a
stream named after it: how many blocks are in flight changes nothing that is written.
"""

from dataclasses import dataclass
from itertools import pairwise

from sample_data.kit.settings import WorldSettings

ORDERS_PER_BLOCK = 120_000  # large enough for vectors to pay, small enough for 200 MB


@dataclass(frozen=True)
class Block:
    """A range of whole days; `end_s` is the first instant after it."""

    number: int
    first_day: int
    days: int
    start_s: int
    end_s: int

    def name(self, step: str) -> str:
        """The random stream of a step in this block."""
        return f"{step} {self.number}"


def blocks(settings: WorldSettings) -> list[Block]:
    """The blocks of a period, in time order and of nearly equal length."""
    count = max(1, min(settings.days, round(settings.orders / ORDERS_PER_BLOCK)))
    edges = [round(number * settings.days / count) for number in range(count + 1)]
    spans = pairwise(edges)
    return [
        Block(number, first, last - first, settings.day_s(first), settings.day_s(last))
        for number, (first, last) in enumerate(spans)
    ]
