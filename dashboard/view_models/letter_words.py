"""The words of letters by language: English, and a file of sentences for each other language.

`statements.toml` and the packs hold the English ones. `statements.<language>.toml` holds those of
another language, for the markets that it names. Why so: docs/decisions/0153-letters-by-language.md.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.view_models import words

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

FOLDER = Path(__file__).parents[1]
ENGLISH = "en"
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)


@dataclass(frozen=True)
class LetterWords:
    """The sentences of one language, and how it writes days and numbers."""

    code: str
    language: str
    texts: Mapping[str, str]
    figures: Mapping[str, str]
    subjects: Mapping[str, str]
    actions: Mapping[str, str]
    """What the subject is told of each action."""
    measures: Mapping[str, str]
    """What each action is called."""
    items: Mapping[str, str]
    """What partner teams' files call what stands in them."""
    appeal_at: Mapping[str, str]
    clauses: Mapping[str, str]
    """The rule of each typology."""
    reasons: Mapping[str, str]
    """The sentence of each reason code."""
    months: tuple[str, ...]
    separators: str
    """Of thousands, then of decimals."""
    is_draft: bool
    """Whether no native speaker has reviewed the sentences."""

    def spelled(self, day: date) -> str:
        """`29 September 2026`."""
        return f"{day.day} {self.months[day.month - 1]} {day.year}"

    def number(self, text: str) -> str:
        """An amount that was written the English way, with this language's separators."""
        return text.translate(str.maketrans(",.", self.separators))

    def clause(self, typology: str) -> str:
        """The rule that behaviour of a typology is against; of a team's own pack as it says it."""
        pack = words.known_packs().get(typology)
        return self.clauses.get(typology) or (pack.policy_clause if pack else self.no_clause)

    @property
    def no_clause(self) -> str:
        """What stands for a rule where no pack describes what was seen."""
        return self.texts["no_clause"]


@cache
def statement_settings() -> dict[str, Any]:
    """The texts and lists of `statements.toml`."""
    return tomllib.loads((FOLDER / "statements.toml").read_text(encoding="utf-8"))


def english() -> LetterWords:
    """The words of `statements.toml` and of the packs as they are now."""
    own, packs = statement_settings(), words.known_packs()
    return LetterWords(
        code=ENGLISH,
        language="English",
        texts=own["texts"],
        figures=own["figures"],
        subjects=own["subjects"],
        actions={code: one["told"] for code, one in own["actions"].items()},
        measures={code: one["measure"] for code, one in own["actions"].items()},
        items=own["items"],
        appeal_at=own["platform"]["appeal_at"],
        clauses={code: pack.policy_clause for code, pack in packs.items()},
        reasons={
            code: str(one.subject)
            for pack in packs.values()
            for code, one in pack.reason_codes.items()
        },
        months=_MONTHS,
        separators=",.",
        is_draft=False,
    )


@cache
def translations() -> dict[str, LetterWords]:
    """The words of each other language, by the markets that they are for."""
    made: dict[str, LetterWords] = {}
    for path in sorted(FOLDER.glob("statements.*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        markets = content.pop("markets")
        content["months"] = tuple(content["months"])
        one = LetterWords(code=path.name.split(".")[1], **content)
        made |= dict.fromkeys(markets, one)
    return made


def words_for(market: str | None) -> tuple[LetterWords, ...]:
    """The languages in which somebody of a market is written to: their own, if any, and English."""
    own = translations().get(market or "")
    return (*([own] if own else []), english())


def language_note(markets: Collection[str]) -> str:
    """What an approver is told of the letter's language: empty where it is everybody's own."""
    read_english = set(statement_settings()["platform"]["english_markets"])
    without = sorted(set(markets) - read_english - set(translations()))
    own = (translations().get(market) for market in markets)
    drafts = sorted({one.language for one in own if one and one.is_draft})
    said = [
        f"The letter is in English: there are no sentences in a language of {', '.join(without)}."
    ]
    said += [
        f"The letter in {language} is a draft that no native speaker has reviewed."
        for language in drafts
    ]
    return " ".join(said if without else said[1:])
