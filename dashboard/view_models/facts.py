"""A labelled number, as the heads of pages show several in a line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """One number: its label, the value in its unit, and what it means."""

    label: str
    value: str
    meaning: str
