"""The commands of whoever keeps the casebook: its trail, its copies, what is erased from it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli.databases import casebook_url
from dashboard.cli.errors import Refusal, storing
from dashboard.cli.next_steps import BUILD
from dashboard.cli.terminal import out
from dashboard.places import AUDIT_KEY_VARIABLE, CASEBOOK_VARIABLE

if TYPE_CHECKING:
    from dashboard.casebook import Casebook

audit_app = typer.Typer(
    name="audit", help="Check the audit trail, and write it out.", no_args_is_help=True
)
casebook_app = typer.Typer(
    name="casebook", help="Back up, restore, keep and erase.", no_args_is_help=True
)

Folder = Annotated[Path, typer.Option("--build", help="Folder of the database.")]
Subject = Annotated[str, typer.Option(help="Whom it is about, such as merchant:mer_000001.")]
Reason = Annotated[str, typer.Option(help="Which proceedings ask for it.")]
Target = Annotated[Path, typer.Argument(help="File to write; .gz packs it.")]


@audit_app.command()
def key() -> None:
    """Make the key that signs where the trail ends."""
    from dashboard.casebook.anchors import make_key

    if os.environ.get(AUDIT_KEY_VARIABLE):
        raise Refusal(f"{AUDIT_KEY_VARIABLE} is set: that is the key. Unset it to make a file.")
    file = make_key()
    _say(f"The audit key is in {file}. Keep a copy where whoever writes the casebook cannot.")
    _say("Every build, export and check now anchors the end of the trail beside it.")


@audit_app.command()
def verify(folder: Folder = BUILD) -> None:
    """Say whether the whole trail holds; ends with 1 where it does not."""
    from dashboard.casebook.anchors import anchor
    from dashboard.casebook.trail import examine, place_of

    url = _url(folder)
    found = examine(url)
    for sentence in found.sentences:
        _say(sentence)
    if not found.holds:
        raise typer.Exit(1)
    if found.end:
        anchor(place_of(url), "verify", found.end)


@audit_app.command()
def export(
    target: Annotated[Path, typer.Argument(help="File of JSON lines to write.")],
    folder: Folder = BUILD,
) -> None:
    """Write the trail as JSON lines with its seal."""
    from dashboard.access import require, viewer
    from dashboard.casebook.trail import export as write

    require(viewer(), "audit")
    with storing(target):
        count = write(_url(folder), target)
    anchor_end(folder, "export")
    _say(f"{count:,} entries of the audit trail in {target}, the seal in its last line.")


@casebook_app.command()
def backup(target: Target, folder: Folder = BUILD) -> None:
    """Write the whole casebook to one file, while people go on deciding."""
    from dashboard.access import viewer

    with storing(target):
        made = _book(folder).backup(target, viewer=viewer())
    anchor_end(folder, "backup")
    size = target.stat().st_size / 1e6
    _say(f"{made.rows:,} rows in {target} ({size:,.1f} MB), up to entry {made.seq:,}.")


@casebook_app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="File that backup wrote.")],
    folder: Folder = BUILD,
    force: Annotated[
        bool, typer.Option("--force", help="Even where later entries are lost.")
    ] = False,
) -> None:
    """Put a backup in the place of the casebook, all of it or nothing."""
    from dashboard.access import viewer
    from dashboard.casebook.anchors import anchor
    from dashboard.casebook.trail import RESTORE, place_of

    url = _url(folder)
    made = _book(folder).restore(source, viewer=viewer(), is_forced=force)
    anchor(place_of(url), RESTORE, (made.seq, made.hash))
    _say(f"Restored {made.rows:,} rows from {source}; the trail holds up to entry {made.seq:,}.")


@casebook_app.command()
def retain(folder: Folder = BUILD) -> None:
    """Drop what is older than the house keeps it."""
    from dashboard.access import viewer

    made = _book(folder).retain(viewer=viewer())
    parts = [f"{count:,} of {name}" for name, count in made.dropped.items() if count]
    _say(f"Dropped {', '.join(parts)}." if parts else "Nothing is older than it is kept.")
    if made.held:
        _say(f"{made.held:,} older rows stay: a legal hold keeps them.")


@casebook_app.command()
def erase(
    subject: Subject,
    basis: Annotated[str, typer.Option(help="Who asked, and by which right.")],
    folder: Folder = BUILD,
) -> None:
    """Erase what people wrote about somebody; counts and the trail stay."""
    from dashboard.access import viewer

    book = _book(folder)
    made = book.erase(subject, basis, viewer=viewer())
    anchor_end(folder, "erase")
    _say(
        f"Erased: {made.row_count:,} rows, {made.snapshot_count:,} snapshots, the texts of "
        f"{made.entry_count:,} entries. Verdicts, actions and days stay, so no count changes."
    )
    if made.old_entries:
        _say(
            f"{made.old_entries:,} of these entries were sealed by an earlier release, without a "
            "salt: whoever guesses a text word for word can still see that the guess is right."
        )
    for copy in book.copies_beside():
        _say(f"A copy from before a migration still holds the texts: {copy}")
    _say("Backups and exports made before still hold them: remove these too.")


@casebook_app.command()
def hold(subject: Subject, reason: Reason, folder: Folder = BUILD) -> None:
    """Keep all about somebody, whoever asks for it to be erased."""
    from dashboard.access import viewer

    _book(folder).hold(subject, reason, viewer=viewer())
    _say(f"All about {subject} is kept until: ringfence casebook release --subject {subject}")


@casebook_app.command()
def release(subject: Subject, reason: Reason, folder: Folder = BUILD) -> None:
    """End the legal hold on somebody."""
    from dashboard.access import viewer

    count = _book(folder).release(subject, reason, viewer=viewer())
    _say(f"{count} legal {'hold' if count == 1 else 'holds'} on {subject} ended.")


def anchor_end(folder: Path, cause: str) -> None:
    """Write down outside the casebook where its trail ends, if there is a casebook and a key."""
    from dashboard.casebook import anchoring

    if url := casebook_url(folder):
        anchoring.anchor_end(url, cause)


def _url(folder: Path) -> str:
    """Where the casebook of a build is, or would be."""
    beside = (folder / "casebook.sqlite").absolute()
    return os.environ.get(CASEBOOK_VARIABLE) or f"sqlite:///{beside}"


def _book(folder: Path) -> Casebook:
    from dashboard.casebook import open_casebook

    return open_casebook(_url(folder))


def _say(sentence: str) -> None:
    out.print(sentence, markup=False, soft_wrap=True)
