"""One run of the program: what it printed and how it ended."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dashboard.cli.errors import SIGNALS

if TYPE_CHECKING:
    from collections.abc import Iterator


class Result:
    """What one command printed and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out = code, out
        self.err = " ".join(err.split())


@contextmanager
def our_signals() -> Iterator[None]:
    """What the program does at a signal is undone when the block ends."""
    ours = {number: signal.getsignal(number) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in ours.items():
            signal.signal(number, handler)
