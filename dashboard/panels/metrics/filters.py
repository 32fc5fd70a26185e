"""One quiet line over the Metrics page: where one is, which days are compared, and what is kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.components import address
from dashboard.components.empty_state import show_notes
from dashboard.panels.metrics.selection import SPANS
from dashboard.text import md_escape, plural
from dashboard.view_models.metric_words import DIMENSION_WORDS, slice_label
from dashboard.view_models.periods import Compared, Period
from queries.registry import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dashboard.panels.metrics.selection import Selection

LENGTHS = (7, 14, 28)
"""Days that one click compares with as many before."""


def draw_filters(selection: Selection, problems: Sequence[str]) -> None:
    """The way down as crumbs, each a step back, then the days and the filters."""
    show_notes(problems)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _crumbs(selection)
        _days(selection)
        _slices(selection)
        _against(selection)


def _crumbs(selection: Selection) -> None:
    """Everything, then each dimension in the order in which one went down."""
    names = list(selection.slices)
    st.button(
        "All orders",
        key="metrics.crumb",
        type="tertiary",
        disabled=not names,
        on_click=address.setter(**dict.fromkeys(names, "")),
    )
    for i, name in enumerate(names):
        words = ", ".join(slice_label(value) for value in selection.slices[name])
        st.button(
            f":gray[/] {md_escape(words)}",
            key=f"metrics.crumb.{name}",
            type="tertiary",
            help=f"{DIMENSION_WORDS[name]}: back to here",
            disabled=i == len(names) - 1,
            on_click=address.setter(**dict.fromkeys(names[i + 1 :], "")),
        )
    if names:
        st.button(
            "",
            key="metrics.crumb.up",
            type="tertiary",
            icon=":material/close:",
            help="One step back up",
            on_click=address.setter(**{names[-1]: ""}),
        )


def _days(selection: Selection) -> None:
    now, before = selection.compared.now, selection.compared.before
    box = st.popover(
        span_words(selection.compared),
        icon=":material/date_range:",
        key="metrics.days",
        on_change="rerun",
    )
    if not box.open:
        return
    with box:
        with st.container(horizontal=True, gap="xsmall"):
            for length in LENGTHS:
                st.button(
                    f"Last {length} days",
                    key=f"metrics.last.{length}",
                    on_click=_last,
                    args=(length, selection.clocks.last_whole_day),
                )
        ends = (selection.clocks.first_whole_day, selection.clocks.last_whole_day)
        _range("These days", ("since", "until"), now, ends)
        _range("Compared with", ("before_since", "before_until"), before, ends)
        st.caption("Or drag over the chart. A sum is compared as so much a day.")


def span_words(compared: Compared) -> str:
    """Both periods in a few words: `21 Sep - 27 Sep against the 7 days before`."""
    now, before = compared.now, compared.before
    span = _span(now)
    if before == now.before:
        return f"{span} against the {plural(now.length, 'day')} before"
    return f"{span} against {_span(before)}"


def _span(period: Period) -> str:
    if period.length == 1:
        return f"{period.since:%-d %b}"
    return f"{period.since:%-d %b} – {period.until:%-d %b}"


def _last(length: int, last: date) -> None:
    since = last - timedelta(days=length - 1)
    choose_days("now", Period(since, last))


def choose_days(which: str, period: Period) -> None:
    """Write the days of `now` or `before` into the address; the other ones stay with it."""
    names = SPANS[:2] if which == "now" else SPANS[2:]
    days = dict(zip(names, (f"{period.since}", f"{period.until}"), strict=True))
    address.put({**(dict.fromkeys(SPANS[2:], "") if which == "now" else {}), **days})


def _range(label: str, names: tuple[str, str], period: Period, ends: tuple[date, date]) -> None:
    key = f"url.{names[0]}"
    # The span before may begin before there were data: a box cannot show such a day.
    st.session_state[key] = (max(period.since, ends[0]), max(period.until, ends[0]))
    st.date_input(
        label,
        min_value=ends[0],
        max_value=ends[1],
        key=key,
        on_change=_range_changed,
        args=(key, "now" if names[0] == "since" else "before"),
    )


def _range_changed(key: str, which: str) -> None:
    both = _both(st.session_state[key])
    if both:
        choose_days(which, Period(*both))


def _both(chosen: Any) -> tuple[date, date] | None:
    """Both ends; None while the second one is being chosen."""
    ends = tuple(chosen) if isinstance(chosen, tuple | list) else ()
    return (ends[0], ends[-1]) if len(ends) > 1 else None


def _slices(selection: Selection) -> None:
    box = st.popover(
        "Filters", icon=":material/filter_list:", key="metrics.filters", on_change="rerun"
    )
    if not box.open:
        return
    with box:
        for dimension in DIMENSIONS:
            options = selection.options(dimension)
            if len(options) > 1:
                _pills(dimension, options, selection.slices.get(dimension, ()))


def _pills(dimension: str, options: Sequence[str], chosen: Sequence[str]) -> None:
    key = f"url.{dimension}"
    st.session_state[key] = list(chosen)
    _pill_row(dimension, options, key, _pills_changed, (dimension, key))


def _pill_row(
    dimension: str,
    options: Sequence[str],
    key: str,
    on_change: Callable[..., None],
    args: tuple[Any, ...],
) -> None:
    st.pills(
        DIMENSION_WORDS[dimension],
        options,
        key=key,
        selection_mode="multi",
        format_func=lambda value: md_escape(slice_label(value)),
        on_change=on_change,
        args=args,
    )


def _pills_changed(dimension: str, key: str) -> None:
    address.put({dimension: address.listed(st.session_state[key] or [])})


def _against(selection: Selection) -> None:
    """Another slice of the same days to compare with; all that is left out of this one, or any."""
    label = f"Against {selection.sides[1]}" if selection.against else "Compare"
    box = st.popover(
        md_escape(label),
        icon=":material/compare_arrows:",
        key="metrics.against",
        on_change="rerun",
    )
    if not box.open:
        return
    with box:
        st.caption("The same metric and days, in another slice in place of the days before.")
        with st.container(horizontal=True, gap="xsmall"):
            for name, chosen in selection.slices.items():
                rest = [one for one in selection.options(name) if one not in chosen]
                if rest:
                    st.button(
                        f"Everything but {md_escape(', '.join(map(slice_label, chosen)))}",
                        key=f"metrics.rest.{name}",
                        on_click=_compare,
                        args=({name: rest},),
                    )
            if selection.against:
                st.button("The days before", key="metrics.alone", on_click=_compare, args=({},))
        for dimension in DIMENSIONS:
            options = selection.options(dimension)
            if len(options) > 1:
                key = f"vs.{dimension}"
                st.session_state[key] = list(selection.against.get(dimension, ()))
                _pill_row(dimension, options, key, _against_changed, (selection, dimension, key))


def _against_changed(selection: Selection, dimension: str, key: str) -> None:
    chosen = {name: list(values) for name, values in selection.against.items()}
    _compare({**chosen, dimension: st.session_state[key] or []})


def _compare(against: Mapping[str, Sequence[str]]) -> None:
    values = [f"{name}={value}" for name, chosen in against.items() for value in chosen]
    address.put({"vs": address.listed(values), "split": ""})
