"""The brief as one file: no script, no font, no picture from elsewhere; ready to print."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.view_models.brief import MOST_FINDINGS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dashboard.view_models.brief import Brief, BriefFigure, BriefFinding, Definition

_CSS = Path(__file__).with_name("brief.css")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_WIDTH, _HEIGHT = 120.0, 24.0


def brief_html(brief: Brief) -> bytes:
    """`brief` as a page; every word of it is text, never markup."""
    css = _CSS.read_text(encoding="utf-8")
    head = (
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>{escape(brief.title)}</title><style>\n{css}</style>"
    )
    body = [
        f"<h1>{escape(brief.title)}</h1>",
        f'<p class="soft">{escape(brief.days)} · {escape(brief.slice)}</p>',
        "<h2>Figures</h2>",
        _table(brief.figures),
        "<h2>What moved</h2>",
        _findings(brief.findings, brief.quiet),
        *_announced(brief.announced),
        "<h2>What the figures are</h2>",
        _definitions(brief.definitions),
        f"<footer>{escape(brief.source)}</footer>",
    ]
    top = f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>\n'
    return f"{top}{_lines(body)}</body></html>\n".encode()


def _lines(parts: Iterable[str]) -> str:
    return "".join(f"{part}\n" for part in parts)


def _table(figures: Iterable[BriefFigure]) -> str:
    names = ("Now", "Before", "Change", "Noise")
    head = "".join(f'<th class="number">{name}</th>' for name in names)
    rows = _lines(
        f"<tr><td>{escape(one.label)}</td>"
        f'<td class="number">{escape(one.value)}</td>'
        f'<td class="number">{escape(one.before)}</td>'
        f'<td class="number {escape(one.tone)}">{escape(one.change)}</td>'
        f'<td class="number soft">{escape(one.noise)}</td>'
        f"<td>{_sparkline(one.line)}</td>"
        f'<td class="number soft">{one.until:%-d %b}</td></tr>'
        for one in figures
    )
    last = '<th>Last weeks</th><th class="number">To</th>'
    return (
        f"<table><thead><tr><th>Metric</th>{head}{last}</tr></thead><tbody>\n{rows}</tbody></table>"
    )


def _findings(findings: tuple[BriefFinding, ...], quiet: str) -> str:
    if not findings:
        return f"<p>{escape(quiet)}</p>"
    left = len(findings) - MOST_FINDINGS
    more = f'<p class="soft">{left} more on the Metrics page.</p>' if left > 0 else ""
    return f"<ol>\n{_lines(_finding(one) for one in findings[:MOST_FINDINGS])}</ol>{more}"


def _announced(sentences: tuple[str, ...]) -> list[str]:
    if not sentences:
        return []
    entries = _lines(f"<li>{escape(one)}</li>" for one in sentences)
    return ["<h2>What announced changes did</h2>", f"<ul>\n{entries}</ul>"]


def _finding(one: BriefFinding) -> str:
    more = "".join(
        f'<p class="soft">{escape(part)}</p>' for part in (one.cause, one.who, one.doing) if part
    )
    return f'<li><p class="{escape(one.tone)}">{escape(one.sentence)}</p>{more}</li>'


def _definitions(definitions: Iterable[Definition]) -> str:
    entries = _lines(
        f"<dt>{escape(one.label)}</dt>"
        f"<dd>{escape(one.text)} Counted: {escape(one.cohort)}. Owner: {escape(one.owner)}.</dd>"
        for one in definitions
    )
    return f"<dl>\n{entries}</dl>"


def _sparkline(values: tuple[float | None, ...]) -> str:
    """The line of a figure, with holes where a day has no value, a point for one alone."""
    numbers = [value for value in values if value is not None]
    if len(numbers) < 2:  # noqa: PLR2004 - a line has two ends
        return ""
    low, span = min(numbers), (max(numbers) - min(numbers)) or 1.0
    step = _WIDTH / (len(values) - 1)
    path, is_down = [], False
    for i, value in enumerate(values):
        if value is not None:
            y = _HEIGHT - 2.0 - (value - low) / span * (_HEIGHT - 4.0)
            path.append(f"{'L' if is_down else 'M'}{i * step:.1f} {y:.1f}")
            is_point = not is_down and (i + 1 == len(values) or values[i + 1] is None)
            path.append("h0" if is_point else "")
        is_down = value is not None
    box = f"0 0 {_WIDTH:.0f} {_HEIGHT:.0f}"
    return f'<svg viewBox="{box}" aria-hidden="true"><path d="{"".join(path)}"/></svg>'
