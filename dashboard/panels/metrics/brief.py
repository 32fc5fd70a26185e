"""The brief as a download: one page that can be sent to whoever was not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.components.downloads import File, download
from dashboard.components.metric_brief import brief_html
from dashboard.panels.metrics.announced import changes_of
from dashboard.panels.metrics.filters import span_words
from dashboard.panels.metrics.selection import metrics_of
from dashboard.panels.metrics.tiles import FIRST_FIGURES, figures_of
from dashboard.store import build
from dashboard.view_models.brief import (
    Brief,
    BriefFinding,
    brief_figures,
    definitions_of,
)
from dashboard.view_models.findings import QUIET
from dashboard.view_models.metric_words import slice_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.panels.metrics.selection import Selection
    from dashboard.view_models.findings import Finding


def draw_brief(selection: Selection, moved: Sequence[Finding]) -> None:
    """A button; the page is made when it is asked for, and for those who may export."""
    day = build().as_of
    download(
        "Brief",
        lambda: _file(brief_of(selection, moved)),
        filename=f"brief-{day}.html",
        mime="text/html",
        key="metrics.brief",
    )


def _file(brief: Brief) -> File:
    return File(brief_html(brief), len(brief.figures) + len(brief.findings))


def brief_of(selection: Selection, moved: Sequence[Finding]) -> Brief:
    """The brief of what the page shows: its figures, findings and definitions."""
    known = metrics_of()
    codes = dict.fromkeys((*FIRST_FIGURES, selection.kpi.code))
    figures, rows, complete = figures_of(
        [known[code] for code in codes if code in known], selection
    )
    shown = [figures[code] for code in codes if code in figures]
    values = [slice_label(one) for chosen in selection.slices.values() for one in chosen]
    of = build()
    return Brief(
        title=f"Marketplace risk on {of.as_of:%-d %B %Y}",
        days=span_words(selection.compared),
        slice=", ".join(values) or "All orders",
        figures=brief_figures(shown, rows, complete),
        findings=tuple(
            BriefFinding(one.sentence, one.cause, one.who, one.doing, one.tone) for one in moved
        ),
        quiet=QUIET,
        announced=tuple(
            f"{one.name}. {one.sentence}" for one in changes_of(selection) if one.params
        ),
        definitions=definitions_of(shown),
        source=(
            f"Ringfence {of.ringfence_version} on data up to {of.as_of}, fingerprint "
            f"{of.data_fingerprint[:12]}, {of.order_count:,} orders. {selection.clocks.sentence}"
        ),
    )
