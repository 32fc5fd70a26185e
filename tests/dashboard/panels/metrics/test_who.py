"""Who is behind a metric that no order makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]


def _tables(app: AppTest) -> list[list[str]]:
    return [list(one.value.columns) for one in app.dataframe]


def test_new_accounts_are_named(open_page: Open) -> None:
    """Two opened this week, one the week before: each is a row, and there are no shops to ask."""
    app = open_page("metrics", {"metric": "sign_ups", "who": "buyer"})
    assert not app.exception
    (kinds,) = [one for one in app.button_group if one.label == "Who"]
    assert list(kinds.options) == ["Rings", "Buyers", "Kinds of risk"]
    (who,) = [one.value for one in app.dataframe if "share" in one.value.columns]
    assert sorted(who["n"].to_list()) == [0, 1, 1]
    assert sorted(who["change"].to_list()) == ["+1", "+1", "\N{MINUS SIGN}1"]


def test_nobody_in_particular_makes_a_mean_of_verdicts(open_page: Open) -> None:
    """There is no table, and no empty place for one."""
    app = open_page("metrics", {"metric": "time_to_detect"})
    assert not app.exception
    assert "Who is behind the change" not in " ".join(one.value for one in app.markdown)
