"""The report of a case as one file: no script, font or picture from elsewhere; ready to print."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboard.view_models.case_report import CaseReport, Section, Sheet

_CSS = Path(__file__).with_name("report.css")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def report_html(report: CaseReport) -> bytes:
    """`report` as a page; every word of it is text, never markup."""
    head = (
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>{escape(report.title)}</title>"
        f"<style>\n{_CSS.read_text(encoding='utf-8')}</style>"
    )
    body = [
        f"<h1>{escape(report.title)}</h1>",
        *(line for section in report.sections for line in _section(section)),
        f"<footer>{escape(report.source)}</footer>",
    ]
    lines = "".join(f"{line}\n" for line in body)
    page = f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>\n{lines}</body></html>\n'
    return page.encode()


def _section(section: Section) -> Iterator[str]:
    yield f"<section><h2>{escape(section.title)}</h2>"
    if section.lines:
        yield "<dl>"
        for name, value in section.lines:
            yield f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
        yield "</dl>"
    for paragraph in section.paragraphs:
        if paragraph:
            yield f"<p>{escape(paragraph)}</p>"
    for sheet in section.sheets:
        yield from _sheet(sheet)
    yield "</section>"


def _sheet(sheet: Sheet) -> Iterator[str]:
    numbers = [name.startswith("#") for name in sheet.columns]
    kinds = [' class="number"' if is_number else "" for is_number in numbers]
    names = [name.removeprefix("#") for name in sheet.columns]
    head = "".join(
        f"<th{kind}>{escape(name)}</th>" for kind, name in zip(kinds, names, strict=True)
    )
    yield f"<table><thead><tr>{head}</tr></thead><tbody>"
    for row in sheet.rows:
        cells = "".join(
            f"<td{kind}>{escape(one)}</td>" for kind, one in zip(kinds, row, strict=True)
        )
        yield f"<tr>{cells}</tr>"
    yield "</tbody></table>"
