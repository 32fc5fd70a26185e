"""From a decision about a new pattern to the draft of a typology pack."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from dashboard import explainer
from dashboard.casebook import open_casebook
from dashboard.cases.patterns import same_pattern
from dashboard.cases.states import ADVERSE
from dashboard.components.downloads import File, download
from dashboard.components.scope import in_scope
from dashboard.errors import TableMissing
from dashboard.state import EntityRef
from dashboard.store import build
from dashboard.view_models.pack_draft import Candidate, candidates, draft_code, pack_draft

if TYPE_CHECKING:
    import polars as pl

    from dashboard.cases.records import Decision

MOST_SUBJECTS = 40
"""The latest subjects of a pattern that a draft is read from."""


def draft_download(pattern: str, key: str) -> None:
    """A button for the draft of a pack of this pattern, from all who were called bad for it."""
    download(
        "Pack draft",
        lambda: _file(pattern),
        filename=f"{draft_code(pattern).lower()}.toml",
        mime="application/toml",
        key=key,
    )


def _file(pattern: str) -> File:
    said = same_pattern(open_casebook().new_patterns(), pattern)
    seen = in_scope({one.entity_key for one in said})
    blamed = [one for one in said if one.verdict in ADVERSE and one.entity_key in seen]
    blamed = blamed[:MOST_SUBJECTS]
    draft = pack_draft(pattern, blamed, _candidates(blamed), build().as_of)
    return File(draft.encode(), len(blamed))


def _candidates(decisions: list[Decision]) -> list[Candidate]:
    profiles: dict[str, dict[str, pl.DataFrame]] = {}
    for one in decisions:
        with suppress(TableMissing):
            rows = explainer.contributions(EntityRef(one.entity_type, one.entity_id))
            if not rows.is_empty():
                profiles.setdefault(one.entity_type, {})[one.entity_id] = rows
    return [
        candidate
        for entity_type, frames in profiles.items()
        for candidate in candidates(entity_type, list(frames.values()))
    ]
