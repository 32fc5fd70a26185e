"""The header of an SQL file: what it says of itself, read from the comment at its top."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

METRIC_KEYS = (
    *("label", "unit", "numerator", "denominator", "cohort", "maturity_days", "window"),
    *("owner", "good", "guard_rail", "parent", "leading", "labels"),
)
"""What the header of a metric under `kpis/` says besides; `queries.registry` gives the meaning."""
_COLUMN = re.compile(r"^(\w+)\s{2,}(\w+(?:\(\d+,\d+\)|\[\])?)(?:\s{2,}(.*))?$")
_CONTRACT = ("grain", "params", "returns")
_FIELD = re.compile(rf"^({'|'.join((*_CONTRACT, *METRIC_KEYS))}):\s*(.*)$")


@dataclass(frozen=True)
class Column:
    """One column or parameter that a header declares."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True)
class Header:
    """The contract that a header states, and the statement below it."""

    purpose: str
    grain: tuple[str, ...]
    params: tuple[Column, ...]
    returns: tuple[Column, ...]
    sql: str
    registered: dict[str, str] = field(default_factory=dict)
    """What only a metric says: a text for each of `METRIC_KEYS` that is there."""


def parse(text: str) -> Header:
    """The header and the statement of one file; a ValueError says what is wrong with it."""
    header, body = _split(text)
    fields = _fields(header)
    purpose = " ".join(fields["purpose"]).strip()
    if not purpose:
        raise ValueError("the header has no purpose. Start it with one sentence.")
    return Header(
        purpose=purpose,
        grain=tuple(part.strip() for part in " ".join(fields["grain"]).split(",") if part.strip()),
        params=() if fields["params"] == ["none"] else _columns(fields["params"]),
        returns=_columns(fields["returns"]),
        sql=body.strip().rstrip(";"),
        registered={key: " ".join(fields[key]) for key in METRIC_KEYS if key in fields},
    )


def _split(text: str) -> tuple[list[str], str]:
    lines = text.splitlines()
    end = next((i for i, line in enumerate(lines) if not line.startswith("--")), len(lines))
    return [line[2:].removeprefix(" ").rstrip() for line in lines[:end]], "\n".join(lines[end:])


def _fields(header: list[str]) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {"purpose": []}
    current = "purpose"
    for line in header:
        match = _FIELD.match(line)
        if match:
            current = match.group(1)
            fields[current] = []
        content = match.group(2) if match else line
        if content.strip():
            fields[current].append(content.strip())
    missing = {*_CONTRACT} - fields.keys()
    if missing:
        raise ValueError(
            f"the header lacks {sorted(missing)}. "
            "See docs/how-to-add-a-feature.md#the-header-of-a-query."
        )
    return fields


def _columns(lines: list[str]) -> tuple[Column, ...]:
    columns = []
    for line in lines:
        match = _COLUMN.match(line)
        if match:
            columns.append(Column(match.group(1), match.group(2).lower(), match.group(3) or ""))
        elif columns:
            last = columns.pop()
            columns.append(Column(last.name, last.type, f"{last.meaning} {line}".strip()))
        else:
            raise ValueError(f"cannot read {line!r}. Write `name  type  meaning`.")
    return tuple(columns)
