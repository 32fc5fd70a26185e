"""The raw rows behind one number, and the number recomputed from them.

An analyst may only act on a number whose rows are on the screen; when the
recomputed value and the stored one disagree, the page says so.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cache
from math import ceil, isclose
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard import text
from dashboard.columns import mapped
from dashboard.view_models import words
from queries import sql_tree
from queries.vocabulary import ENTITY_TYPES

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from queries.catalogue import Feature

PAGE_SIZE = 25
MOST = 7
"""Columns of a table of evidence: what fits beside the form without moving it sideways."""


@dataclass(frozen=True)
class Values:
    """One feature of one entity, three times; None = no value."""

    stored: float | None
    recomputed: float | None
    peer: float | None
    """The median of its peers."""


@dataclass(frozen=True)
class EvidenceView:
    """One page of evidence rows, and whether they bear the stored number out."""

    label: str
    table: pl.DataFrame
    page_rows: pl.DataFrame
    """The same rows as they were recorded."""
    total: int
    page: int
    pages: int
    stored: str
    peer: str
    has_peer: bool
    verdict: str

    @classmethod
    def of(
        cls,
        entity_type: str,
        feature: str,
        rows: pl.DataFrame,
        values: Values,
        page: int = 1,
    ) -> EvidenceView:
        """The view of evidence `rows`."""
        pages = max(1, ceil(len(rows) / PAGE_SIZE))
        number = min(max(page, 1), pages)
        page_rows = rows.slice((number - 1) * PAGE_SIZE, PAGE_SIZE)
        return cls(
            label=words.feature_label(entity_type, feature),
            table=plain_cells(page_rows),
            page_rows=page_rows,
            total=len(rows),
            page=number,
            pages=pages,
            stored=words.feature_value(entity_type, feature, values.stored),
            peer=words.feature_value(entity_type, feature, values.peer),
            has_peer=values.peer is not None,
            verdict=_verdict(
                _agrees(values), words.feature_value(entity_type, feature, values.recomputed)
            ),
        )


def shown_columns(features: Sequence[Feature], columns: Sequence[str]) -> list[str]:
    """What a person needs of evidence rows: what the features read, when, who, how much, words.

    The rest is in the download. Of what no feature reads the last go first, beyond `MOST`.
    """
    read = columns_read(features) & set(columns)
    told = [name for name in _once(columns) if name in read or _tells(name)]
    spare = sorted((name for name in told if name not in read), key=lambda name: name in _WEAK)
    beyond = spare[max(MOST - len(read), 1) :]
    return [name for name in told if name not in beyond] or list(columns[:MOST])


def columns_read(features: Sequence[Feature]) -> set[str]:
    """The columns of their rows that some features are made of."""
    return {name for feature in features for name in _read_by(feature.value)}


def telling_first(rows: pl.DataFrame, read: Collection[str]) -> pl.DataFrame:
    """`rows` with those first of which a flag that the feature reads is true."""
    flags = [name for name in rows.columns if name in read and name.startswith("is_")]
    if not flags:
        return rows
    marks = pl.sum_horizontal(pl.col(name).cast(pl.Int64).fill_null(0) for name in flags)
    return rows.sort(marks, descending=True, maintain_order=True)


def entity_columns(entity_type: str, columns: Sequence[str]) -> dict[str, str]:
    """Columns that hold ids of entities, with the type of each."""
    of_own = ("account_id", "entity_id", "neighbour_id")
    partner = {"merchant": "creator", "buyer": "buyer"}.get(entity_type, "merchant")
    named = {**_REFERENCES, **dict.fromkeys(of_own, entity_type), "partner_id": partner}
    return {name: named[name] for name in columns if name in named}


_REFERENCES = {
    **{f"{kind}_id": kind for kind in ENTITY_TYPES},
    **{f"other_{kind}_id": kind for kind in ENTITY_TYPES},
    "sibling_id": "merchant",
    "twin_id": "product",
    "twin_buyer_id": "buyer",
}
_WEAK = {"order_id", "staff_id"}
"""What names a row and leads nowhere: the first to go where there is no room."""
_TELLING = {
    *_WEAK,
    *("day", "event", "reason", "channel", "claim_text", "body", "detail", "shared", "rating"),
    *("carrier", "sign", "signal", "minute", "title", "name", "change", "source"),
}


def _tells(column: str) -> bool:
    """Whether a column says when, who, how much or what, of any rows."""
    return column in _TELLING | _WITH_NAME or column.endswith(("_at", "_usd", "_on"))


def _once(columns: Sequence[str]) -> list[str]:
    """Without the name right after the id of an entity, for the id is shown as its name."""
    after_id = {
        name
        for before, name in itertools.pairwise(columns)
        if name in {"name", "title", "handle"} and before in _WITH_NAME
    }
    return [name for name in columns if name not in after_id]


_WITH_NAME = {*_REFERENCES, "account_id", "entity_id", "neighbour_id", "partner_id"}


@cache
def _read_by(value: str) -> frozenset[str]:
    """The columns that an aggregate reads."""
    references = (
        node
        for node in sql_tree.nodes(f"select {value} from evidence_rows")
        if node.get("class") == "COLUMN_REF"
    )
    return frozenset(str(node["column_names"][-1]) for node in references)


def plain_cells(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with every text made safe for a cell."""
    texts = [name for name, kind in rows.schema.items() if kind == pl.String]
    flags = [name for name in rows.columns if name.startswith("is_")]
    return rows.with_columns(
        *(
            mapped(rows, name, _code if name in _CODES else _cell, skip_nulls=True)
            for name in texts
        ),
        *(pl.col(name).cast(pl.Boolean, strict=False) for name in flags),
    )


_CODES = {"event", "reason", "channel", "change", "source", "sign", "carrier"}
"""Columns of codes, which are read as words."""


def _code(value: Any) -> str:
    return words.sentence_case(_cell(value))


def _cell(value: Any) -> str:
    return text.plain(value, length=80) if value else ""


def _agrees(values: Values) -> bool | None:
    """None where there is no value to compare with."""
    if values.stored is None or values.recomputed is None:
        return None if values.stored is None and values.recomputed is None else False
    return isclose(values.stored, values.recomputed, rel_tol=1e-6, abs_tol=1e-9)


def _verdict(agrees: bool | None, said: str) -> str:
    if agrees is None:
        return "Too little history for a value."
    if agrees:
        return "Recomputed from these rows: same value."
    if not said:
        return "Recomputed from these rows: another value. Do not rely on it; report it."
    return f"Recomputed from these rows: {said}. Do not rely on this number; report it."
