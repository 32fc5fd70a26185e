"""Parts that draw in the browser: registered with Streamlit from their own folder.

Streamlit finds packaged components by a manifest beside a package named like the
distribution; ours is called `ringfence` and contains `dashboard`, so the scanner
never finds it in an editable install. We therefore declare the manifest here,
which works the same from a clone, a wheel and AppTest.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.components.v2.component_manager import BidiComponentManager

_PACKAGE = "ringfence"
_MOUNTS: WeakKeyDictionary[BidiComponentManager, dict[str, Callable[..., Any]]] = (
    WeakKeyDictionary()
)
"""What mounts each part, by the server that it is declared to: once, not at each drawing."""


def packaged(name: str, folder: Path, *, html: str, css: str, js: str) -> Callable[..., Any]:
    """What mounts the component `name`, whose files lie in `folder`/frontend."""
    manager = get_bidi_component_manager()
    mounts = _MOUNTS.setdefault(manager, {})
    if name not in mounts:
        full = f"{_PACKAGE}.{name}"
        config = ComponentConfig(name=name, asset_dir="frontend")
        manager.register_from_manifest(ComponentManifest(_PACKAGE, _version(), [config]), folder)
        mounts[name] = st.components.v2.component(full, html=html, css=css, js=js)
    return mounts[name]


def _version() -> str:
    try:
        return version(_PACKAGE)
    except PackageNotFoundError:
        return "0"
