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
MOST = "50%"
"""What may be set aside at most: what is left is no longer the table."""


def input_settings(as_of: datetime | None, tolerate: str) -> InputSettings:
    """The options as settings; raises BadParameter for a share that is none."""
    from pipeline.settings.inputs import InputSettings

    return InputSettings(as_of=as_of.date() if as_of else None, tolerance=share(tolerate))


def share(text: str) -> float:
    """A share of a table as an option says it; raises BadParameter for what is none."""
    value = _percent(text)
    if not 0 <= value <= _percent(MOST):
        raise typer.BadParameter(
            f"{text!r} is no share of a table: write 0% to {MOST}, such as 0.5%.",
            param_hint="--tolerate",
        )
    return value / 100


def _percent(text: str) -> float:
    """The number before the sign; -1 where it is none."""
    number, sign, rest = text.strip().partition("%")
    try:
        return float(number) if sign and not rest else -1.0
    except ValueError:
        return -1.0


def print_checked(source: str, checked: Checked) -> None:
    """Every fault, what would be built, or a Refusal where nothing would."""
    from pipeline.inputs.faults import Verdict, many
    from queries.contract import raw_tables

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
        others = by_verdict[Verdict.SET_ASIDE]
        beside = f" ({len(others)} more would only set rows aside)" if others else ""
        raise Refusal(
            f"{many(len(refused), 'fault')} in {source}{beside}. "
            "Mend the files above, or see queries/contracts/raw.toml for what is expected."
        )
    _refuse_quiet_days(checked)
    kept = f"{source}: {len(checked.tables)} tables keep the contract."
    summary = checked.summary()
    rest = f" {summary}" if summary else ""
    day = f" The day of the build is {checked.clock.as_of}." if checked.clock else ""
    out.print(kept + rest + day, markup=False, soft_wrap=True)
    if checked.unpaid:
        out.print(checked.unpaid, markup=False, soft_wrap=True)
    absent = [name for name in raw_tables() if name not in checked.tables]
    if absent:
        found = f"{many(len(absent), 'optional table')} not delivered: {', '.join(absent)}."
        out.print(f"{found} {_SWITCHES}", markup=False, soft_wrap=True)


def _refuse_quiet_days(checked: Checked) -> None:
    """A Refusal where a build would refuse the day, in the same words."""
    from pipeline.inputs.clocks import quiet_doubt
    from pipeline.settings.inputs import PublishSettings

    clock = checked.clock
    if clock is None:
        return
    doubt = quiet_doubt(clock.as_of, clock.last_order, PublishSettings().quiet_days)
    if doubt:
        found, expected, remedy = doubt
        raise Refusal(f"{found} {expected} {remedy}.")


_SWITCHES = "What each would switch on: queries/contracts/raw.toml, switches_on."
_TITLES = {
    "Nothing can be built with": "refused",
    "Would be set aside": "set aside",
    "Looks odd": "note",
}
