"""What a typology pack may hold.

A pack decides what is said to sellers and what money is worth: every key has a type, a range
and a sentence that says so, and what holds between keys is held where the pack is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from pydantic import Field, model_validator

from queries.toml_models import (
    EachOnce,
    EntityType,
    FileModel,
    FileRefused,
    Tables,
    Text,
    TomlList,
    broken_rule,
    one_of,
)
from queries.vocabulary import (
    ACTIONS,
    ENTITY_TYPES,
    HARM_EVENTS,
    HARM_KINDS,
    PROTECTIVE_ACTIONS,
    SUBJECTS,
    TEXT_SOURCES,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

FLOWS = ("gmv_usd", "voucher_usd", "refund_usd", "commission_usd", "slot_fee_usd")
"""Columns of alerts.exposures that money is lost from, USD a day."""
BEARERS = ("platform", "merchant", "buyer", "creator", "cardholder", "rival")

_Code = Annotated[
    str,
    Field(
        pattern=r"^[A-Z][A-Z0-9]{0,5}_[A-Z0-9_]{1,30}$",
        description="a code like T1_BRUSHING, of at most 37 signs",
    ),
]
_EntityTypes = Annotated[
    tuple[EntityType, ...],
    TomlList,
    EachOnce,
    Field(description=f"a list of some of {', '.join(ENTITY_TYPES)}, each once"),
]
_Actions = Annotated[
    tuple[Annotated[str, *one_of(ACTIONS)], ...],
    TomlList,
    EachOnce,
    Field(description=f"a list of actions, from: {', '.join(ACTIONS)}"),
]
_Texts = Annotated[
    tuple[Text, ...], TomlList, EachOnce, Field(description="a list of texts, none twice")
]
_Share = Annotated[float, Field(ge=0.0, le=1.0, description="a number from 0 to 1")]
_Price = Annotated[float, Field(ge=0.0, le=10_000.0, description="USD from 0 to 10000")]
_Count = Annotated[int, Field(ge=0, description="a whole number, 0 or more")]
_OF_ONE = Field(gt=0.0, le=1.0, description="a number above 0, at most 1")


class PackRefused(FileRefused):
    """A pack that breaks a rule: which file, which key, what to do."""

    noun: ClassVar[str] = "Pack "
    remedy_at_hand: ClassVar[str] = "Mend or delete it"


class Signal(FileModel):
    """One named predicate over the features of one entity type."""

    code: Text
    entity_type: EntityType
    predicate: Text
    severity: Annotated[float, _OF_ONE]
    text: Text
    reason: Text
    """Reason code that it raises."""
    unseen_fires: _Count | None = None
    """For how many it held on sample marketplaces it was not set on; None = not measured."""
    unseen_bad: _Count | None = None
    """How many of these were planted there: `python -m benchmarks signals` counts both."""

    @model_validator(mode="after")
    def _is_counted_whole(self) -> Self:
        if (self.unseen_fires is None) != (self.unseen_bad is None):
            raise broken_rule("unseen_bad", "one of both counts is missing", "both or none")
        if self.unseen_fires is not None and (self.unseen_bad or 0) > self.unseen_fires:
            raise broken_rule(
                "unseen_bad",
                f"it is {self.unseen_bad}",
                f"at most unseen_fires, {self.unseen_fires}",
            )
        return self


class Reason(FileModel):
    """One reason code in the words of each who reads it."""

    analyst: Text
    manager: Text
    subject: Text
    """For the account it concerns: plain words, nothing of how it was found or of others."""


class Step(FileModel):
    """One step of the playbook."""

    step: Text
    is_mandatory: Annotated[bool, Field(description="true or false")]
    """Whether an action needs its evidence."""
    evidence: Text
    """What counts as evidence that it was done."""


class Loss(FileModel):
    """One money flow that a subject of this kind takes from, and who bears it."""

    entity_type: EntityType
    flow: Annotated[str, *one_of(FLOWS)]
    """Column of alerts.exposures: USD a day."""
    share: _Share
    """Share of that flow that is lost."""
    bearer: Annotated[str, *one_of(BEARERS)]


class Harm(FileModel):
    """What a subject of this kind spoils beyond money, at a price with its range."""

    entity_types: _EntityTypes
    kind: Annotated[str, *one_of(HARM_KINDS)]
    event: Annotated[str, *one_of(HARM_EVENTS)]
    """What is counted: see alerts.harm_events."""
    price_usd: _Price
    """Best guess of what one such event does, USD."""
    low_usd: _Price
    """The least that could be said ..."""
    high_usd: _Price
    """... and the most: the value of a review is shown for both."""
    is_undone: Annotated[bool, Field(description="true or false")]
    """Whether an action undoes what was done in the last 30 days; else it stops what would come."""
    source: Text
    """Where the price and its range come from."""
    is_activity: Annotated[bool, Field(description="true or false")] = False
    """Whether the scheme is over where 30 days saw no such event."""

    @model_validator(mode="after")
    def _is_in_range(self) -> Self:
        if not self.low_usd <= self.price_usd <= self.high_usd:
            expected = "low_usd <= price_usd <= high_usd"
            raise broken_rule("price_usd", f"it is {self.price_usd}", expected)
        return self


class Lexicon(FileModel):
    """Words that stand for one clause of the policy; a text that holds them is shown, no more."""

    code: Text
    clause: Text
    """What the clause is about, in the words of a person."""
    sources: Annotated[
        tuple[Annotated[str, *one_of(TEXT_SOURCES)], ...],
        TomlList,
        EachOnce,
        Field(description=f"a list of some of {', '.join(TEXT_SOURCES)}, each once"),
    ]
    """Which texts are read for them."""
    phrases: _Texts
    """Words in a row, in any script; `...` stands for up to three words between."""


class Pack(FileModel):
    """One risk scenario."""

    code: _Code
    title: Text
    summary: Text
    entity_types: _EntityTypes
    subject_is: Annotated[str, *one_of(SUBJECTS)] = "suspect"
    """Who its subjects are. A victim is never called bad and is offered protection alone."""
    signals: Annotated[tuple[Signal, ...], Tables]
    reason_codes: Annotated[
        dict[str, Reason], Field(min_length=1, description="at least one table of texts")
    ]
    clears: _Texts
    """Facts that would clear a subject."""
    playbook: Annotated[tuple[Step, ...], Tables]
    policy_clause: Text
    actions: _Actions
    """Proportionate actions, from the list in `queries.vocabulary`."""
    losses: Annotated[tuple[Loss, ...], Tables]
    recoverable_share: _Share
    """Share of the forward loss that an action today can still save."""
    review_minutes: Annotated[
        float, Field(gt=0.0, le=480.0, description="minutes above 0, at most 480")
    ]
    """Analyst minutes one case of this kind takes."""
    horizon_days: Annotated[float, Field(gt=0.0, le=365.0, description="days above 0, at most 365")]
    """Days until the money leaves, where no payout date is known; never more than these."""
    label_delay_days: Annotated[float, Field(ge=0.0, le=365.0, description="days from 0 to 365")]
    """Median days from behaviour to verdict (docs/domain.md §3.3): so long its labels wait."""
    harms: Annotated[
        tuple[Harm, ...], Field(strict=False, description="a list of tables, or none")
    ] = ()
    """Harm beyond money; none = nobody is harmed but by what is lost."""
    lexicons: Annotated[
        tuple[Lexicon, ...], Field(strict=False, description="a list of tables, or none")
    ] = ()
    """Words that are shown beside the policy; none = no text is read for it."""
    sensitivity: Annotated[float | None, _OF_ONE] = None
    """Share of bad subjects a review of this kind finds; None = as the settings say."""
    specificity: Annotated[float | None, _OF_ONE] = None
    """Share of good subjects it clears; None = as the settings say."""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        for code in self.reason_codes:
            self._check_prefix("reason_codes", code)
        for number, signal in enumerate(self.signals):
            self._check_signal(f"signals {number + 1}", signal, self.signals[:number])
        for number, lexicon in enumerate(self.lexicons, 1):
            self._check_prefix(f"lexicons {number}.code", lexicon.code)
        self._check_losses()
        for number, harm in enumerate(self.harms, 1):
            for entity_type in harm.entity_types:
                self._check_type(f"harms {number}.entity_types", entity_type)
        self._check_actions()
        if not any(step.is_mandatory for step in self.playbook):
            raise broken_rule("playbook", "no step is mandatory", "at least one that is")
        return self

    def _check_prefix(self, key: str, code: str) -> None:
        prefix = f"{self.code.partition('_')[0]}."
        if not code.startswith(prefix):
            raise broken_rule(key, f"it is {code!r}", f"a code that begins with {prefix}")

    def _check_signal(self, place: str, signal: Signal, earlier: Sequence[Signal]) -> None:
        self._check_prefix(f"{place}.code", signal.code)
        if any(signal.code == one.code for one in earlier):
            raise broken_rule(f"{place}.code", f"{signal.code} is there twice", "each code once")
        if signal.reason not in self.reason_codes:
            raise broken_rule(
                f"{place}.reason",
                f"{signal.reason} has no texts",
                f"one of {', '.join(self.reason_codes)}",
                "Add its texts under reason_codes, or name another",
            )
        self._check_type(f"{place}.entity_type", signal.entity_type)

    def _check_losses(self) -> None:
        for number, loss in enumerate(self.losses, 1):
            self._check_type(f"losses {number}.entity_type", loss.entity_type)
        with_loss = {loss.entity_type for loss in self.losses}
        without = [one for one in self.entity_types if one not in with_loss]
        if without:
            raise broken_rule(
                "losses",
                f"{without[0]} has no loss",
                "a flow and share for each entity type",
                "Add one; its share may be 0",
            )

    def _check_actions(self) -> None:
        penalties = [one for one in self.actions if one not in PROTECTIVE_ACTIONS]
        if self.subject_is == "victim" and penalties:
            raise broken_rule(
                "actions",
                f"{penalties[0]} takes something from a victim",
                f"only {', '.join(PROTECTIVE_ACTIONS)} where subject_is is victim",
            )

    def _check_type(self, key: str, entity_type: str) -> None:
        if entity_type not in self.entity_types:
            expected = f"one of its entity_types {list(self.entity_types)}"
            raise broken_rule(key, f"it is {entity_type!r}", expected)
