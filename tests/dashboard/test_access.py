"""Roles: who may do what."""

from __future__ import annotations

import pytest

from dashboard.access import Viewer, require, viewer
from dashboard.errors import AccessDenied


def test_roles_hold_their_actions_and_no_more() -> None:
    """A viewer reads, an analyst decides, an approver approves."""
    require(Viewer("a", "analyst"), "decide")
    require(Viewer("l", "approver"), "approve")
    for role, action in (("viewer", "decide"), ("analyst", "approve")):
        with pytest.raises(AccessDenied, match=f"(?i){role}, may not"):
            require(Viewer("x", role), action)


def test_a_role_that_does_not_exist_may_nothing_and_is_named() -> None:
    """The label of a role, typed where its name belongs, is met with the names."""
    with pytest.raises(AccessDenied, match=r"senior_analyst, may not .* no such role") as refused:
        require(Viewer("x", "senior_analyst"), "view")
    assert "analyst, senior, approver" in str(refused.value.remedy)


def test_the_viewer_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Name, role and markets; without any, an analyst of every market."""
    for name in ("RINGFENCE_USER", "RINGFENCE_ROLE", "RINGFENCE_MARKETS"):
        monkeypatch.delenv(name, raising=False)
    assert viewer() == Viewer("analyst")
    monkeypatch.setenv("RINGFENCE_MARKETS", "us, sg,")
    assert viewer().sees("SG")
    assert not viewer().sees("GB")


@pytest.mark.parametrize("scope", [",", " , ", " "])
def test_a_scope_without_a_market_is_not_everything(
    monkeypatch: pytest.MonkeyPatch, scope: str
) -> None:
    """A slip of the keyboard opens nothing."""
    monkeypatch.setenv("RINGFENCE_MARKETS", scope)
    with pytest.raises(AccessDenied, match="names no market"):
        viewer()
