"""Our tail of the F distribution is scipy's."""

from __future__ import annotations

import pytest
from scipy.special import fdtrc

from pipeline.noticing.f_tail import f_tail


@pytest.mark.parametrize("between", [1, 2, 5])
@pytest.mark.parametrize("within", [1, 2, 7, 118, 997])
@pytest.mark.parametrize("value", [0.0, 1e-9, 0.3, 1.0, 4.2, 60.0, 900.0, 1e7])
def test_it_is_scipys(between: int, within: int, value: float) -> None:
    """In relative terms, also where there is next to nothing left."""
    told = float(fdtrc(between, within, value))
    assert f_tail(between, within, value) == pytest.approx(told, rel=1e-10, abs=1e-250)
