"""`ringfence doctor`: what this machine, the data and the casebook need before somebody does.

Nothing is changed by looking: no casebook is made or migrated, no file is left.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from dashboard.cli.doctor import data, machine
from dashboard.cli.doctor.finding import FAIL, Finding, checked

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.web.process import Address

__all__ = ["Finding", "as_json", "examine", "has_failed"]


def examine(folder: Path, address: Address) -> list[Finding]:
    """Every finding, the machine's first; a check that breaks is itself a finding."""
    checks = {
        "versions": machine.versions,
        "memory": machine.memory,
        "disk": lambda: machine.disk(folder),
        "port": lambda: machine.port(address),
        "database": lambda: data.database(folder),
        "pending": lambda: data.pending(folder),
        "casebook": lambda: data.casebook(folder),
        "fonts": lambda: data.fonts(folder),
    }
    return [finding for topic, check in checks.items() for finding in checked(topic, check)]


def has_failed(findings: list[Finding]) -> bool:
    """Whether something has to be mended before the app works."""
    return any(finding.state == FAIL for finding in findings)


def as_json(findings: list[Finding]) -> str:
    """The findings for a program: topic, state, said, remedy."""
    return json.dumps([vars(finding) for finding in findings], indent=2, ensure_ascii=False)
