"""What two features of a model follow from: the signals of the packs, as the build stored them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.tree_model.signal_columns import Signal, SignalColumns
from queries.condition_tree import condition_tree
from queries.vocabulary import SIGNAL_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Container

    import polars as pl


def signal_columns(
    features: tuple[str, ...], conditions: pl.DataFrame, off: Container[str] = ()
) -> SignalColumns:
    """From rows of `pages/investigate/conditions`, for a model of some features.

    A signal whose code is in `off` rests on what nobody delivered: it fires for nobody, whatever
    were otherwise.
    """
    signals = (
        Signal(typology, code, severity, condition_tree(predicate))
        for typology, code, severity, predicate in conditions.iter_rows()
        if code not in off
    )
    return SignalColumns(features, SIGNAL_COLUMNS, tuple(signals))
