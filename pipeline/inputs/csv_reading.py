"""CSV as people have it: read it where it can be, and name what it is where it cannot.

A file is looked at before the database is: its first bytes say whether it is a table at all,
its first line which sign parts the fields. Nothing else is guessed: every field is text until
the contract types it. A row that is no row (too many fields, bytes of another encoding) is
named by its line, and by its file where a table has several.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyarrow as pa

from pipeline.inputs.faults import EXAMPLES, Fault, Verdict
from queries.literals import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.inputs.sources import CsvParts
    from queries.contract import RawTable

HEAD_BYTES = 1 << 16
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
class CsvForm:
    """How files with the same first line are read."""

    files: tuple[Path, ...]
    columns: tuple[str, ...]
    delimiter: str
    encoding: str = "utf-8"
    skip: int = 0
    """Lines before the column names."""
    packing: str = "none"
    hive: bool = False
    """Whether folders on the way hold columns, as in `dt=2026-06-01/`."""

    def reader(self, more: str) -> str:
        """SQL of a table function; every column is text, as it stands in the file."""
        listed = ", ".join(quoted(literal_path(str(file))) for file in self.files)
        columns = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in self.columns)
        options = [
            f"columns = {{{columns}}}",
            "header = true, auto_detect = false, quote = '\"', escape = '\"'",
            f"delim = {quoted(self.delimiter)}, encoding = '{self.encoding}', skip = {self.skip}",
            f"nullstr = '', allow_quoted_nulls = false, compression = '{self.packing}'",
            *(["hive_partitioning = true, hive_types_autocast = false"] if self.hive else []),
            *([more] if more else []),
        ]
        return f"read_csv([{listed}], {', '.join(options)})"


@dataclass(frozen=True)
class CsvTable:
    """How one table is read."""

    forms: tuple[CsvForm, ...]
    skips_broken: bool = False
    """Whether lines that are no rows are passed over."""

    @property
    def relation(self) -> str:
        """SQL that stands after `from`; columns of several files are matched by name."""
        more = "ignore_errors = true" if self.skips_broken else ""
        parts = [form.reader(more) for form in self.forms]
        if len(parts) == 1:
            return parts[0]
        return f"({' union all by name '.join(f'select * from {part}' for part in parts)})"

    @property
    def diagnoses(self) -> list[str]:
        """The same, form by form; each fills the temporary tables `reject_errors`, `_scans`."""
        more = f"store_rejects = true, rejects_limit = {MOST_LINES}"
        return [form.reader(more) for form in self.forms]

    @property
    def has_parts(self) -> bool:
        """Whether a line is named by its number only together with its file."""
        return sum(len(form.files) for form in self.forms) > 1


@dataclass(frozen=True)
class BrokenLine:
    """A line that is no row of its table."""

    line: int
    kind: str
    """As the database calls it."""
    text: str
    part: str = ""
    """Name of its file, where the table has several."""

    def __str__(self) -> str:
        return f"{self.part} line {self.line}".strip()


def look_at(parts: CsvParts, table: RawTable) -> CsvTable | Fault:
    """How to read the CSV files of a table, or why one is none."""
    alike: dict[tuple[object, ...], list[CsvForm]] = {}
    for file in parts.files:
        form = _look_at_file(file, parts.packing, table)
        if isinstance(form, Fault):
            return form
        key = (form.columns, form.delimiter, form.encoding, form.skip)
        alike.setdefault(key, []).append(form)
    joined = [
        replace(forms[0], files=tuple(one.files[0] for one in forms), hive=parts.hive)
        for forms in alike.values()
    ]
    return CsvTable(tuple(joined))


def _look_at_file(file: Path, packing: str, table: RawTable) -> CsvForm | Fault:
    head = _head(file, packing)
    if isinstance(head, Fault):
        return head
    foreign = _foreign(head)
    if foreign:
        return Fault(str(file), "", 0, *foreign)
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    if encoding == "utf-8" and b"\x00" in head:
        found = "has zero bytes: it is UTF-16 without its mark, or no text at all"
        return Fault(str(file), "", 0, found, "Save it as UTF-8.")
    text = head.decode(encoding, errors="replace").lstrip("\ufeff")
    if text.lstrip()[:1] == "<":
        found, why = _markup(text)
        return Fault(str(file), "", 0, found, "Save the data themselves, as CSV.", why)
    skip = 1 if text.lower().startswith("sep=") else 0
    return _with_header(CsvForm((file,), (), ",", encoding, skip, packing), text, table)


def _head(file: Path, packing: str) -> bytes | Fault:
    """The first bytes of a file, unpacked."""
    try:
        if packing == "none":
            with file.open("rb") as opened:
                return opened.read(HEAD_BYTES)
        with pa.CompressedInputStream(pa.OSFile(str(file)), packing) as unpacked:
            return bytes(unpacked.read(HEAD_BYTES))
    except (OSError, pa.ArrowException) as error:
        found = f"cannot be unpacked ({str(error).splitlines()[0]})"
        return Fault(str(file), "", 0, found, "Write the file again: it is damaged.")


def broken_lines(rows: list[tuple[int, str, str, str]]) -> list[BrokenLine]:
    """Lines of `reject_errors`, each once: a line that breaks two rules is one line."""
    first: dict[tuple[str, int], BrokenLine] = {}
    for line, kind, text, part in rows:
        first.setdefault((part, line), BrokenLine(line, kind, text, part))
    return sorted(first.values(), key=lambda one: (one.part, one.line))


def line_faults(file: str, lines: Sequence[BrokenLine], of_rows: int, limit: float) -> list[Fault]:
    """One fault per kind of broken line; `limit` is the share of them that may be set aside."""
    faults = []
    for kind in dict.fromkeys(one.kind for one in lines):
        own = [one for one in lines if one.kind == kind]
        found, why, remedy = _words(kind)
        examples = tuple(str(one) for one in own[:EXAMPLES])
        words = (found, remedy, why, examples)
        may_be = 0.0 if kind in _SWALLOWS else limit
        faults.append(Fault(file, "", len(own), *words, of_rows, Verdict.SET_ASIDE, may_be))
    return faults


def reason(line: BrokenLine) -> str:
    """Why a line was set aside."""
    return f"{line} {_words(line.kind)[0]}"


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


def _with_header(form: CsvForm, text: str, table: RawTable) -> CsvForm | Fault:
    """The form with its column names, by the delimiter that finds most of the contract's."""
    lines = text.splitlines()[form.skip : form.skip + 1]
    line = lines[0] if lines else ""
    marked = text[4:5] if form.skip else ""
    candidates = [(one, _fields(line, one)) for one in (marked or DELIMITERS)]
    wanted = set(table.columns)
    delimiter, fields = max(candidates, key=lambda one: len(wanted & {f.lower() for f in one[1]}))
    lowered = [field.lower() for field in fields]
    if not wanted & set(lowered):
        return _no_header(str(form.files[0]), line, table)
    twice = sorted({name for name in wanted if lowered.count(name) > 1})
    if twice:
        return column_twice(
            str(form.files[0]), twice[0], [f for f in fields if f.lower() == twice[0]]
        )
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


def literal_path(path: str) -> str:
    """A path that DuckDB does not take for a pattern."""
    return "".join(f"[{sign}]" if sign in "[*?" else sign for sign in path)


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
