"""How well a shop or a product serves, kept apart from how honest it is.

A slow shop is not a fraud: no model of fraud sees these numbers, and the page
says so where it shows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.view_models import words

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class ServiceLine:
    """One number about service beside what is usual."""

    feature: str
    label: str
    value: str
    peer: str


def service_lines(
    entity_type: str, profile: Mapping[str, float | None], typical: Mapping[str, float | None]
) -> tuple[ServiceLine, ...]:
    """Every feature of the catalogue that is about quality and has a column."""
    return tuple(
        ServiceLine(
            name,
            feature.label,
            _shown(entity_type, name, profile.get(name)),
            words.feature_value(entity_type, name, typical.get(name)),
        )
        for name, feature in words.catalogue(entity_type).items()
        if feature.use == "quality" and name in profile
    )


def _shown(entity_type: str, name: str, value: float | None) -> str:
    if value is not None:
        return words.feature_value(entity_type, name, value)
    needs = words.catalogue(entity_type)[name].needs
    return f"unknown; needs {needs}" if needs else "unknown"
