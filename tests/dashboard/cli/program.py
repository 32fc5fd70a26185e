"""One run of the program: what it printed and how it ended."""

from __future__ import annotations


class Result:
    """What one command printed and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out = code, out
        self.err = " ".join(err.split())
