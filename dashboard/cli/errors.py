"""How a command ends: with a sentence where we foresaw it, with a trace where we did not."""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import contextmanager
from shutil import disk_usage
from typing import TYPE_CHECKING

from dashboard.cli.terminal import err

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

STOPPED = threading.Event()
"""Set by the first of the signals below."""
SIGNALS = {
    signal.SIGINT: "Stopped.",
    signal.SIGTERM: "Ended by the signal SIGTERM, as kill, a service or a time limit sends it.",
    signal.SIGHUP: "Ended by the signal SIGHUP: the terminal was closed.",
}
"""What asks a command to end, and what is said then."""
_SIGNAL_CODE = 128
"""Shells add a signal's number to it: the exit code of a process ended by that signal."""
_KEPT = (
    "What was finished is kept, and what was served is served still; the same command goes on "
    "from there."
)
# By name, so that a sentence does not load the package that could have said it.
_FORESEEN = {"Refusal", "PipelineError", "QueryError", "SampleDataError", "RingfenceError"}


class Refusal(Exception):
    """Something the person at the keyboard can mend; printed as one sentence."""


def run(app: Callable[[], None]) -> None:
    """Run a command line; every error is a sentence with a remedy and exit code 1."""
    received: list[int] = []

    def stop(number: int, _frame: object) -> None:
        received.append(number)
        STOPPED.set()
        sys.exit(_SIGNAL_CODE + number)

    for number in SIGNALS:
        # `nohup` has a command ignore the end of its terminal: that stays.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, stop)
    try:
        app()
    except BaseException as error:
        # A signal surfaces as whatever it met: an exit, or a library's own exception.
        if received:
            err.print(f"{SIGNALS[signal.Signals(received[0])]} {_KEPT}", soft_wrap=True)
            sys.exit(_SIGNAL_CODE + received[0])
        sentence = sentence_of(error)
        if sentence is None:
            raise
        err.print(sentence, style="red", markup=False, soft_wrap=True)
        sys.exit(1)


@contextmanager
def storing(place: Path) -> Iterator[None]:
    """While something is written to `place`: a disk that takes no more is said with its space."""
    try:
        yield
    except OSError as error:
        from pipeline.errors import StorageError
        from pipeline.orchestration.memory import said

        folder = next((one for one in (place, *place.absolute().parents) if one.is_dir()), place)
        room = f"What was begun is removed, {said(disk_usage(folder).free)} are free there now."
        sentence = StorageError.of(error, place, room)
        if sentence is None:
            raise
        raise sentence from error


def sentence_of(error: BaseException) -> str | None:
    """What a person is told of an error; None where only a trace can help."""
    if not isinstance(error, Exception):
        return None
    if is_foreseen(error):
        return str(error)
    from pipeline.errors import StorageError

    storage = StorageError.of(error, "the folder that this command uses")
    return str(storage) if storage else None


def is_foreseen(error: Exception) -> bool:
    """Whether it is one of our own refusals, which are sentences already."""
    return any(base.__name__ in _FORESEEN for base in type(error).__mro__)
