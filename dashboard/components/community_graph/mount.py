"""Our pictures in the browser: which there are, and how Streamlit finds their files.

Streamlit finds packaged components by a manifest beside a package named like the
distribution; ours is called `ringfence` and contains `dashboard`, so the scanner
never finds it in an editable install. We therefore declare the manifest here,
which works the same from a clone, a wheel and AppTest.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

if TYPE_CHECKING:
    from collections.abc import Callable

GRAPH, MAP = "community_graph", "ring_map"
_PACKAGE = "ringfence"
_SCRIPTS = {GRAPH: "graph.js", MAP: "map.js"}
_HERE = Path(__file__).parent


def mounted(component: str, html: str) -> Callable[..., Any]:
    """The Streamlit command that draws `component`, GRAPH or MAP, in `html`."""
    name = f"{_PACKAGE}.{component}"
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(name) is None:
        configs = [ComponentConfig(name=one, asset_dir="frontend") for one in _SCRIPTS]
        manager.register_from_manifest(ComponentManifest(_PACKAGE, _version(), configs), _HERE)
    return st.components.v2.component(name, html=html, css="graph.css", js=_SCRIPTS[component])


def _version() -> str:
    try:
        return version(_PACKAGE)
    except PackageNotFoundError:
        return "0"
