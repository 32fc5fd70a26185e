"""Look at a source and write the mapping file that a person finishes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import duckdb

from pipeline.errors import InputError
from pipeline.inputs.mapping import FILE, show
from pipeline.inputs.mapping_text import left_of, mapping_text, sentences
from pipeline.inputs.proposal import proposed
from pipeline.inputs.shape import Shape
from pipeline.inputs.sources import EXPECTED, is_address, open_source
from pipeline.whole_files import whole_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.inputs.sources import Source


def propose(folder: Path, source: str, *, force: bool = False) -> Iterator[str]:
    """Write `folder/mapping.toml` for a source; yields what was matched, guessed and missing.

    Raises InputError where nothing is to be read, or where a file is there and `force` is off.
    """
    path = folder / FILE
    if path.exists() and not force:
        raise InputError(
            f"{path} is there already.",
            "A folder without a mapping file was expected: yours is not written over.",
            "Name another folder, or say --force.",
        )
    with duckdb.connect() as con:
        con.execute("set global timezone = 'UTC'")
        opened = _opened(con, source)
        if not opened.tables:
            said = "; ".join(f"{one.place}: {one.found}" for one in opened.problems.values())
            raise InputError(f"{source} holds no table ({said or 'it is empty'}).", EXPECTED, _NAME)
        show(con, opened)
        shape = Shape.of(con)
        proposals = proposed(shape)
        left = left_of(proposals, shape.tables)
        written = source if is_address(source) else os.path.relpath(source, folder)
        folder.mkdir(parents=True, exist_ok=True)
        text = mapping_text(proposals, written, str(folder), left)
        with whole_file(path) as partial:
            partial.write_text(text, encoding="utf-8")
        yield f"{source} holds {len(opened.tables)} tables: {', '.join(sorted(opened.tables))}."
        yield from (f"{one.place}: {one.found}. {one.remedy}" for one in opened.problems.values())
        yield from sentences(proposals, left)
    yield f"{path} is written. Finish it, then: ringfence check {folder}"


def _opened(con: duckdb.DuckDBPyConnection, source: str) -> Source:
    try:
        return open_source(con, source)
    except InputError as error:
        remedy = error.remedy if is_address(source) or os.path.lexists(source) else _NAME
        raise InputError(error.found, error.expected, remedy) from error


_NAME = "Name the folder or file that holds your tables."
