"""One line of what the doctor says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

OK, WARN, FAIL = "ok", "warn", "fail"


@dataclass(frozen=True)
class Finding:
    """`said` is what stands; `remedy` is empty where it is well."""

    topic: str
    state: str
    said: str
    remedy: str = ""

    def __str__(self) -> str:
        """One line: the state, the topic, what stands, the remedy."""
        return f"{self.state:<5} {self.topic:<9} {self.said} {self.remedy}".rstrip()


def checked(topic: str, check: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """The findings of one check; one that cannot be made says why, the others go on."""
    try:
        return list(check())
    except Exception as error:  # noqa: BLE001 -- a broken machine is what this is for
        reason = str(error).partition("\n")[0]
        remedy = "Mend what it names, or report it with the output of ringfence doctor --json."
        return [Finding(topic, FAIL, f"Cannot be examined: {reason}.", remedy)]
