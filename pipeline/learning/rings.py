"""Who belongs together: entities that one hand may hold, so that none teaches about the other.

Ring mates look alike, so a model that learnt from one knows the other, and a fold that holds
only one of them measures memory. Ties are those a build knows before anybody is scored: shared
identifiers, shared customers, lockstep, and of listings their shop. How large a ring may get
and what that leaves together: docs/decisions/0032-folds-of-rings.md.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from pipeline.tables import query

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import duckdb
    from numpy.typing import NDArray

_SHARED = (
    "select src, dst, max(weight) as weight from graph.edges where relation like 'shares_%'"
    " and relation <> 'shares_ip' and src like $own and dst like $own group by src, dst"
    " order by weight desc, src, dst"
)
_LOCKSTEP = (
    "select 'buyer:' || group_id as src, 'buyer:' || buyer_id as dst from similarity.lockstep_cores"
    " where group_id is not null and as_of = (select max(as_of) from similarity.lockstep_cores)"
    " order by src, dst"
)
_SHOPS = "select product_id, 'merchant:' || merchant_id as shop from staging.products"


class Rings:
    """Disjoint sets of names that grow tie by tie, none beyond a size (Kruskal's forest, cut)."""

    def __init__(self, size: Mapping[str, int], most: int) -> None:
        """Everybody alone, of the size that `size` says or else none."""
        self._parent: dict[str, str] = {}
        self._size = dict(size)
        self._most = most

    def of(self, name: str) -> str:
        """The member that stands for the ring of `name`."""
        root = name
        while (parent := self._parent.get(root, root)) != root:
            root = parent
        while (parent := self._parent.get(name, root)) != root:
            self._parent[name], name = root, parent
        return root

    def tie(self, one: str, other: str) -> None:
        """Put two rings together, unless that would exceed the size."""
        first, second = sorted((self.of(one), self.of(other)))
        size = self._size.get(first, 0) + self._size.get(second, 0)
        if first != second and size <= self._most:
            self._parent[second], self._size[first] = first, size


def rings(
    con: duckdb.DuckDBPyConnection, entity_type: str, entity_id: Sequence[str], share: float
) -> NDArray[np.int64]:
    """Number of the ring of each entity; none holds more than a `share` of all of them.

    Whoever is not among them ties others together and takes no room. The strongest ties count
    first, so that a crowd on a weak one does not swallow a ring. A listing is in the ring of
    its shop, whole whatever its size.
    """
    shops = dict(query(con, _SHOPS).iter_rows()) if entity_type == "product" else {}
    nodes = [shops.get(one, f"{entity_type}:{one}") for one in entity_id]
    apart = Rings(Counter(nodes), int(share * len(nodes)))
    for src, dst in _ties(con, "merchant" if shops else entity_type):
        apart.tie(src, dst)
    names = np.array([apart.of(node) for node in nodes], dtype=str)
    return np.unique(names, return_inverse=True)[1].astype(np.int64)


def _ties(con: duckdb.DuckDBPyConnection, entity_type: str) -> Iterable[tuple[str, str]]:
    """Pairs of nodes of a type, the strongest first."""
    if entity_type == "buyer":
        yield from query(con, _LOCKSTEP).iter_rows()
    shared = query(con, _SHARED, own=f"{entity_type}:%").select("src", "dst")
    yield from shared.iter_rows()
