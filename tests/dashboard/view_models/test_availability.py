"""What is off, in sentences an analyst would say."""

from __future__ import annotations

import polars as pl

from dashboard.view_models.availability import off, shortened

ROWS = pl.DataFrame(
    {
        "reason": ["Table shipments is not delivered", "orders.ip_id is empty", "A", "B"],
        "features": [["Light parcels", "Few scans"], [], ["One"], ["One"]],
        "signals": [["Empty parcels"], ["One network"], [], []],
        "packs": [["Fake fulfilment"], [], [], []],
    }
)


def test_a_sentence_counts_what_one_fact_turns_off() -> None:
    """Only what there is, in the singular where it is one."""
    sentences = [one.sentence for one in off(ROWS)]
    assert sentences[:2] == [
        "Table shipments is not delivered: 2 features, 1 signal and 1 scheme are off.",
        "orders.ip_id is empty: 1 signal is off.",
    ]


def test_a_long_list_ends_with_how_much_is_left() -> None:
    """Nobody reads forty lines, and nothing is kept back without a word."""
    several = off(ROWS)
    assert shortened(several, 4) == tuple(one.sentence for one in several)
    assert shortened(several, 3)[-1] == "One more fact is missing."
    assert shortened(several, 2)[-1] == "2 more facts are missing."
    assert shortened(()) == ()
