"""What a decision about several members says of each, and whom acting on it would touch."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboard import text
from dashboard.cases.states import ADVERSE
from dashboard.errors import BulkRefused, Gap, IncompleteDecision
from dashboard.view_models import words
from dashboard.view_models.case import PARTS, counted
from dashboard.view_models.decide import actions_for, evidence_for
from queries.vocabulary import ALWAYS_OFFERED, NO_ACTION

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from dashboard.cases.states import Verdict


@dataclass(frozen=True)
class Choice:
    """What the form says of every ticked member; `confidence` is 0..1.

    `actions` are by kind of subject; a kind for which nobody chose one has none.
    """

    verdict: Verdict
    typology: str
    actions: Mapping[str, str]
    reasons: tuple[str, ...]
    note: str
    confidence: float | None
    evidence: tuple[str, ...] = ()
    """What of the playbooks is attached."""

    def action_for(self, entity_type: str) -> str:
        """What is done to a member of this kind."""
        return self.actions.get(entity_type) or NO_ACTION

    def evidence_for(self, typology: str) -> tuple[str, ...]:
        """What of it the playbook of one scheme asks for."""
        return tuple(step for step in self.evidence if step in evidence_for(typology))


@dataclass(frozen=True)
class KindActions:
    """The members of one kind in a form: what they are called, and what can be done to them."""

    entity_type: str
    label: str
    """As in "Action: 33 accounts"."""
    actions: tuple[str, ...]
    recommended: str
    """The actions of the pack in words; empty = it has none for this kind."""


def kinds_of(typology: str, rows: pl.DataFrame) -> tuple[KindActions, ...]:
    """Each kind among `rows` of `pages/case/members`, the most numerous first.

    To a kind can be done what the packs of its members allow, and nothing that does not fit it.
    """
    counts = Counter(rows["entity_type"].to_list())
    packs: dict[str, dict[str, None]] = {}
    for row in _schemes(rows):
        packs.setdefault(row["entity_type"], {})[typology_of(typology, row)] = None
    ranked = sorted(counts, key=lambda kind: (-counts[kind], kind))
    return tuple(_kind(kind, counts[kind], tuple(packs[kind])) for kind in ranked)


def steps_for(typology: str, rows: pl.DataFrame) -> dict[str, str]:
    """What the playbooks of all that are decided about ask for: a case runs over schemes."""
    codes = {typology_of(typology, row): None for row in _schemes(rows)}
    return {step: behind for code in codes for step, behind in evidence_for(code).items()}


def _schemes(rows: pl.DataFrame) -> list[dict[str, Any]]:
    return rows.select("entity_type", "typology").unique(maintain_order=True).to_dicts()


def _kind(kind: str, count: int, typologies: tuple[str, ...]) -> KindActions:
    offered = tuple(dict.fromkeys(one for code in typologies for one in actions_for(code, kind)))
    own = [words.sentence_case(one) for one in offered if one not in ALWAYS_OFFERED]
    label = f"Action: {text.plural(count, PARTS[kind])}"
    return KindActions(kind, label, offered, ", ".join(own).lower())


def check_choice(choice: Choice, rows: pl.DataFrame, *, is_of_filter: bool) -> None:
    """Raise with a sentence where a kind lacks an action, or a filter accuses the cleared."""
    if choice.verdict not in ADVERSE:
        return
    kinds = kinds_of(choice.typology, rows)
    bare = [one for one in kinds if choice.action_for(one.entity_type) == NO_ACTION]
    if bare:
        named = text.joined([one.label.removeprefix("Action: ") for one in bare])
        remedy = "Choose one for each kind; to watch is the least."
        problem = f"There is no action for {named}."
        raise IncompleteDecision([Gap("action", problem, remedy, "choose one")])
    if is_of_filter:
        _check_filtered(choice, rows)


def _check_filtered(choice: Choice, rows: pl.DataFrame) -> None:
    """Nobody has read them: they are called bad for what they were listed for, or not at all."""
    cleared, others = rows.filter(label="good").height, rows.height
    others -= rows.filter(typology=choice.typology).height
    if cleared:
        raise BulkRefused(
            f"{cleared:,} of the ticked {'was' if cleared == 1 else 'were'} cleared before: nobody "
            "is called bad again over a filter.",
            "Untick them, and open each.",
        )
    if others:
        scheme = words.typology_title(choice.typology).lower()
        raise BulkRefused(
            f"{others:,} of the ticked {'waits' if others == 1 else 'wait'} for something else "
            f"than {scheme}.",
            "Narrow the filters to one typology, or untick them.",
        )


def typology_of(chosen: str, member: Mapping[str, Any]) -> str:
    """The scheme a member is decided for: the chosen one, or its own where that fits its kind.

    A chain runs over kinds of risk: a shop of brushing accounts is no account.
    """
    packs = words.known_packs()
    for code in (chosen, str(member["typology"] or "")):
        if code in packs and str(member["entity_type"]) in packs[code].entity_types:
            return code
    return chosen


def ticked_sentence(rows: pl.DataFrame) -> str:
    """Who is ticked and what they cost, as in "33 accounts, 4 shops: $700 at risk, $421 held."."""
    sums = {name: float(rows[name].fill_null(0.0).sum()) for name in _MONEY}
    parts = [f"{text.money(sums[name])} {what}" for name, what in _MONEY.items() if sums[name] >= 1]
    return f"{counted(rows)}: {text.joined(parts) or 'no money at risk'}."


_MONEY = {"exposure_usd": "at risk", "held_usd": "held", "harm_usd": "of harm"}
