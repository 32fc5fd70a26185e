"""A recall is told in many words."""

import polars as pl

from sample_data.hard_negatives import (
    defect_recall,
)
from tests.sample_data.conftest import Sample
from tests.sample_data.signatures import acting, share, while_acting


def test_recalls_are_told_in_many_words(dense: Sample) -> None:
    """HN: one-star bursts of honest buyers, defective goods, texts of their own."""
    merchants = acting(dense, defect_recall.NAME, "merchant")
    rows = dense.orders.join(merchants, on="merchant_id").filter(while_acting())
    assert share(rows, pl.col("reason") == "defective") > 0.15
    angry = rows.filter(pl.col("rating") == 1)
    assert angry.height >= 20
    assert angry["body"].n_unique() / angry.height > 0.3
