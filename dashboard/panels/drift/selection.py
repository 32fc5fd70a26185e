"""What the Drift page looks at: a market, two windows and a column, from the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.access import viewer
from dashboard.components import address, scope
from dashboard.text import plain, plural
from dashboard.view_models.data_drift import windows

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from dashboard.view_models.periods import Period

ALL = "all"
NOW, BEFORE = ("since", "until"), ("before_since", "before_until")


@dataclass(frozen=True)
class Selection:
    """One slice of the orders and two windows of its days."""

    market: str
    """A market, or all."""
    markets: list[str]
    """What to read; empty = every market."""
    now: Period
    before: Period
    first: date
    last: date

    @property
    def windows(self) -> dict[str, object]:
        """The parameters of queries that compare them."""
        return {
            "markets": self.markets,
            "since": self.now.since,
            "until": self.now.until,
            "before_since": self.before.since,
            "before_until": self.before.until,
        }

    @property
    def names(self) -> tuple[str, str]:
        """Both windows in words, the earlier use first: before, now."""
        return _span(self.before), _span(self.now)


def draw_filters(choices: pl.DataFrame) -> Selection:
    """One line: the market and both windows; `choices` are rows of `pages/drift/choices`."""
    labels = {} if viewer().markets else {ALL: "All markets"}
    labels |= {market: plain(market) for market in choices["market"]}
    # Days that every market has whole.
    first, last = max(choices["first_day"].to_list()), min(choices["last_day"].to_list())
    now, before = windows(first, last, address.current())
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        market = address.segments("Market", "market", labels, st.query_params.get("market", ""))
        box = st.popover(
            f"{_span(now)} against {_span(before)}",
            icon=":material/date_range:",
            key="drift.days",
            on_change="rerun",
        )
    if box.open:
        with box:
            _range("These days", NOW, now, (first, last))
            _range("Against", BEFORE, before, (first, last))
            st.caption(f"Held are {plural((last - first).days + 1, 'whole day')}.")
    markets = scope.markets([] if market == ALL else [market])
    return Selection(market, markets, now, before, first, last)


def _range(label: str, names: tuple[str, str], period: Period, ends: tuple[date, date]) -> None:
    key = f"drift.{names[0]}"
    st.session_state[key] = (period.since, period.until)
    st.date_input(
        label,
        min_value=ends[0],
        max_value=ends[1],
        key=key,
        on_change=_changed,
        args=(key, names),
    )


def _changed(key: str, names: tuple[str, str]) -> None:
    chosen = st.session_state[key]
    if isinstance(chosen, tuple) and len(chosen) == len(names):
        address.put(dict(zip(names, map(str, chosen), strict=True)))


def _span(period: Period) -> str:
    return f"{period.since:%-d %b} – {period.until:%-d %b}"
