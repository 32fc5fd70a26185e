"""Personal data as pages read it: masks, made by views between a built database and every query.

Whatever a query selects, joins or forgets, what it can read of a person's name or identifier is
a mask: keyed, so that no list of telephone numbers gives it back, and the same for the same
value, so that accounts that share a thing still share it. A value itself is read for a reveal
alone, from the database behind the views. Which columns: `personal_data.toml`. Why views:
docs/decisions/0139-personal-data.md.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from queries.free_text import (
    BUYERS,
    PUBLIC_NAMES,
    SIGN,
    formed_texts,
    hidden_forms,
    hidden_text,
    named_texts,
    without_names,
)
from queries.literals import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import duckdb

_LIST = Path(__file__).with_name("personal_data.toml")
_TARGET = "masked"
_MASK = re.compile(r"(?P<prefix>[a-z]+_…)[0-9a-f]{10}(?P<tail>[0-9a-f]{6})")
_READ_BY_ROW = ("graph.adjacency",)
"""Whose rows are asked for by their number in the file, which a view does not have by itself."""
_HASHED_ONCE = ("graph.entities", "graph.identifiers", "graph.links", "graph.nodes")
"""Tables that queries join on masks, or to name a few of many: kept with them, or each would hash
every row of them. Their rows keep their numbers."""
_DIGITS = re.compile(r"[0-9a-f]{6,16}")
_COLUMNS = """
select schema_name || '.' || table_name, list(column_name order by column_index)
from duckdb_columns() where database_name = $source and not internal group by 1
"""


@dataclass(frozen=True)
class PersonalClass:
    """A kind of personal data; `prefix` opens its masks and says what is behind them."""

    name: str
    label: str
    meaning: str
    prefix: str
    digits: int


@dataclass(frozen=True)
class PersonalData:
    """The list: classes by name, relations and columns by the class or rule they follow."""

    classes: Mapping[str, PersonalClass]
    relations: Mapping[str, str]
    built: Mapping[str, str]
    delivered: Mapping[str, tuple[str, ...]]
    written: tuple[str, ...]
    not_personal: Mapping[str, tuple[str, ...]]


@cache
def personal_data() -> PersonalData:
    """The list as it stands in its file."""
    content = tomllib.loads(_LIST.read_text(encoding="utf-8"))
    return PersonalData(
        {name: PersonalClass(name, **one) for name, one in content["classes"].items()},
        content["relations"],
        content["built"],
        {name: tuple(columns) for name, columns in content["delivered"].items()},
        tuple(content["written"]["text"]),
        {name: tuple(columns) for name, columns in content["not_personal"].items()},
    )


def mask_of(value: str, kind: str, key: str) -> str:
    """What stands for a value of the class `kind`: its prefix and a keyed SHA-256, cut."""
    one = personal_data().classes[kind]
    return one.prefix + keyed_digest(value, key)[: one.digits]


def keyed_digest(value: str, key: str) -> str:
    """SHA-256 behind a secret: whoever has no key can try no guess."""
    return hashlib.sha256((key + value).encode()).hexdigest()


def class_of(text: str) -> str | None:
    """The class of what a mask, whole or as it is shown, stands for; None = it is no mask.

    A text of which a piece is hidden is of the class `WRITTEN`.
    """
    if SIGN in text:
        return WRITTEN
    prefix, mark, digits = text.rpartition("…")
    if not mark or not _DIGITS.fullmatch(digits):
        return None
    return _by_prefix().get(prefix + mark)


WRITTEN = "text"
"""What somebody wrote, of which pieces are hidden: shown whole by a reveal, a class of its own."""


def revealed_classes() -> dict[str, str]:
    """What each kind of personal data that can be revealed is called."""
    classes = {one.name: one.label for one in personal_data().classes.values()}
    return {**classes, WRITTEN: "Texts, whole"}


def hidden_bodies(con: duckdb.DuckDBPyConnection, texts: Sequence[str]) -> dict[str, str]:
    """What is shown of some texts of the file behind the masks of `con`, by text."""
    catalogue, _, table = _HIDDEN.split(".")
    there = "select 1 from duckdb_tables() where database_name = ? and table_name = ?"
    hidden: dict[str, str] = {}
    if con.execute(there, [catalogue, table]).fetchall():
        rows = f"select body, hidden from {_HIDDEN} where list_contains($texts::varchar[], body)"
        hidden = dict(con.execute(rows, {"texts": [*texts]}).fetchall())
    return {text: hidden.get(text) or hidden_text(text) for text in texts}


@cache
def _by_prefix() -> dict[str, str]:
    return {one.prefix: one.name for one in personal_data().classes.values()}


def short_mask(text: str) -> str:
    """A mask as it is shown: `dev_…7f3a9c` tells two apart on a page. Any other text stays."""
    match = _MASK.fullmatch(text)
    return match["prefix"] + match["tail"] if match else text


def attach_masks(con: duckdb.DuckDBPyConnection, source: str, key: str) -> str:
    """Views on the attached database `source`, in a catalogue whose name is returned.

    `key` is the secret of the masks: hexadecimal digits, so few that most values are hashed as
    one block with them. The catalogue is read-only, which one in memory cannot be.
    """
    if not re.fullmatch(r"[0-9a-f]{32}", key):
        raise ValueError("the key of the masks is 32 hexadecimal digits")
    with TemporaryDirectory(prefix="ringfence-") as folder:
        path = quoted(str(Path(folder) / "masked.duckdb"))
        con.execute(f"attach {path} as {_TARGET}")
        _write_views(con, source, key)
        con.execute(f"detach {_TARGET}")
        con.execute(f"attach {path} as {_TARGET} (read_only)")
    return _TARGET


def _write_views(con: duckdb.DuckDBPyConnection, source: str, key: str) -> None:
    tables = dict(con.execute(_COLUMNS, {"source": source}).fetchall())
    for schema in sorted({table.partition(".")[0] for table in tables}):
        con.execute(f"create schema if not exists {_TARGET}.{schema}")
    con.execute("begin")
    texts = _text_columns(tables)
    _write_hidden_texts(con, source, tables, texts)
    for table, columns in tables.items():
        shown = masked_columns(table, columns, key)
        shown |= {one: f"coalesce({_hidden(one)}.hidden, t.{one})" for one in texts.get(table, ())}
        replaced = ", ".join(f"{text} as {column}" for column, text in shown.items())
        masks = f" replace ({replaced})" if replaced else ""
        row = "rowid, " if table in _READ_BY_ROW else ""
        kind = "table" if table in _HASHED_ONCE else "view"
        joins = [
            f" left join {_HIDDEN} as {_hidden(one)} on t.{one} = {_hidden(one)}.body"
            for one in texts.get(table, ())
        ]
        rows = f"select {row}t.*{masks} from {source}.{table} as t{''.join(joins)}"
        con.execute(f"create {kind} {_TARGET}.{table} as {rows}")
    con.execute("commit")


def _text_columns(tables: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The columns of each table that hold what people wrote; no table that has none."""
    rules = personal_data().built
    found = {
        table: [one for one in names if rules.get(f"{table}.{one}", rules.get(one)) == "text"]
        for table, names in tables.items()
    }
    return {table: names for table, names in found.items() if names}


def _bodies(prefix: str, texts: Mapping[str, Sequence[str]]) -> list[str]:
    """A query of each column of texts, as `body`."""
    return [
        f"select {one} as body from {prefix}{table}"
        for table, names in texts.items()
        for one in names
    ]


def _hidden(column: str) -> str:
    """What the hidden texts of a column are called in the view of its table."""
    return f"hidden_{column}"


def _write_hidden_texts(
    con: duckdb.DuckDBPyConnection,
    source: str,
    tables: Mapping[str, Sequence[str]],
    texts: Mapping[str, Sequence[str]],
) -> None:
    """Write the texts of which something is hidden, each with what is shown.

    Once for a file: to get the forms ready costs the database a quarter of a second a thread,
    and a join with every buyer each query of texts more than its answer.
    """
    if not texts:
        return
    con.execute(f"create table {_HIDDEN} as {formed_texts(_bodies(f'{source}.', texts))}")
    named = _named_texts(con, source, tables)
    if named:
        con.executemany(f"delete from {_HIDDEN} where body = ?", [one[:1] for one in named])
        con.executemany(f"insert into {_HIDDEN} values (?, ?)", named)


def _named_texts(
    con: duckdb.DuckDBPyConnection, source: str, tables: Mapping[str, Sequence[str]]
) -> list[tuple[str, str]]:
    """The texts that hold a buyer's name, each with what is shown.

    The build has looked for them; in a file of a build that did not they are looked for here.
    """
    prefix = f"{source}."
    names = (
        f"from {prefix}{NAMED_TEXTS}" if NAMED_TEXTS in tables else names_in_texts(tables, prefix)
    )
    if not names:
        return []
    parts = f"select body, list(part) from ({names}) group by body"
    found = con.execute(parts).fetchall()
    shown = [(body, hidden_text(without_names(body, one))) for body, one in found]
    return [one for one in shown if one[1] != hidden_text(one[0])]


NAMED_TEXTS = "content.named_texts"
"""What `names_in_texts` answers, written by the build."""


def names_in_texts(tables: Mapping[str, Sequence[str]], prefix: str = "") -> str | None:
    """A query of `body, part`: texts of these tables and the buyers' names that they hold.

    `tables` have their columns, `prefix` is the database before their names. None = no buyer or
    no text is among them.
    """
    texts = _text_columns(tables)
    written = [
        f"select buyer_id, {one} as body from {prefix}{table}"
        for table, names in texts.items()
        for one in names
        if "buyer_id" in tables[table]
    ]
    delivered = {table: names for table, names in texts.items() if table.startswith("staging.")}
    if BUYERS not in tables or not written or not delivered:
        return None
    has_public = "graph.entities" in tables
    public = PUBLIC_NAMES.replace("graph.", f"{prefix}graph.") if has_public else "select ''"
    return named_texts(written, _bodies(prefix, delivered), f"{prefix}{BUYERS}", public)


_HIDDEN = f"{_TARGET}.main.hidden_texts"


def masked_columns(table: str, columns: Sequence[str], key: str) -> dict[str, str]:
    """What stands for each personal column of a table, as SQL over the table's own columns."""
    rules = personal_data().built
    found = {column: rules.get(f"{table}.{column}") or rules.get(column) for column in columns}
    return {
        column: _expression(column, rule, key)
        for column, rule in found.items()
        if rule and rule != "nobody"
    }


def _expression(column: str, rule: str, key: str) -> str:
    if rule in personal_data().classes:
        return _mask(column, rule, key)
    if rule == "text":
        return hidden_forms(column)
    if rule == "buyer":
        mask = _mask(column, "name", key)
        return f"case when entity_type = 'buyer' then {mask} else {column} end"
    if rule == "reversed node":
        return f"reverse({_expression('node', 'node', key)})"
    if rule == "node":
        kind = f"split_part({column}, ':', 1)"
        value = f"substr({column}, strpos({column}, ':') + 1)"
        return _by_relation(kind, column, lambda one: f"{kind} || ':' || {_mask(value, one, key)}")
    return _by_relation(rule, column, lambda one: _mask(column, one, key))


def _by_relation(relation: str, column: str, mask: Callable[[str], str]) -> str:
    """`mask` of the class that the SQL `relation` stands for; a thing of nobody stays."""
    relations = personal_data().relations
    whens = " ".join(f"when '{one}' then {mask(kind)}" for one, kind in relations.items())
    return f"case {relation} {whens} else {column} end"


def _mask(value: str, kind: str, key: str) -> str:
    """`mask_of` as SQL over an expression; null stays null."""
    one = personal_data().classes[kind]
    return f"'{one.prefix}' || left(sha256('{key}' || {value}), {one.digits})"
