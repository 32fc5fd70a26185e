"""Where somebody stands in the queue, and who is before and after: members, then the next case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard import text

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Place:
    """The place of one subject: its case among the cases, itself among the members.

    `previous` and `next` are a subject and its case; None = there is none.
    """

    case_id: str
    number: int
    total: int
    member: int
    members: int
    previous: tuple[str, str] | None
    next: tuple[str, str] | None

    @property
    def label(self) -> str:
        """`2 of 90 in the queue`, and which of its case it is where there are others."""
        own = f", {self.member:,} of {self.members:,} in its case" if self.members > 1 else ""
        return f"{self.number:,} of {text.plural(self.total, 'case')}{own}"

    @classmethod
    def of(cls, cases: pl.DataFrame, entity_key: str) -> Place | None:
        """The place of an entity in all rows of `pages/queue/open_cases`; None = nowhere."""
        order = cases.select("case_id", "member_keys")
        line = [(key, case_id) for case_id, keys in order.iter_rows() for key in keys]
        here = next((i for i, (key, _) in enumerate(line) if key == entity_key), None)
        if here is None:
            return None
        case_id = line[here][1]
        ids = order["case_id"].to_list()
        own = [key for key, other in line if other == case_id]
        return cls(
            case_id=case_id,
            number=ids.index(case_id) + 1,
            total=len(ids),
            member=own.index(entity_key) + 1,
            members=len(own),
            previous=line[here - 1] if here else None,
            next=line[here + 1] if here + 1 < len(line) else None,
        )
