"""A typology pack begun from decisions about a new pattern, as a TOML file.

It loads as it is, so that whoever goes on with it is told of slips by the loader. What only a
person can say is marked SET, and until it is said the pack opens no alert and claims no money.
"""

from __future__ import annotations

import json
import re
import unicodedata
import zlib
from dataclasses import dataclass
from math import ceil, floor, log10
from statistics import median
from typing import TYPE_CHECKING

import polars as pl

from dashboard import text
from dashboard.view_models import words
from queries.vocabulary import ALWAYS_OFFERED, SIGNAL_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from dashboard.cases.records import Decision

SET = "SET"
"""What stands before everything that a person must still say."""
CANDIDATES = 5
"""Features of one entity type that a draft proposes as signals."""
REASONS = 5
"""Notes that a draft takes over as reasons, the latest first."""
UNCOUNTED = 0.1
"""Severity of a signal that nobody has counted: alone it opens no alert."""
_DIGITS = 3
"""Significant digits of a threshold, rounded so that every subject stays on its side."""
_NO_CODE = re.compile(r"[^A-Z0-9]+")


@dataclass(frozen=True)
class Candidate:
    """A feature in which every subject stands out to the same side of its peers."""

    entity_type: str
    feature: str
    is_above: bool
    threshold: float
    values: tuple[float, ...]
    peer: float

    @property
    def predicate(self) -> str:
        """The condition that holds for every subject it was read from."""
        return f"{self.feature} {'>=' if self.is_above else '<='} {self.threshold!r}"


def candidates(entity_type: str, profiles: Sequence[pl.DataFrame]) -> tuple[Candidate, ...]:
    """What raised the score of every one of `profiles`, most first.

    Each is the rows of `pages/investigate/contributions` of one subject.
    """
    if not profiles:
        return ()
    known = [
        name
        for name, feature in words.catalogue(entity_type).items()
        if feature.use == "fraud" and name not in SIGNAL_COLUMNS
    ]
    shared = (
        pl.concat(
            [one.select("feature", "value", "peer_median", "contribution") for one in profiles]
        )
        .filter(pl.col("feature").is_in(known), pl.col("value").is_finite())
        .drop_nulls()
        .group_by("feature")
        .agg("value", "peer_median", pl.len(), pl.col("contribution").mean().alias("raises"))
        .filter(pl.col("len") == len(profiles), pl.col("raises") > 0.0)
        .sort("raises", "feature", descending=[True, False])
    )
    found = (_candidate(entity_type, row) for row in shared.iter_rows(named=True))
    return tuple(one for one in found if one)[:CANDIDATES]


def _candidate(entity_type: str, row: Mapping[str, object]) -> Candidate | None:
    name, values, peers = str(row["feature"]), row["value"], row["peer_median"]
    if not isinstance(values, list) or not isinstance(peers, list):
        return None
    is_above = all(value > peer for value, peer in zip(values, peers, strict=True))
    is_below = all(value < peer for value, peer in zip(values, peers, strict=True))
    direction = words.catalogue(entity_type)[name].direction
    if not (is_above and direction != "low") and not (is_below and direction != "high"):
        return None
    threshold = _rounded(min(values), floor) if is_above else _rounded(max(values), ceil)
    return Candidate(entity_type, name, is_above, threshold, tuple(values), float(median(peers)))


def _rounded(value: float, side: Callable[[float], int]) -> float:
    if value == 0.0:
        return 0.0
    step = 10.0 ** (floor(log10(abs(value))) - _DIGITS + 1)
    return float(f"{side(value / step) * step:.12g}")


def draft_code(pattern: str) -> str:
    """A code that no pack of the house has: `N3F2A_EMPTY_PARCELS_TO_ONE_LOCKER`."""
    ascii_only = unicodedata.normalize("NFKD", pattern).encode("ascii", "ignore").decode()
    slug = _NO_CODE.sub("_", ascii_only.upper()).strip("_")[:30].strip("_") or "NEW_PATTERN"
    return f"{_prefix(pattern)}_{slug}"


def _prefix(pattern: str) -> str:
    return f"N{zlib.crc32(pattern.casefold().encode()) & 0xFFFF:04X}"


def pack_draft(
    pattern: str, decisions: Sequence[Decision], proposed: Sequence[Candidate], today: date
) -> str:
    """The file: `decisions` are those of the pattern, latest first, `proposed` its signals."""
    types = tuple(dict.fromkeys(decision.entity_type for decision in decisions))
    return "\n".join(
        (
            *_preamble(decisions, today),
            *_head(pattern, types, decisions),
            *_losses(types),
            *_playbook(),
            *_reason_texts(pattern, decisions),
            *_signals(pattern, proposed),
        )
    )


def _preamble(decisions: Sequence[Decision], today: date) -> tuple[str, ...]:
    subjects = {(one.entity_type, one.entity_id) for one in decisions}
    found = (
        f"{text.plural(len(decisions), 'decision')} about {text.plural(len(subjects), 'subject')}"
    )
    return (
        f"# A pack begun on {today} from {found}.",
        f"# It loads as it is. What only a person can say is marked {SET}; until it is said",
        "# no alert opens by it and no money is counted. How: docs/how-to-add-a-typology.md",
        "",
    )


def _head(pattern: str, types: Sequence[str], decisions: Sequence[Decision]) -> tuple[str, ...]:
    actions = dict.fromkeys((*ALWAYS_OFFERED, *(one.action for one in decisions if one.action)))
    known = words.known_packs().values()
    middle = {
        name: round(median(float(getattr(pack, name)) for pack in known), 2) if known else 1.0
        for name in ("recoverable_share", "review_minutes", "horizon_days", "label_delay_days")
    }
    return (
        f"code = {_text(draft_code(pattern))}  # {SET}: short and for ever",
        f"title = {_text(text.plain(pattern))}  # {SET}: two or three words",
        f"summary = {_text(pattern)}  # {SET}: what happens, who is hurt, where the money goes",
        f"entity_types = {_texts(types)}",
        f"policy_clause = {_text(f'{SET}: the clause it breaks')}",
        f"actions = {_texts(tuple(actions))}  # {SET}: what was done so far; the mildest first",
        f"clears = {_texts([f'{SET}: a visible fact that clears an honest look-alike'])}",
        *(
            f"{name} = {value}  # {SET}: middle of the packs there are"
            for name, value in middle.items()
        ),
        "",
    )


def _losses(types: Sequence[str]) -> Iterable[str]:
    for entity_type in types:
        yield from (
            "[[losses]]",
            f"entity_type = {_text(entity_type)}",
            f'flow = "gmv_usd"  # {SET}',
            f"share = 0.0  # {SET}: which share of that flow is lost",
            f'bearer = "platform"  # {SET}',
            "",
        )


def _playbook() -> tuple[str, ...]:
    return (
        "[[playbook]]",
        f"step = {_text(f'{SET}: what to check first')}",
        "is_mandatory = true",
        f"evidence = {_text(f'{SET}: what counts as evidence that it was done')}",
        "",
    )


def _reason_texts(pattern: str, decisions: Sequence[Decision]) -> Iterable[str]:
    """A reason for each note, in the words of whoever saw it."""
    notes = dict.fromkeys(text.written(one.note) for one in decisions if one.note.strip())
    for number, note in enumerate((list(notes) or [pattern])[:REASONS], 1):
        yield from (
            f"[reason_codes.{_text(_reason(pattern, number))}]",
            f"analyst = {_text(note)}",
            f"manager = {_text(text.visible(pattern))}",
            f"subject = {_text(f'{SET}: a plain sentence about its own conduct')}",
            "",
        )


def _signals(pattern: str, proposed: Sequence[Candidate]) -> Iterable[str]:
    if not proposed:
        yield f"# {SET}: [[signals]], at least one; no feature stood out in every subject."
    for number, one in enumerate(proposed, 1):
        label = words.feature_label(one.entity_type, one.feature)
        values = ", ".join(f"{value:.4g}" for value in sorted(one.values))
        yield from (
            f"# Seen: {values}; their peers {one.peer:.4g}.",
            "[[signals]]",
            f"code = {_text(f'{_prefix(pattern)}.S{number:02d}_{one.feature.upper()}')}",
            f"entity_type = {_text(one.entity_type)}",
            f"predicate = {_text(one.predicate)}  # {SET}: beyond what honest ones reach",
            f"severity = {UNCOUNTED}  # {SET}: python -m benchmarks signals counts it",
            f"reason = {_text(_reason(pattern, 1))}",
            f"text = {_text(label)}  # {SET}: what it means when it fires",
            "",
        )


def _reason(pattern: str, number: int) -> str:
    return f"{_prefix(pattern)}.R{number:02d}"


def _text(value: str) -> str:
    """A basic string: what JSON escapes, TOML reads, and nothing invisible is left in it."""
    return json.dumps(text.visible(value), ensure_ascii=False)


def _texts(values: Iterable[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"
