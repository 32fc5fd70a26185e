"""`ringfence outbox`: send what is due, list it, and take the platform's answers."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli.databases import casebook_url
from dashboard.cli.errors import STOPPED, Refusal
from dashboard.cli.next_steps import BUILD
from dashboard.cli.terminal import err, out

if TYPE_CHECKING:
    from dashboard.casebook import Casebook

outbox = typer.Typer(
    help="What is on its way to the platform, and what it answered.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Build = Annotated[Path, typer.Option("--build", help="Folder of the database and its casebook.")]


@outbox.command()
def send(
    folder: Build = BUILD,
    follow: Annotated[bool, typer.Option("--follow", help="Go on until Ctrl-C.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Try dead letters once more.")] = False,
) -> None:
    """Send every message that is due, and take the answers that lie there."""
    from dashboard.casebook.rows import now
    from dashboard.outbox.answering import take_answers
    from dashboard.outbox.sending import POLL_SECONDS, send_due
    from dashboard.outbox.settings import from_environment
    from dashboard.outbox.ways import ways_of

    settings, book = from_environment(), _casebook(folder)
    if again:
        out.print(f"{book.revive_messages(now())} dead letters wait once more.")
    while True:
        sent, taken = send_due(book, ways_of(settings)), take_answers(book, settings)
        if not follow or sent.delivered or sent.failed or taken.new or taken.problems:
            out.print(
                f"{sent.delivered} delivered, {sent.failed} failed, {sent.dead} of them given up; "
                f"{taken.new} answers."
            )
        for problem in taken.problems:
            err.print(problem, markup=False, soft_wrap=True)
        if not follow or STOPPED.is_set():
            return
        time.sleep(POLL_SECONDS)


@outbox.command("list")
def list_messages(
    folder: Build = BUILD,
    state: Annotated[str | None, typer.Option(help="Only these, such as WAITING or DEAD.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="So many, the latest first.")] = 50,
) -> None:
    """List messages: state, attempts, what each is about, and what went wrong."""
    from dashboard.cases.effects import MessageState

    named = (state or "").upper()
    if named and named not in set(MessageState):
        raise Refusal(f"There is no state {named}. It is one of {', '.join(MessageState)}.")
    states = [MessageState(named)] if named else []
    for one in _casebook(folder).messages(states, limit):
        said = one.answer or one.problem
        line = f"{one.created_at:%Y-%m-%d %H:%M} {one.state:<9} {one.attempts:>2} "
        out.print(
            f"{line}{one.idempotency_key}{f'  {said}' if said else ''}",
            markup=False, soft_wrap=True,
        )  # fmt: skip


@outbox.command()
def answer(
    files: Annotated[list[Path], typer.Argument(help="Signed answers of the platform.")],
    folder: Build = BUILD,
) -> None:
    """Take signed answers; one that is taken already changes nothing."""
    from dashboard.outbox.answering import take_file
    from dashboard.outbox.settings import signing_key

    key, book = signing_key(), _casebook(folder)
    for path in files:
        is_new = take_file(book, path, key)
        out.print(f"{path}: {'taken' if is_new else 'taken before'}.", markup=False, soft_wrap=True)


def _casebook(folder: Path) -> Casebook:
    from dashboard.casebook import open_casebook

    url = casebook_url(folder)
    if not url:
        raise Refusal(f"There is no casebook in {folder}. Name its folder: --build DIR")
    return open_casebook(url)
