"""What the casebook knows about entities, as the pages need it."""

from __future__ import annotations

from dashboard.casebook import open_casebook


def case_states() -> dict[str, str]:
    """Case state by entity key, for every entity that has a case."""
    return {key: state.value for key, state in open_casebook().states().items()}
