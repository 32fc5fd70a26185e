"""Who is behind the change of a metric, each a click from the case or the investigation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.components import address, look
from dashboard.components.links import go
from dashboard.components.standings import case_standings, subjects
from dashboard.panels.metrics.reading import slice_filters, sums_of
from dashboard.store import data_version, has_table, read
from dashboard.text import plain
from dashboard.view_models import words
from dashboard.view_models.behind import KINDS, OF_RINGS, BehindView, Subject, band_label, key_of
from dashboard.view_models.queue import ring_titles

if TYPE_CHECKING:
    import polars as pl

    from dashboard.panels.metrics.selection import Selection
    from dashboard.view_models.periods import Compared
    from queries.registry import Kpi

MOST = 40


def draw_who(selection: Selection, compared: Compared) -> None:
    """Rings first; nothing where nobody in particular makes the metric, as of verdicts."""
    kinds = {} if selection.against else _kinds(selection.kpi)
    if not kinds:
        return
    title, choice = st.columns([0.3, 0.7], vertical_alignment="center")
    title.markdown("**Who is behind the change**")
    with choice:
        kind = address.segments("Who", "who", kinds, st.query_params.get("who", ""))
    rows = _rows(selection, compared, kind)
    view = BehindView.of(kind, rows, selection.kpi, _subjects(kind, rows, selection))
    if view.table.is_empty():
        st.caption("Nobody has a part in the change that is worth a row.")
        return
    _draw(view, kind, selection)


def _kinds(kpi: Kpi) -> dict[str, str]:
    """Kinds of whoever may be behind, in words."""
    if not has_table("rings.members"):
        return {}
    if kpi.is_of_cube:
        return KINDS
    if not has_table("alerts.metric_events"):
        return {}
    own = set(read("pages/metrics/event_kinds", kpi=kpi.code)["entity_type"])
    return {name: words for name, words in KINDS.items() if own and name in own | {*OF_RINGS}}


def _rows(selection: Selection, compared: Compared, kind: str) -> pl.DataFrame:
    kpi = selection.kpi
    asked = {
        "entity_type": kind,
        "markets": selection.markets,
        "since": compared.now.since,
        "until": compared.now.until,
        "before_since": compared.before.since,
        "before_until": compared.before.until,
        "limit": MOST,
    }
    if not kpi.is_of_cube:
        is_stock = kpi.window == "stock"
        return read("pages/metrics/events_behind", kpi=kpi.code, is_stock=is_stock, **asked)
    sums = sums_of(kpi)
    return read(
        "pages/metrics/behind",
        numerator=sums["numerator"],
        denominator=sums["denominator"],
        filters=slice_filters(selection),
        **asked,
    )


def _subjects(kind: str, rows: pl.DataFrame, selection: Selection) -> dict[str, Subject]:
    """What is known today of everybody in the rows that this viewer sees."""
    ids = rows["entity_id"].drop_nulls().to_list()
    if kind == "typology" or not ids:
        return {}
    standings = case_standings()
    doing = {key: words.case_status(one.state) for key, one in standings.items()}
    if kind == "ring":
        known = read("pages/queue/ring_titles", ring_ids=sorted(ids))
        titles = ring_titles(known)
        markets = dict(known.select("ring_id", "market").iter_rows())
        return {
            one: Subject(titles[one], markets[one] or "Several", "", doing.get(one, ""))
            for one in titles
        }
    keys = [key_of(kind, {"entity_id": one}) for one in ids]
    return {
        row["entity_key"]: Subject(
            plain(row["name"]),
            row["market"] or "",
            band_label(row["score_band"]),
            doing.get(row["entity_key"], ""),
        )
        for row in subjects(keys, selection.markets).iter_rows(named=True)
    }


def _draw(view: BehindView, kind: str, selection: Selection) -> None:
    slot = f"who-{data_version()}-{selection.kpi.code}-{kind}-{hash(tuple(view.table['name']))}"
    is_person = kind not in ("ring", "typology")
    look.table(
        view.table,
        {
            "name": look.text_column(KINDS[kind], width=300),
            "open": look.button_column("", f"{slot}-open", _open, (slot, view.targets)),
            "market": look.text_column("Market", width=80),
            "change": look.text_column("Adds to the change", width=150),
            "share": look.number_column("Of the change", look.PERCENT, width=110),
            "n": look.number_column(
                "Orders" if selection.kpi.is_of_cube else "Subjects", look.WHOLE, width=90
            ),
            **({"typology": look.text_column("Ring of", width=170)} if is_person else {}),
            **({"band": look.text_column("Alert", width=90)} if is_person else {}),
            **({"doing": look.text_column("Case", width=130)} if kind != "typology" else {}),
        },
        alt=f"{KINDS[kind]} by their part in the change of {selection.kpi.label}",
        key=slot,
        most_rows=10,
    )


def _open(slot: str, targets: tuple[tuple[str, dict[str, str]] | None, ...]) -> None:
    target = targets[st.session_state[f"{slot}-open"]["row"]]
    if target is not None:
        go(*target)
