"""What a delivery may be like, as options say it, and what a check of one says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from dashboard.cli.errors import Refusal
from dashboard.cli.terminal import err, out

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.inputs.raw_check import Checked
    from pipeline.settings.inputs import InputSettings

TOLERATE = "1%"
"""What `InputSettings.tolerance` is by default."""
_MOST = 50.0
"""Percent of a table that may be set aside at most: what is left is no longer the table."""


def input_settings(as_of: datetime | None, tolerate: str) -> InputSettings:
    """The options as settings; raises BadParameter for a share that is none."""
    from pipeline.settings.inputs import InputSettings

    return InputSettings(as_of=as_of.date() if as_of else None, tolerance=_share(tolerate))


def _share(text: str) -> float:
    number, percent, rest = text.strip().partition("%")
    try:
        value = float(number)
    except ValueError:
        value = -1.0
    if not percent or rest or not 0 <= value <= _MOST:
        raise typer.BadParameter(
            f"{text!r} is no share of a table: write 0% to {_MOST:.0f}%, such as 0.5%.",
            param_hint="--tolerate",
        )
    return value / 100


def print_checked(place: str, checked: Checked) -> None:
    """Every fault, what would be built, or a Refusal where nothing would."""
    from pipeline.inputs.faults import Verdict, many

    by_verdict = {
        verdict: [fault for fault in checked.faults if fault.verdict is verdict]
        for verdict in Verdict
    }
    for title, verdict in _TITLES.items():
        faults = by_verdict[Verdict(verdict)]
        if faults:
            err.print(f"{title}:", markup=False)
        for fault in faults:
            err.print(f"  {fault}", markup=False, soft_wrap=True)
    refused = by_verdict[Verdict.REFUSED]
    if refused:
        raise Refusal(
            f"{many(len(refused), 'fault')} in {place}. "
            "Mend the files above, or see queries/contracts/raw.toml for what is expected."
        )
    kept = f"{place}: {len(checked.tables)} tables keep the contract"
    summary = checked.summary()
    rest = f" but for these rows. {summary}" if summary else "."
    out.print(kept + rest, markup=False, soft_wrap=True)


_TITLES = {
    "Nothing can be built with": "refused",
    "Would be set aside": "set aside",
    "Looks odd": "note",
}
