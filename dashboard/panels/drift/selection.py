"""What the Drift page looks at: a market, two windows and a column, from the address."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.access import viewer
from dashboard.components import address, scope
from dashboard.components.empty_state import show_notes
from dashboard.errors import TableMissing
from dashboard.store import read
from dashboard.text import md_escape, plain, plural
from dashboard.view_models.data_drift import windows
from dashboard.view_models.drift_reference import VARIABLE, Reference, reference_of

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
    frozen: Reference

    @property
    def windows(self) -> dict[str, object]:
        """The parameters of queries that compare them."""
        return self._against(self.before)

    @property
    def frozen_windows(self) -> dict[str, object]:
        """The same, against the frozen reference."""
        return self._against(self.frozen.period)

    def _against(self, before: Period) -> dict[str, object]:
        return {
            "markets": self.markets,
            "since": self.now.since,
            "until": self.now.until,
            "before_since": before.since,
            "before_until": before.until,
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
    frozen = _frozen((first, last))
    st.caption(md_escape(frozen.sentence(now)), help=_FREEZE)
    return Selection(market, markets, now, before, first, last, frozen)


def _frozen(ends: tuple[date, date]) -> Reference:
    """The reference that stays; what is no pair of days is said and not used."""
    trained = None
    with suppress(TableMissing):
        trained = read("pages/drift/training_days").row(0, named=True)
    frozen = reference_of(ends, os.environ.get(VARIABLE, ""), trained)
    show_notes([frozen.problem] if frozen.problem else [])
    return frozen


_FREEZE = (
    f"A team freezes other days by the environment variable {VARIABLE}, as in "
    "2026-06-01/2026-07-31. The days compared with above are chosen by each for themselves."
)


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
