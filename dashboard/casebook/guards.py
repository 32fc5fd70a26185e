"""The guards of append-only tables, lifted for the few acts that may: erase, retain, restore.

In the transaction of the act, so that whoever looks meanwhile finds them in place, and a failure
puts them back.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection, Table

_TRIGGERS = text("select name, sql from sqlite_master where type = 'trigger' and tbl_name = :name")


@contextmanager
def lifted(con: Connection, tables: Iterable[Table]) -> Iterator[None]:
    """While this lasts rows of `tables` can be changed and removed."""
    names = sorted({table.name for table in tables})
    if con.dialect.name != "sqlite":
        for name in names:
            con.execute(text(f"alter table {name} disable trigger user"))
        yield
        for name in names:
            con.execute(text(f"alter table {name} enable trigger user"))
        return
    made = [tuple(row) for name in names for row in con.execute(_TRIGGERS, {"name": name})]
    for trigger, _ in made:
        con.execute(text(f"drop trigger {trigger}"))
    yield
    for _, sql in made:
        con.exec_driver_sql(sql)
