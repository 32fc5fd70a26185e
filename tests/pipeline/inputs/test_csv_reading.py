"""CSV as people have it is read, or called what it is, with file, line and remedy."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

from pipeline.inputs.csv_reading import CsvTable, look_at
from pipeline.inputs.sources import CsvParts
from pipeline.settings.inputs import InputSettings
from queries.contract import raw_tables
from tests import raw_folder
from tests.pipeline.inputs.deliveries import Examined, examined

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipeline.inputs.faults import Fault

ROWS = 200
HEADER = ["event_id", "kind", "title", "market", "starts_at", "ends_at"]
TIMES = "2026-06-11 03:00:00,2026-06-12 03:00:00"


def calendar(folder: Path, content: bytes, settings: InputSettings | None = None) -> Examined:
    """A legal delivery but for `calendar.csv`, the table without ties."""
    raw_folder.write(folder, raw_folder.around("calendar"))
    (folder / "calendar.parquet").unlink()
    (folder / "calendar.csv").write_bytes(content)
    return examined(folder, settings)


def in_parts(folder: Path, contents: dict[str, bytes]) -> Examined:
    """The same with a folder of part files in the place of the calendar."""
    raw_folder.write(folder, raw_folder.around("calendar"))
    (folder / "calendar.parquet").unlink()
    (folder / "calendar").mkdir()
    for name, content in contents.items():
        (folder / "calendar" / name).write_bytes(content)
    return examined(folder)


def lines(*rows: str) -> bytes:
    """A file of the calendar with its names and these rows."""
    return ("\n".join([",".join(HEADER), *rows]) + "\n").encode()


def fault(folder: Path, content: bytes) -> Fault:
    """The only fault of a calendar."""
    faults = calendar(folder, content).checked.faults
    assert len(faults) == 1
    assert faults[0].file.endswith("calendar.csv")
    return faults[0]


def test_an_empty_field_is_null_where_null_may_be(tmp_path: Path) -> None:
    """So is the mark of databases; a quoted one is text, and so is one that may not be null."""
    rows = [f"a,holiday,,,{TIMES}", f'b,holiday,"","",{TIMES}', f"c,holiday,\\N,\\N,{TIMES}"]
    found = calendar(tmp_path, lines(*rows[:2]))
    assert found.checked.faults == []
    kept = found.kept["calendar"].sort("event_id")
    assert kept["market"].to_list() == [None, ""]
    assert kept["title"].to_list() == ["", ""]
    again = calendar(tmp_path, lines(*rows))
    assert [row[:3] for row in again.said("refused")] == [("calendar", "title", 1)]


def test_an_empty_field_that_may_not_be_null_is_missing(tmp_path: Path) -> None:
    """Not "values are not a timestamp"."""
    one = fault(tmp_path, lines("a,holiday,t,SG,,2026-06-12"))
    assert (one.column, one.found) == ("starts_at", "value is missing")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_first_line_shows_what_parts_the_fields(
    tmp_path: Path, delimiter: str, ending: str, mark: str
) -> None:
    """Comma, semicolon, tab or bar, either end of line, with a mark in front or without."""
    rows = [HEADER, ["a", "holiday", '"one, two; three"', "SG", *TIMES.split(",")]]
    text = mark + ending.join(delimiter.join(row) for row in rows) + ending
    found = calendar(tmp_path, text.encode())
    assert found.checked.faults == []
    assert found.kept["calendar"]["title"].to_list() == ["one, two; three"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_text_of_other_programs_is_read(tmp_path: Path, encoding: str) -> None:
    """Excel marks what it writes."""
    found = calendar(tmp_path, lines(f"a,holiday,Fête – 店,SG,{TIMES}").decode().encode(encoding))
    assert found.checked.faults == []
    assert found.kept["calendar"]["title"].to_list() == ["Fête – 店"]


def test_a_line_of_excel_before_the_names_is_passed_over(tmp_path: Path) -> None:
    """It says itself what parts the fields."""
    text = "sep=;\n" + ";".join(HEADER) + f"\na;holiday;t;SG;{TIMES.replace(',', ';')}\n"
    assert calendar(tmp_path, text.encode()).checked.faults == []


def test_names_match_without_regard_to_case(tmp_path: Path) -> None:
    """As Snowflake and Oracle hand them out, in any order, with columns of no use between."""
    frames = raw_folder.frames()
    shouted = {
        name: frame.rename({column: column.upper() for column in frame.columns})
        for name, frame in frames.items()
    }
    assert examined(raw_folder.write(tmp_path / "parquet", shouted)).checked.faults == []
    (tmp_path / "csv").mkdir()
    for name, frame in shouted.items():
        columns = frame.select(pl.lit(1).alias("x"), pl.col(sorted(frame.columns)))
        raw_folder.flat(columns).write_csv(tmp_path / "csv" / f"{name}.csv")
    assert examined(tmp_path / "csv").checked.faults == []


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_two_columns_that_differ_only_by_case_are_not_chosen_from(
    tmp_path: Path, ending: str
) -> None:
    """Either might be meant."""
    frames = raw_folder.frames()
    twice = frames.pop("calendar").with_columns(pl.lit("x").alias("TITLE"))
    raw_folder.write(tmp_path, frames)
    path = tmp_path / f"calendar.{ending}"
    if ending == "csv":
        twice.write_csv(path)
    else:
        twice.write_parquet(path)
    faults = examined(tmp_path).checked.faults
    assert [(f.column, f.rows) for f in faults] == [("title", 0)]
    assert "two columns of that name (title and TITLE)" in faults[0].found


FOREIGN = [
    (b"", "is an empty file"),
    (b"\n \n", "is an empty file"),
    (b"\xef\xbb\xbf", "is an empty file"),
    (b"<!DOCTYPE html><html><body>Sign in</body></html>", "is an HTML page"),
    (b"\n  <html>404</html>", "is an HTML page"),
    (b"<?xml version='1.0'?><rows/>", "is XML"),
    (b'[{"event_id": "a"}]', "is JSON"),
    (b"PK\x03\x04" + b"\x00" * 20, "is a ZIP archive or an Excel workbook"),
    ("event_id,kind\n".encode("utf-16-le"), "has zero bytes"),
    (f"evt_1,holiday,t,SG,{TIMES}\n".encode(), "its first line holds no column name"),
]


@pytest.mark.parametrize(("content", "found"), FOREIGN, ids=[found for _, found in FOREIGN])
def test_what_is_no_table_is_called_what_it_is(tmp_path: Path, content: bytes, found: str) -> None:
    """One sentence, whatever was saved in the place of the file."""
    one = fault(tmp_path, content)
    assert one.found.startswith(found)
    assert one.remedy


BROKEN = [
    (f"x,holiday,t,SG,{TIMES},more".encode(), "has more fields than the header"),
    (b"x,holiday,t,SG,2026-06-11", "has fewer fields than the header"),
    (f"x,holiday,caf\u00e9,SG,{TIMES}".encode("latin-1"), "has bytes that are not UTF-8"),
]


@pytest.mark.parametrize(("line", "found"), BROKEN, ids=[found for _, found in BROKEN])
def test_a_line_that_is_no_row_is_named_by_its_number(
    tmp_path: Path, line: bytes, found: str
) -> None:
    """It is refused among few rows, and set aside with its text among many."""
    good = [f"{n},holiday,t,SG,{TIMES}" for n in range(ROWS)]
    text = lines(*good[:16]) + line + b"\n" + lines(*good[16:]).partition(b"\n")[2]
    one = fault(tmp_path / "many", text)
    assert (one.verdict.value, one.rows, one.examples) == ("set aside", 1, ("line 18",))
    assert one.found == found
    result = calendar(tmp_path / "many", text)
    assert result.kept["calendar"].height == ROWS
    assert result.set_aside.select("raw_table", "reason").rows() == [
        ("calendar", f"line 18 {found}")
    ]
    strict = calendar(tmp_path / "many", text, InputSettings(tolerance=0.0))
    assert [row[2:] for row in strict.said("refused")] == [(1, found)]


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "packed"])
def test_a_line_of_a_part_is_named_with_its_file(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    """One bad line makes no other of a part, or of a packed file, another table."""
    good = [f"{n},holiday,t,SG,{TIMES}" for n in range(ROWS)]
    other = [";".join(row.replace("t,", '"t; t",').split(",")) for row in good]
    ending = ".csv.gz" if pack is gzip.compress else ".csv"
    contents = {
        f"a{ending}": lines(*good[:5], "x,holiday,t", *good[5:]),
        f"b{ending}": (";".join(HEADER) + "\n" + "\n".join("p" + row for row in other)).encode(),
    }
    result = in_parts(tmp_path, {name: pack(content) for name, content in contents.items()})
    kept = result.kept["calendar"]
    assert (kept.height, kept["title"].n_unique()) == (2 * ROWS, 2)
    reason = f"a{ending} line 7 has fewer fields than the header"
    assert result.set_aside["reason"].to_list() == [reason]
    assert [one.examples for one in result.checked.faults] == [(f"a{ending} line 7",)]


@pytest.mark.parametrize("text", ['"a"b', '"t'], ids=["inside a text", "left open"])
def test_a_stray_quotation_mark_is_never_passed_over(tmp_path: Path, text: str) -> None:
    """It may swallow the rest of the file, which must not pass for a short file."""
    rows = [f"{n},holiday,t,SG,{TIMES}" for n in range(ROWS)]
    rows[150] = f"x,holiday,{text},SG,{TIMES}"
    one = fault(tmp_path, lines(*rows))
    assert (one.verdict.value, one.rows, one.examples) == ("refused", 1, ("line 152",))
    assert one.found == "has a quotation mark that does not close, or stands inside a text"


def test_names_that_no_column_has_get_one(tmp_path: Path) -> None:
    """An index without a name, a name twice, quotes and blanks around names."""
    text = ',"event_id", kind ,x,x\n0,a,holiday,1,2\n'
    path = tmp_path / "calendar.csv"
    path.write_text(text)
    form = look_at(CsvParts((path,)), raw_tables()["calendar"])
    assert isinstance(form, CsvTable)
    assert form.forms[0].columns == ("column 1", "event_id", "kind", "x", "x 5")
    with duckdb.connect() as con:
        assert con.execute(f"from {form.relation}").fetchall() == [("0", "a", "holiday", "1", "2")]
