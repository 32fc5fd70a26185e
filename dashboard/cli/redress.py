"""Commands for whoever was sanctioned: statements out, appeals in, the report of a case.

Each acts as the person that the environment names and is refused like a page.
"""

from __future__ import annotations

import csv
import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.access import viewer
from dashboard.cli.databases import casebook_url
from dashboard.cli.errors import Refusal, storing
from dashboard.cli.next_steps import BUILD
from dashboard.cli.terminal import out
from dashboard.errors import RingfenceError
from pipeline.whole_files import whole_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from dashboard.casebook import Casebook

statements = typer.Typer(help="Statements of reasons.", no_args_is_help=True)
appeals = typer.Typer(help="Appeals against decisions.", no_args_is_help=True)

Build = Annotated[Path, typer.Option("--build", help="Folder of the database.")]
_DAY = ["%Y-%m-%d"]
Since = Annotated[datetime | None, typer.Option(formats=_DAY, help="First day of the decisions.")]
Until = Annotated[datetime | None, typer.Option(formats=_DAY, help="Last day of the decisions.")]
_COLUMNS = ("reference", "received_on", "text")


@statements.command("export")
def export(
    target: Annotated[
        Path, typer.Argument(help="File to write: .csv, or .json, one for each 100 statements.")
    ],
    folder: Build = BUILD,
    since: Since = None,
    until: Until = None,
) -> None:
    """Write statements of reasons in the fields of the EU's DSA Transparency Database."""
    from dashboard.components.downloads import csv_bytes
    from dashboard.view_models.statement import faults, statement_table

    if target.suffix not in {".json", ".csv"}:
        raise Refusal(f"{target} is neither .json nor .csv. Name a file that ends in one of them.")
    days = [one.date() if one else None for one in (since, until)]
    made = _book(folder).statements_made(viewer=viewer(), since=days[0], until=days[1])
    if target.suffix == ".csv":
        files = {target: csv_bytes(statement_table(made))}
    else:
        files = _calls(target, [one.content["fields"] for one in made])
    for path, content in files.items():
        with storing(path), whole_file(path) as partial:
            partial.write_bytes(content)
    for one in made:
        for fault in faults(one.content["fields"]):
            said = f"{one.statement_id} would be refused: {fault}."
            out.print(said, markup=False, soft_wrap=True)
    many = "1 statement" if len(made) == 1 else f"{len(made):,} statements"
    first, *others = files
    where = f"{first} to {others[-1].name}" if others else f"{first}"
    out.print(f"{many} in {where}.", markup=False, soft_wrap=True)


def _calls(target: Path, fields: Sequence[Mapping[str, Any]]) -> dict[Path, bytes]:
    """A file for each call of the database's API: `name.json`, or `name-001.json` and so on."""
    parts = [fields[start : start + MOST_A_CALL] for start in range(0, len(fields), MOST_A_CALL)]
    if not parts[1:]:
        return {target: _json({"statements": list(fields)})}
    digits = max(len(str(len(parts))), 3)
    return {
        target.with_stem(f"{target.stem}-{number:0{digits}}"): _json({"statements": part})
        for number, part in enumerate(parts, 1)
    }


MOST_A_CALL = 100
"""Statements that the EU's database takes in one call."""


@appeals.command("import")
def take_in(
    source: Annotated[
        Path, typer.Argument(help="CSV with the columns reference, received_on, text.")
    ],
    folder: Build = BUILD,
) -> None:
    """Record appeals of a file; each line that is refused is said, the others are recorded."""
    book, today = _book(folder), _today(folder)
    recorded = 0
    for number, row in enumerate(_lines(source), start=2):
        try:
            _record(book, row, today)
        except (RingfenceError, ValueError) as error:
            out.print(f"Line {number}: {error}", markup=False, soft_wrap=True)
        else:
            recorded += 1
    many = "1 appeal" if recorded == 1 else f"{recorded:,} appeals"
    out.print(f"{many} recorded from {source}.", markup=False, soft_wrap=True)


@appeals.command("list")
def waiting(
    folder: Build = BUILD,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 100,
) -> None:
    """Print the appeals that nobody has judged, the first due first."""
    from dashboard.access import require

    require(viewer(), "audit" if viewer().may("audit") else "appeal")
    book = _book(folder)
    for one in book.appeals_waiting(limit=limit):
        late = ", late" if one.is_late else ""
        said = f"{one.appeal.due_on} {one.entity_key} {one.appeal.decision_id}{late}"
        out.print(said, markup=False, soft_wrap=True)
    out.print(f"{book.appeals_waiting_count():,} wait.", markup=False)


def report(
    decision: Annotated[str, typer.Argument(help="Number of a decision, dec_...")],
    target: Annotated[Path, typer.Option("--out", help="File to write.")] = Path("report.html"),
    folder: Build = BUILD,
    entry: Annotated[
        int | None, typer.Option(help="As of this entry of the audit trail; the last without.")
    ] = None,
) -> None:
    """Write the report of a decision from what was kept: the same bytes whenever it is made."""
    from dashboard.components.case_report import report_html
    from dashboard.view_models.case_report import report_of

    record = _book(folder).case_record(decision, viewer=viewer(), until=entry)
    with storing(target), whole_file(target) as partial:
        partial.write_bytes(report_html(report_of(record)))
    out.print(
        f"Decision {decision} as of entry {record.until} in {target}.",
        markup=False,
        soft_wrap=True,
    )


def _record(book: Casebook, row: dict[str, str], today: date) -> None:
    from dashboard.cases.redress import NewAppeal

    decision = book.decision_of_reference(row["reference"].strip())
    if decision is None:
        raise ValueError(f"No statement has the number {row['reference']!r}.")
    received = date.fromisoformat(row["received_on"].strip())
    book.appeal(NewAppeal(decision, row["text"], received), viewer=viewer(), today=today)


def _lines(source: Path) -> list[dict[str, str]]:
    if not source.is_file():
        raise Refusal(f"No file at {source}. Name a CSV with the columns {', '.join(_COLUMNS)}.")
    with source.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        lacking = set(_COLUMNS) - set(reader.fieldnames or ())
        if lacking:
            raise Refusal(f"{source} has no column {', '.join(sorted(lacking))}. Add it.")
        return [{name: row[name] or "" for name in _COLUMNS} for row in reader]


def _today(folder: Path) -> date:
    """The day that the data of the build stand at."""
    from dashboard.cli.databases import existing, finished
    from queries import scalar

    with finished(existing(folder)) as con:
        today: date = scalar(con, "select as_of from meta.build")
    return today


def _book(folder: Path) -> Casebook:
    from dashboard.casebook import open_casebook

    url = casebook_url(folder)
    if not url:
        raise Refusal(f"No casebook beside {folder}. Name one in RINGFENCE_CASEBOOK_URL.")
    return open_casebook(url)


def _json(content: object) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()
