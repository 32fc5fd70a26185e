"""How the lists are written: one phrase per line or words with commas, easy to read and add to."""

from dataclasses import dataclass


def listed(words: str) -> tuple[str, ...]:
    """Comma-separated words."""
    return tuple(word.strip() for word in words.split(","))


def lines(text: str) -> tuple[str, ...]:
    """One phrase per line."""
    return tuple(line.strip() for line in text.strip().splitlines())


@dataclass(frozen=True)
class Tone:
    """What people say when they mean one thing: parts that read well in this order."""

    openings: tuple[str, ...]
    details: tuple[str, ...]
    closings: tuple[str, ...]


@dataclass(frozen=True)
class Language:
    """How reviews are put together in one language."""

    code: str  # ISO 639-1
    joints: tuple[str, ...]  # what may stand between two parts
    endings: tuple[str, ...]  # what may stand after the last one
    praise: Tone
    grumble: Tone


@dataclass(frozen=True)
class Report:
    """One language: what happened, by reason or topic; what else is said; what is asked for."""

    what: tuple[tuple[str, ...], ...]
    more: tuple[str, ...]
    pleas: tuple[str, ...]
