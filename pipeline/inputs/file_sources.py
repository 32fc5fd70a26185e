"""Tables that lie as files: one file each, or a folder of part files, whoever wrote them.

Spark, Hive and `copy ... partition_by` make a folder of parts, warehouses unload `.csv.gz`, and
a link may stand for either. The content decides what a file is, its name only where the
content does not say. Text (CSV, JSON) is delivered as text: the contract types it, so that no
leading zero and no offset of a time is lost to a guess.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pipeline.errors import InputError
from pipeline.inputs import delta_tables
from pipeline.inputs.csv_reading import literal_path
from pipeline.inputs.extensions import lacking
from pipeline.inputs.sources import EXPECTED, CsvParts, Problem, Source, SourceTable
from queries.literals import quoted

if TYPE_CHECKING:
    import duckdb

    from pipeline.inputs.extensions import Loads

FORMATS = {
    ".parquet": "parquet",
    ".parq": "parquet",
    ".csv": "csv",
    ".tsv": "csv",
    ".json": "json",
    ".ndjson": "json",
    ".jsonl": "json",
}
PACKED = {".gz": "gzip", ".zst": "zstd"}
MAGIC = {b"PAR1": "parquet", b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
FOREIGN = (".zip", ".bz2", ".xz", ".7z", ".xlsx", ".xls", ".avro", ".orc", ".feather", ".arrow")
REMEDY = "Write the table as Parquet, CSV or JSON, packed with gzip or not at all."
LOG = "_delta_log"
JSON_ROWS = "sample_size = -1, maximum_depth = 1"
"""Every row is looked at for its names, and no value is turned into anything but text."""


@dataclass(frozen=True)
class Form:
    """How files are to be read."""

    format: str
    packing: str = "none"


def folder(path: Path, loads: Loads) -> Source:
    """Every table of a folder, by the name of its file or of its folder of parts.

    `loads` says whether an extension that a lake format needs can be had.
    """
    entries: dict[str, list[Path]] = {}
    for entry in sorted(path.iterdir()):
        if not entry.name.startswith((".", "_")):
            entries.setdefault(table_name(entry.name), []).append(entry)
    tables: dict[str, SourceTable] = {}
    problems: dict[str, Problem] = {}
    files: dict[str, tuple[Path, ...]] = {}
    for name, rivals in entries.items():
        found = [(entry, _table(entry, loads)) for entry in rivals]
        read = [(entry, one) for entry, one in found if isinstance(one, SourceTable)]
        if len(read) > 1:
            problems[name] = _rivals(path / name, [entry.name for entry, _ in read])
        elif read:
            tables[name] = read[0][1]
        elif refused := [one for _, one in found if isinstance(one, Problem)]:
            problems[name] = refused[0]
        files[name] = tuple(part for entry, _ in read for part in parts_of(entry))
    return Source(str(path), tables, problems, files)


def single_file(path: Path) -> Source:
    """A source of one table, called as its file."""
    table = _table(path, lambda _: False)
    if isinstance(table, SourceTable):
        return Source(str(path.parent), {table_name(path.name): table}, files={"": (path,)})
    found = table.found if table else "not a table"
    raise InputError(f"{path} is {found}.", EXPECTED, table.remedy if table else REMEDY)


def table_name(name: str) -> str:
    """The table that a file or folder holds: its name without `.csv.gz` and the like."""
    stem = PurePosixPath(name.lower())
    while stem.suffix in FORMATS or stem.suffix in PACKED or stem.suffix in FOREIGN:
        stem = stem.with_suffix("")
    return stem.name


def parts_of(entry: Path) -> list[Path]:
    """The file itself, or every part below a folder; what writers hide behind _ or . is none."""
    if not entry.is_dir():
        return [entry]
    parts = sorted((entry / LOG).glob("*.json"))  # of Delta: it says which of the others count
    walked: set[Path] = set()
    for root, folders, names in os.walk(entry, followlinks=True):
        real = Path(root).resolve()
        folders[:] = sorted(one for one in folders if not one.startswith((".", "_")))
        if real in walked:
            folders.clear()
            continue
        walked.add(real)
        parts += [Path(root) / one for one in sorted(names) if not one.startswith((".", "_"))]
    return parts


def reader(files: list[str], form: Form, *, hive: bool = False) -> str:
    """SQL of a table function over files of one form; several are joined by column name."""
    listed = ", ".join(quoted(literal_path(file)) for file in files)
    options = ["union_by_name = true"] if len(files) > 1 else []
    if hive:
        options += ["hive_partitioning = true", "hive_types_autocast = false"]
    if form.format != "parquet":
        options.append(f"compression = '{form.packing}'")
    if form.format == "csv":
        options += ["header = true", "all_varchar = true"]
        options += ["nullstr = ['', '\\N']", "allow_quoted_nulls = false"]
    if form.format == "json":
        options.append(JSON_ROWS)
    call = f"read_{form.format}({', '.join([f'[{listed}]', *options])})"
    return f"(select columns(*) ->> '$' from {call})" if form.format == "json" else call


def spellings(con: duckdb.DuckDBPyConnection, source: SourceTable) -> list[str]:
    """Names of the columns of Parquet or JSON that lies here, as written; small letters first."""
    entry = Path(source.place)
    parts = parts_of(entry) if entry.exists() else []
    forms = {part: form for part in parts if isinstance(form := _form(part), Form)}
    own = {one: form for one, form in forms.items() if form.format == source.format}
    files = ", ".join(quoted(literal_path(str(one))) for one in own if one.stat().st_size)
    if not files:
        return []
    names = f"name from parquet_schema([{files}])"
    if source.format == "json":
        packing = next(iter(own.values())).packing
        rows = f"read_json_objects([{files}], compression = '{packing}')"
        names = f"unnest(json_keys(json)) as name from {rows}"
    spelt = con.execute(f"select distinct {names} order by name desc").fetchall()
    return [name for (name,) in spelt]


def _rivals(place: Path, names: list[str]) -> Problem:
    listed = " and ".join(names)
    return Problem(str(place), f"{listed} both hold this table", "Leave one of them.")


def _table(entry: Path, loads: Loads) -> SourceTable | Problem | None:
    """One entry of a folder as a table; None where it is something else altogether."""
    place = str(entry)
    if not entry.exists():
        found = f"a link to {entry.readlink()}, and nothing is there"
        return Problem(place, found, "Mend the link, or put the file in its place.")
    if entry.is_dir():
        return _lake(entry, loads) or _part_folder(entry)
    form = _form(entry)
    if isinstance(form, Form):
        return _source_table(entry, [entry], form)
    return form


def _lake(entry: Path, loads: Loads) -> SourceTable | Problem | None:
    """A table of a lake format, whose live files only its own log knows."""
    if (entry / LOG).is_dir():
        kind = "delta"
    elif any((entry / "metadata").glob("*.metadata.json")):
        kind = "iceberg"
    else:
        return None
    if loads(kind):
        return SourceTable(str(entry), f"{kind}_scan({quoted(str(entry))})")
    if kind == "delta" and delta_tables.can_read():
        return _delta(entry)
    extra = "pip install 'ringfence[delta]'. Or: " if kind == "delta" else ""
    remedy = f"{extra}{lacking(kind)}; or write the table as Parquet."
    return Problem(str(entry), f"a table of {kind.title()}", remedy)


def _delta(entry: Path) -> SourceTable | Problem:
    """A table of Delta as the files that its log names."""
    try:
        files = delta_tables.live_files(entry)
    except ValueError as error:
        remedy = f"{lacking('delta')}; or write the table as Parquet."
        return Problem(str(entry), str(error), remedy)
    if not files:
        return Problem(str(entry), "a table of Delta without a row", "Leave it out.")
    hive = any("=" in step for file in files for step in file.split("/")[:-1])
    return SourceTable(str(entry), reader(files, Form("parquet"), hive=hive), "parquet")


def _part_folder(entry: Path) -> SourceTable | Problem | None:
    parts = parts_of(entry)
    forms = {part: _form(part) for part in parts}
    read = {part: form for part, form in forms.items() if isinstance(form, Form)}
    full = {part: form for part, form in read.items() if part.stat().st_size} or read
    if not full:
        refused = next((one for one in forms.values() if isinstance(one, Problem)), None)
        if refused or not any(entry.iterdir()):
            found = refused.found if refused else "an empty folder"
            return Problem(str(entry), found, REMEDY)
        if parts:
            found = f"a folder of files whose kind {parts[0].name} does not tell"
            return Problem(str(entry), found, f"End their names in .csv or .json. {REMEDY}")
        return None
    if len(set(full.values())) > 1:
        kinds = ", ".join(sorted({_said(form) for form in full.values()}))
        return Problem(str(entry), f"a folder of mixed parts ({kinds})", "Keep parts of one kind.")
    form = next(iter(full.values()))
    hive = any("=" in step for part in full for step in part.relative_to(entry).parts[:-1])
    return _source_table(entry, list(full), form, hive=hive)


def _source_table(entry: Path, files: list[Path], form: Form, *, hive: bool = False) -> SourceTable:
    csv = CsvParts(tuple(files), form.packing, hive) if form.format == "csv" else None
    relation = reader([str(file) for file in files], form, hive=hive)
    return SourceTable(str(entry), relation, form.format, csv)


def _said(form: Form) -> str:
    return form.format if form.packing == "none" else f"{form.format} in {form.packing}"


def _form(file: Path) -> Form | Problem | None:
    """What a file is, by its first bytes and then by its name, the link's or what it leads to.

    Without an ending, as Hive calls its parts 000000_0, the first bytes alone can tell.
    """
    suffixes = [suffix.lower() for suffix in file.suffixes] or [
        suffix.lower() for suffix in file.resolve().suffixes
    ]
    known = next((FORMATS[suffix] for suffix in reversed(suffixes) if suffix in FORMATS), None)
    foreign = next((suffix for suffix in reversed(suffixes) if suffix in FOREIGN), None)
    if foreign:
        return Problem(str(file), f"a {foreign} file, which is not read", REMEDY)
    if known is None and suffixes:
        return None
    content = _content(file)
    if isinstance(content, Problem):
        return content
    if content == "parquet":
        return Form("parquet")
    if content and known == "parquet":
        return Problem(str(file), f"Parquet packed in {content}", "Unpack the file.")
    return Form(known, content or "none") if known else None


def _content(file: Path) -> str | Problem:
    """What the first bytes of a file say it is; empty where they say nothing."""
    try:
        with file.open("rb") as opened:
            start = opened.read(4)
    except OSError as error:
        found = f"a file that cannot be opened ({error.strerror})"
        return Problem(str(file), found, "Give the builder the right to read it.")
    return next((kind for magic, kind in MAGIC.items() if start.startswith(magic)), "")
