"""A pack of a few signals, for tests that need no more of it."""

from __future__ import annotations

from queries.packs import Pack, Signal, packs


def pack(code: str, *signals: tuple[str, float], subject_is: str = "suspect") -> Pack:
    """A pack of merchant signals (predicate, severity)."""
    own = tuple(
        Signal(
            code=f"{code}.S{n}",
            entity_type="merchant",
            predicate=predicate,
            severity=severity,
            text="words",
            reason=f"{code}.R",
        )
        for n, (predicate, severity) in enumerate(signals)
    )
    any_pack = next(iter(packs().values()))
    return any_pack.model_copy(update={"code": code, "signals": own, "subject_is": subject_is})
