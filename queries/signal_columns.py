"""The two columns that packs add to each feature table: how many signals hold, how strongly.

They are functions of the row they stand in and of constants of the packs, so they know what the
row knows and nothing that verdicts taught later. Predicates are bound to the columns of the SQL
files (`queries.predicates`), so no signal can ask them: there is no circle.
docs/decisions/0062-signals-in-the-model.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from queries.vocabulary import ENTITY_TYPES, SIGNAL_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from queries.pack_models import Pack, Signal

COUNT, STRENGTH = SIGNAL_COLUMNS


def speaks_against(pack: Pack) -> bool:
    """Whether signals of a pack are signs of guilt: those of a victim are none."""
    return pack.subject_is == "suspect"


def signal_columns(packs: Iterable[Pack], name: str, off: Container[str] = ()) -> dict[str, str]:
    """SQL of each column over the rows of the query `name`; none where it is no feature table.

    Signals whose code is in `off` are not asked. Both are 0 where nothing holds; a predicate that
    is null does not hold. The strength is that of the typology that shows most: 1 - product of
    (1 - severity) over its signals.
    """
    entity_type = name.removeprefix("features/")
    if entity_type not in ENTITY_TYPES:
        return {}
    against = [pack.signals for pack in packs if speaks_against(pack)]
    own = [
        [one for one in signals if one.entity_type == entity_type and one.code not in off]
        for signals in against
    ]
    typologies = [signals for signals in own if signals]
    count = " + ".join(_term(one, "1.0", "0.0") for signals in typologies for one in signals)
    strongest = ", ".join(f"1.0 - {_missed(signals)}" for signals in typologies)
    return {
        COUNT: f"cast({count or '0.0'} as double)",
        STRENGTH: f"cast(greatest(0.0{', ' * bool(strongest)}{strongest}) as double)",
    }


def _missed(signals: Iterable[Signal]) -> str:
    """Chance that none of some signals is right."""
    return " * ".join(_term(one, f"(1.0 - {one.severity})", "1.0") for one in signals)


def _term(signal: Signal, holds: str, otherwise: str) -> str:
    return f"case when ({signal.predicate}) then {holds} else {otherwise} end"
