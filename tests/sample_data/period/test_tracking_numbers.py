"""A carrier gives a number once; what is used twice was bought."""

import numpy as np
import polars as pl

from sample_data import WorldSettings
from sample_data.kit.blocks import Block
from sample_data.kit.randomness import stream
from sample_data.kit.settings import DAY
from sample_data.period.tracking_numbers import Dispatch, tracking_codes, tracking_numbers
from tests.sample_data.conftest import Sample


def test_a_tracking_number_is_used_again_only_by_few(sample: Sample) -> None:
    """Carriers give a number once; what is used twice was bought."""
    numbers = sample.table("shipments")["tracking_number"]
    again = 1.0 - numbers.n_unique() / len(numbers)
    assert 0.0 < again < 0.01


def test_carriers_number_labels_without_repeats() -> None:
    """Whatever block and carrier hand them out, numbers differ; a bought stack is consecutive."""
    settings, rng = WorldSettings(orders=5_000), stream(7, "labels")
    count, numbers = 4_000, []
    sold = {"merchant": rng.integers(0, 60, count), "tracking": np.full(count, np.nan)}
    for number in range(3):
        block = Block(number, number, 1, settings.day_s(number), settings.day_s(number + 1))
        carrier = rng.integers(0, 8, count)
        dispatch = Dispatch(carrier, settings.start_s + rng.integers(0, 6 * DAY, count))
        code = tracking_codes(rng, settings, block, pl.DataFrame(sold), dispatch)
        numbers.append(tracking_numbers(pl.Series(carrier), pl.Series(code)))
    assert pl.concat(numbers).n_unique() == 3 * count
    stack = pl.DataFrame(sold | {"tracking": np.arange(count, dtype=np.float64)})
    code = tracking_codes(rng, settings, block, stack, dispatch)
    stack_numbers = tracking_numbers(pl.Series(np.full(count, 3)), pl.Series(code))
    assert stack_numbers.str.len_chars().unique().to_list() == [13]
    steps = stack_numbers.str.slice(2).cast(pl.Int64).diff().drop_nulls()
    assert (steps == 1).mean() > 0.99  # type: ignore[operator]
