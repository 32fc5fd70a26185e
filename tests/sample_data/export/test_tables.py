"""Masked identifiers give nothing away."""

import pytest

from tests.sample_data.conftest import Sample

MASKED = {
    "merchants": ("bank_account_id", "return_address_id", "device_id", "warehouse_id"),
    "creators": ("bank_account_id", "device_id", "ip_id"),
    "orders": ("device_id", "ip_id", "address_id", "payment_token_id"),
}


@pytest.mark.parametrize("table", MASKED)
def test_masked_identifiers_of_two_kinds_share_no_digits(sample: Sample, table: str) -> None:
    """Equal internal numbers print differently, so nothing can be read off a mask."""
    rows = sample.table(table)
    digits = [rows[name].str.split("_").list.last() for name in MASKED[table]]
    for place, left in enumerate(digits):
        for right in digits[place + 1 :]:
            assert (left == right).mean() < 0.001  # type: ignore[operator]
