"""CSV as people have it: read it where it can be, and name what it is where it cannot.

A file is looked at before the database is: its first bytes say whether it is a table at all,
its first line which sign parts the fields. Nothing else is guessed: every field is text until
the contract types it. A row that is no row (too many fields, bytes of another encoding) is
named by its line.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.inputs.faults import EXAMPLES, Fault, Verdict
from queries.literals import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from queries.contract import RawTable

HEAD_BYTES = 1 << 20
"""Bytes in which the column names lie."""
NULL_MARK = "\\N"
"""How databases write a null into CSV; an empty field without quotes is one too."""
DELIMITERS = (",", ";", "\t", "|")
SHOWN_SIGNS = 60
"""Signs shown of a first line that is no header."""
MOST_LINES = 100_000
"""Broken lines kept in mind: a file with more is refused in any case."""
_FOREIGN = {
    b"PK\x03\x04": ("is a ZIP archive or an Excel workbook", "Save the sheet as CSV (UTF-8)."),
    b"\xd0\xcf\x11\xe0": ("is an old Excel workbook", "Save the sheet as CSV (UTF-8)."),
    b"SQLite format 3": ("is an SQLite database", "Write the table out as CSV."),
    b"%PDF": ("is a PDF document", "Ask for the data as CSV."),
}
_SWALLOWS = ("UNQUOTED VALUE", "LINE SIZE OVER MAXIMUM")
"""Kinds after which nobody knows where the next row begins: they are never passed over."""
_LINES = {
    "TOO MANY COLUMNS": (
        "has more fields than the header",
        "A sign that parts fields stands in a text without quotes.",
        "Put such texts in double quotes.",
    ),
    "MISSING COLUMNS": (
        "has fewer fields than the header",
        "The line was cut short, or a text with a line break lacks its quotes.",
        "Write the line again.",
    ),
    "INVALID ENCODING": (
        "has bytes that are not UTF-8",
        "The file is in another encoding, such as Latin-1 or Windows-1252.",
        "Save it as UTF-8.",
    ),
    "UNQUOTED VALUE": (
        "has a quotation mark that does not close, or stands inside a text",
        "What follows may belong to the same text.",
        "Double the quotation marks of a text, and put the text in quotes.",
    ),
    "LINE SIZE OVER MAXIMUM": (
        "is longer than 2 MB",
        "A quotation mark may be open.",
        "Close it, or cut the text.",
    ),
}


@dataclass(frozen=True)
class CsvFile:
    """How one file is read."""

    file: Path
    columns: tuple[str, ...]
    delimiter: str
    encoding: str = "utf-8"
    skip: int = 0
    """Lines before the column names."""
    skips_broken: bool = False
    """Whether lines that are no rows are passed over."""

    @property
    def relation(self) -> str:
        """SQL that stands after `from`; every column is text, as it stands in the file."""
        return self._reader("ignore_errors = true" if self.skips_broken else "")

    @property
    def diagnosis(self) -> str:
        """The same, which fills the temporary table `reject_errors`."""
        return self._reader(f"store_rejects = true, rejects_limit = {MOST_LINES}")

    def _reader(self, more: str) -> str:
        columns = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in self.columns)
        options = [
            f"columns = {{{columns}}}",
            "header = true, auto_detect = false, quote = '\"', escape = '\"'",
            f"delim = {quoted(self.delimiter)}, encoding = '{self.encoding}', skip = {self.skip}",
            "nullstr = '', allow_quoted_nulls = false",
            *([more] if more else []),
        ]
        return f"read_csv({quoted(str(self.file))}, {', '.join(options)})"


@dataclass(frozen=True)
class BrokenLine:
    """A line that is no row of its table."""

    line: int
    kind: str
    """As the database calls it."""
    text: str


def look_at(file: Path, table: RawTable) -> CsvFile | Fault:
    """How to read a CSV file of a table, or why it is none."""
    with file.open("rb") as opened:
        head = opened.read(HEAD_BYTES)
    foreign = _foreign(head)
    if foreign:
        return Fault(str(file), "", 0, *foreign)
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    if encoding == "utf-8" and b"\x00" in head[:HEAD_BYTES]:
        found = "has zero bytes: it is UTF-16 without its mark, or no text at all"
        return Fault(str(file), "", 0, found, "Save it as UTF-8.")
    text = head.decode(encoding, errors="replace").lstrip("\ufeff")
    if text.lstrip()[:1] == "<":
        found, why = _markup(text)
        return Fault(str(file), "", 0, found, "Save the data themselves, as CSV.", why)
    skip = 1 if text.lower().startswith("sep=") else 0
    return _with_header(CsvFile(file, (), ",", encoding, skip), text, table)


def broken_lines(rows: list[tuple[int, str, str]]) -> list[BrokenLine]:
    """Lines of `reject_errors`, each once: a line that breaks two rules is one line."""
    first: dict[int, BrokenLine] = {}
    for line, kind, text in rows:
        first.setdefault(line, BrokenLine(line, kind, text))
    return sorted(first.values(), key=lambda one: one.line)


def line_faults(file: str, lines: Sequence[BrokenLine], of_rows: int, limit: float) -> list[Fault]:
    """One fault per kind of broken line; `limit` is the share of them that may be set aside."""
    faults = []
    for kind in dict.fromkeys(one.kind for one in lines):
        own = [one for one in lines if one.kind == kind]
        found, why, remedy = _words(kind)
        examples = tuple(f"line {one.line}" for one in own[:EXAMPLES])
        words = (found, remedy, why, examples)
        may_be = 0.0 if kind in _SWALLOWS else limit
        faults.append(Fault(file, "", len(own), *words, of_rows, Verdict.SET_ASIDE, may_be))
    return faults


def reason(line: BrokenLine) -> str:
    """Why a line was set aside."""
    return f"line {line.line} {_words(line.kind)[0]}"


def _words(kind: str) -> tuple[str, str, str]:
    return _LINES.get(kind, (f"cannot be read ({kind.lower()})", "", "Write the line again."))


def _foreign(head: bytes) -> tuple[str, str] | None:
    if not head.strip(b" \t\r\n\xef\xbb\xbf\xff\xfe\x00"):
        return "is an empty file", "Write the column names and the rows, or leave the file out."
    return next((said for magic, said in _FOREIGN.items() if head.startswith(magic)), None)


def _markup(text: str) -> tuple[str, str]:
    if "<html" in text[:4096].lower() or "<!doctype" in text[:4096].lower():
        return "is an HTML page", "A page of sign-in or of an error was saved in its place."
    return "is XML", "A table of lines and fields was expected."


def _with_header(form: CsvFile, text: str, table: RawTable) -> CsvFile | Fault:
    """The form with its column names, by the delimiter that finds most of the contract's."""
    lines = text.splitlines()[form.skip : form.skip + 1]
    line = lines[0] if lines else ""
    marked = text[4:5] if form.skip else ""
    candidates = [(one, _fields(line, one)) for one in (marked or DELIMITERS)]
    wanted = set(table.columns)
    delimiter, fields = max(candidates, key=lambda one: len(wanted & {f.lower() for f in one[1]}))
    lowered = [field.lower() for field in fields]
    if not wanted & set(lowered):
        return _no_header(str(form.file), line, table)
    twice = sorted({name for name in wanted if lowered.count(name) > 1})
    if twice:
        return column_twice(str(form.file), twice[0], [f for f in fields if f.lower() == twice[0]])
    return replace(form, columns=_unique(fields), delimiter=delimiter)


def column_twice(file: str, name: str, spellings: list[str]) -> Fault:
    """Two columns that are one name of the contract."""
    found = f"two columns of that name ({' and '.join(spellings)}); case makes no difference"
    return Fault(file, name, 0, found, "Keep the one that is meant.")


def _no_header(file: str, line: str, table: RawTable) -> Fault:
    if line.lstrip()[:1] in ("{", "["):
        found, remedy = "is JSON, not CSV", "Write it as CSV or Parquet."
    else:
        cut = line if len(line) <= SHOWN_SIGNS else line[:SHOWN_SIGNS] + "…"
        found = f"its first line holds no column name that is asked for: {cut!r}"
        remedy = f"Begin it with a line of names: {', '.join(list(table.columns)[:3])}, ..."
    return Fault(file, "", 0, found, remedy)


def _fields(line: str, delimiter: str) -> list[str]:
    return [field.strip() for field in next(csv.reader([line], delimiter=delimiter), [])]


def _unique(fields: list[str]) -> tuple[str, ...]:
    """Names that a relation can have: none empty, none twice."""
    names: list[str] = []
    for place, field in enumerate(fields):
        name = field or f"column {place + 1}"
        taken = {one.lower() for one in names}
        names.append(name if name.lower() not in taken else f"{name} {place + 1}")
    return tuple(names)
