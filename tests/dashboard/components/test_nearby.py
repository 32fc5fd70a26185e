"""What is read for the neighbours of a subject too is what is read for it alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.components.nearby import TOGETHER, part_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]

LINE = [f"buyer:{number:03d}" for number in range(60)]


def test_each_part_of_the_queue_is_the_same_for_all_in_it() -> None:
    """So that going from one to the next reads nothing anew; the last part is shorter."""
    parts = {tuple(part_of(LINE, key)) for key in LINE}
    assert sorted(map(len, parts)) == [60 - 2 * TOGETHER, TOGETHER, TOGETHER]
    assert sorted(key for part in parts for key in part) == LINE
    assert part_of(LINE, "buyer:nobody") == ["buyer:nobody"]
    assert part_of([], "buyer:1") == ["buyer:1"]


def test_next_draws_what_the_address_of_the_next_draws(open_page: Open) -> None:
    """Whoever is gone to by Next stands there as whoever is opened by a link, nobody between."""
    app = open_page("investigate", {"entity": "merchant:mer_1"})
    app.button(key="investigate.next").click().run()
    assert not app.exception
    following = app.query_params["entity"]
    assert following != "merchant:mer_1"
    alone = open_page("investigate", {"entity": following})
    for kind in ("markdown", "metric", "table"):
        gone_to, opened = ([str(one) for one in each.get(kind)] for each in (app, alone))
        assert len(gone_to) == len(opened), kind
    words = [[one.value for one in each.markdown] for each in (app, alone)]
    assert words[0] == words[1]
