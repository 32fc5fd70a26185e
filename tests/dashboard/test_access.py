"""Roles and masking: who may do what, and what of an identifier is shown."""

from __future__ import annotations

import pytest

from dashboard.access import Viewer, mask_identifier, require, viewer
from dashboard.errors import AccessDenied


def test_roles_hold_their_actions_and_no_more() -> None:
    """A viewer reads, an analyst decides, a lead approves; an unknown role does nothing."""
    require(Viewer("a", "analyst"), "decide")
    require(Viewer("l", "approver"), "approve")
    for role, action in (("viewer", "decide"), ("analyst", "approve"), ("root", "view")):
        with pytest.raises(AccessDenied, match=role):
            require(Viewer("x", role), action)


def test_the_viewer_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Name, role and markets; without any, an analyst of every market."""
    for name in ("RINGFENCE_USER", "RINGFENCE_ROLE", "RINGFENCE_MARKETS"):
        monkeypatch.delenv(name, raising=False)
    assert viewer() == Viewer("analyst")
    monkeypatch.setenv("RINGFENCE_MARKETS", "us, sg,")
    assert viewer().sees("SG")
    assert not viewer().sees("GB")


def test_identifiers_are_masked_unless_the_role_may_see_them() -> None:
    """Prefix and tail stay; a short body is hidden whole."""
    assert mask_identifier("dev_00ab37f3a") == "dev_…7f3a"
    assert mask_identifier("dev_1234") == "dev_…"
    assert mask_identifier("10.1.2.3", Viewer("l", "approver")) == "10.1.2.3"
    assert "1.2" not in mask_identifier("10.11.12.13")[:-4]


@pytest.mark.parametrize("scope", [",", " , ", " "])
def test_a_scope_without_a_market_is_not_everything(
    monkeypatch: pytest.MonkeyPatch, scope: str
) -> None:
    """A slip of the keyboard opens nothing."""
    monkeypatch.setenv("RINGFENCE_MARKETS", scope)
    with pytest.raises(AccessDenied, match="names no market"):
        viewer()
