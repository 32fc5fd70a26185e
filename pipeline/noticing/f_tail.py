"""The upper tail of the F distribution, for those who cannot import scipy: the web process.

An incomplete beta function by its continued fraction, evaluated as Lentz (1976) does; held against
scipy to 1e-10 in the tests.
"""

from __future__ import annotations

import math

_MOST_STEPS = 500
_CLOSE = 1e-15
_TINY = 1e-300


def f_tail(between: int, within: int, value: float) -> float:
    """P(F >= value) with `between` and `within` degrees of freedom, both at least 1."""
    if value <= 0.0:
        return 1.0
    whole = within + between * value
    return _beta(within / 2.0, between / 2.0, within / whole, between * value / whole)


def _beta(a: float, b: float, x: float, rest: float) -> float:
    """Regularised incomplete beta function at 0 < x < 1; `rest` is 1 - x, in full precision."""
    logs = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    front = math.exp(logs + a * math.log(x) + b * math.log(rest))
    if x < (a + 1.0) / (a + b + 2.0):
        return front * _fraction(a, b, x) / a
    return 1.0 - front * _fraction(b, a, rest) / b


def _fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1.0 / _away(1.0 - (a + b) * x / (a + 1.0))
    value = d
    for m in range(1, _MOST_STEPS):
        for part in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1.0 / _away(1.0 + part * d)
            c = _away(1.0 + part / c)
            value *= d * c
        if abs(d * c - 1.0) < _CLOSE:
            break
    return value


def _away(x: float) -> float:
    return x if abs(x) > _TINY else _TINY
