"""What this library refuses, said in three parts so that a caller can pass them on."""

from __future__ import annotations


class UnreadableModelError(ValueError):
    """A model text that would be misread."""

    def __init__(self, found: str, expected: str, remedy: str) -> None:
        super().__init__(f"{found} {expected} {remedy}")
        self.found = found
        """What the text holds."""
        self.expected = expected
        """What can be read."""
        self.remedy = remedy
        """How to make such a text."""
