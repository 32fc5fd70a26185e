"""A stored number becomes exactly the one that is said, and every word agrees with it."""

from __future__ import annotations

import math
from statistics import geometric_mean

import pytest

from dashboard import text
from dashboard.view_models import words
from dashboard.view_models.spoken import beyond, filled, natural, spoken
from queries.catalogue import FORMATS, SHOWN

COUNTS = (0, 1, 2, 9, 10, 871, 12_345, 1_000_003)


@pytest.mark.parametrize("number", COUNTS)
def test_a_count_comes_back_from_its_logarithm(number: int) -> None:
    """Stored as ln(1 + n), said as n."""
    assert spoken(math.log1p(number), "log_count").said == f"{number:,}"


def test_a_typical_count_is_the_geometric_mean() -> None:
    """Stored as the mean of ln(n), said as the n of which that is the logarithm."""
    devices = (1, 1, 2, 5, 12)
    stored = sum(map(math.log, devices)) / len(devices)
    assert natural(stored, "log_mean") == pytest.approx(geometric_mean(devices), rel=1e-12)
    assert spoken(0.0, "log_mean").said == "1"


def test_a_difference_of_logarithms_is_how_many_times() -> None:
    """ln(7) less ln(5) is 1.4 times; a spread of ln(1.12) is 12 %."""
    assert spoken(math.log(7.0) - math.log(5.0), "log_times").said == "1.40 times"
    assert spoken(math.log(1.12), "log_spread").said == "12.0%"


@pytest.mark.parametrize("variation", [0.0, 0.5, 1.0, 1.4, 8.0])
def test_burstiness_is_the_variation_of_gaps(variation: float) -> None:
    """(v - 1) / (v + 1) is said as v: 1 is chance, 0 a clock."""
    stored = (variation - 1.0) / (variation + 1.0)
    assert natural(stored, "bursts") == pytest.approx(variation, rel=1e-12)


@pytest.mark.parametrize(("form", "levels", "unit"), [("hours_of_day", 8, 3.0), ("grades", 5, 1.0)])
def test_an_entropy_is_as_many_even_parts(form: str, levels: int, unit: float) -> None:
    """Orders evenly over two of eight blocks of the day are spread over six hours."""
    for used in range(1, levels + 1):
        stored = math.log(used) / math.log(levels)
        assert natural(stored, form) == pytest.approx(used * unit, rel=1e-12)


def test_half_one_star_and_half_five_lie_two_stars_from_the_average() -> None:
    """Polarisation is a standard deviation over its most, two stars."""
    assert spoken(1.0, "stars").said == "2.00 stars"


@pytest.mark.parametrize("form", SHOWN)
def test_more_of_what_is_stored_is_more_of_what_is_said(form: str) -> None:
    """A bound on a stored number is the same bound on the one that is said."""
    grid = [place / 8.0 for place in range(-8, 8)]
    said = [natural(number, form) for number in grid]
    assert said == sorted(set(said))


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_stored_as_it_is_said_stays(form: str) -> None:
    """Only a form of its own undoes anything."""
    assert natural(0.37, form) == 0.37


def test_a_difference_says_its_side() -> None:
    """Above, below or level: nobody reads a minus aloud."""
    assert spoken(-2.31, "deviations") == (
        *("2.31 sd below", "2.31 standard deviations below", "2.31 below"),
    )
    assert spoken(0.0, "deviations") == ("level", "level with", "level")
    assert spoken(0.0666, "points").said == "6.66 percentage points above"
    assert spoken(-1.4, "more") == ("1.40 fewer", "1.40 fewer than", "1.40 fewer")
    assert spoken(0.001, "more").said == "as many as"
    assert spoken(-0.034, "change").said == "down 3.40%"


def test_time_is_spelt_out_in_a_sentence() -> None:
    """`36 h` beside a bar is 36 hours aloud, and one of them is one."""
    assert spoken(36.0, "hours") == ("36 h", "36 hours", "36 hours")
    assert spoken(1.0, "seconds").said == "1 second"
    assert spoken(12.0, "days").said == "12 days"


@pytest.mark.parametrize("form", [one for one in SHOWN if one != "family"])
@pytest.mark.parametrize("number", [None, math.nan])
def test_what_is_unknown_is_a_dash(form: str, number: float | None) -> None:
    """Never a word of Python's."""
    assert set(spoken(number, form)) == {text.MISSING}


def test_a_family_has_no_number() -> None:
    """Neither a value nor a bound."""
    assert spoken(6.85, "family") == ("", "", "")
    assert words.feature_bound("merchant", "linked_strength", 6.85, is_above=True) == ""


def test_the_words_of_a_sentence_agree_with_its_number() -> None:
    """One order, two orders; 1.00 is no 1."""
    sentence = "{value} {order fits|orders fit}"
    said = [filled(sentence, spoken(number, "count")) for number in (0.0, 1.0, 2.0)]
    assert said == ["0 orders fit", "1 order fits", "2 orders fit"]


def test_a_bound_is_said_as_its_kind_is() -> None:
    """Orders are fewer, money is less, a difference is lower, and yes has no more."""
    forms = ("log_count", "money", "deviations", "yes_no")
    assert [beyond(form, is_above=False) for form in forms] == [
        *(" or fewer", " or less", " or lower", ""),
    ]
    bound = words.feature_bound(
        "merchant", "promoter_orders_log_30d", math.log1p(12), is_above=True
    )
    assert bound == "12 or more"


def test_a_typical_peer_is_left_out_where_there_is_none() -> None:
    """A sentence ends after its own number."""
    for peer in (None, math.nan):
        assert words.reason("merchant", "orders_1d", 1.0, peer) == "1 order in 1 day"
    assert words.reason("merchant", "orders_1d", 2.0, 0.0) == "2 orders in 1 day; typical peer 0"
