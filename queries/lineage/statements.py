"""What a statement gives: the branches of its unions, through joins, filters and groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from queries import sql_tree
from queries.lineage.cells import KNOWN, NULL, Branch, Cell, Scope, any_of, any_rows, constant
from queries.lineage.expressions import Expressions, has_aggregate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from queries.lineage.cells import Relation

    Node = dict[str, Any]


class Reader(Expressions):
    """One reading of one statement; CTEs are handed down from the query around it."""

    def __init__(self, relation: Callable[[str], Relation], *, is_source: bool) -> None:
        super().__init__(is_source=is_source)
        self._relation = relation

    def query(self, node: Node, ctes: dict[str, Relation]) -> Relation:
        """The branches that a SELECT or a union of several gives."""
        ctes = dict(ctes)
        for entry in node["cte_map"]["map"]:
            inner = entry["value"]["query_node"]
            ctes[entry["key"]] = self.query(inner.get("node", inner), ctes)
        if node["type"] == "SET_OPERATION_NODE":
            parts = [self.query(child, ctes) for child in node["children"]]
            order = list(parts[0][0].cells) if parts[0] else []
            return _distinct(_renamed(branch, order) for part in parts for branch in part)
        return self._select(node, ctes)

    def _select(self, node: Node, ctes: dict[str, Relation]) -> Relation:
        self.ctes = ctes
        scopes = self._from(node["from_table"], ctes)
        where = node.get("where_clause")
        if where:
            kept = (self._filtered(scope, where) for scope in scopes)
            scopes = [scope for scope in kept if scope is not None]
        keys = node.get("group_expressions") or []
        is_grouped = bool(keys) or node["aggregate_handling"] == "FORCE_AGGREGATES"
        if not is_grouped and not any(map(has_aggregate, node["select_list"])):
            selects = [{**node, "select_list": items} for items in _unnested(node["select_list"])]
            return _distinct(self._row(one, [scope]) for one in selects for scope in scopes)
        if not keys and is_grouped:
            keys = [item for item in node["select_list"] if not has_aggregate(item)]
        groups: dict[tuple[frozenset[str], ...], list[Scope]] = {}
        for scope in scopes:
            tag = tuple(self.cell(key, [scope]).literals for key in keys)
            groups.setdefault(tag, []).append(scope)
        return _distinct(self._row(node, group) for group in groups.values())

    def _row(self, node: Node, scopes: list[Scope]) -> Branch:
        rows = any_rows(scope.rows for scope in scopes)
        having = node.get("having")
        if having:
            rows |= self.cell(having, scopes).missing
        cells: dict[str, Cell] = {}
        for number, item in enumerate(node["select_list"]):
            if item["class"] == "STAR":
                cells |= self._star(item, scopes)
            else:
                cells[_name(item, number)] = self.cell(item, scopes)
        return Branch(rows, cells)

    def _star(self, item: Node, scopes: list[Scope]) -> dict[str, Cell]:
        left_out = {str(name) for name in item.get("exclude_list") or ()}
        owner = item.get("relation_name") or None
        columns = [name for name in scopes[0].columns(owner) if name not in left_out]
        cells = {name: any_of(scope.find(name, owner) for scope in scopes) for name in columns}
        for entry in item.get("replace_list") or ():
            cells[entry["key"]] = self.cell(entry["value"], scopes)
        return cells

    # -- where rows come from

    def _from(self, node: Node, ctes: dict[str, Relation]) -> list[Scope]:
        kind = node["type"]
        if kind == "EMPTY":
            return [Scope(KNOWN, {})]
        if kind == "JOIN":
            return self._join(node, ctes)
        if kind == "PIVOT":
            return self._unpivot(node, ctes)
        return [
            Scope(branch.rows, {node["alias"] or node.get("table_name", ""): branch.cells})
            for branch in self._source(node, ctes)
        ]

    def _source(self, node: Node, ctes: dict[str, Relation]) -> Relation:
        if node["type"] == "SUBQUERY":
            return self.query(node["subquery"]["node"], ctes)
        if node["type"] != "BASE_TABLE":
            return (Branch(KNOWN, {}),)
        if node["schema_name"]:
            return self._relation(f"{node['schema_name']}.{node['table_name']}")
        return ctes[node["table_name"]]

    def _join(self, node: Node, ctes: dict[str, Relation]) -> list[Scope]:
        left, right = self._from(node["left"], ctes), self._from(node["right"], ctes)
        condition: Node | None = node.get("condition")
        if node["join_type"] == "FULL":
            return [_either(left, right)]
        if node["join_type"] == "LEFT" and condition:
            return [self._left_joined(one, right, condition) for one in left]
        pairs = (one.beside(other) for one in left for other in right)
        if not condition:
            return list(pairs)
        kept = (self._filtered(pair, condition) for pair in pairs)
        return [scope for scope in kept if scope is not None]

    def _left_joined(self, left: Scope, right: list[Scope], condition: Node) -> Scope:
        """Rows of the left side; what the right one adds is known where one branch of it is."""
        matches = [
            scope.shadowed(pair.rows)
            for scope in right
            if (pair := self._filtered(Scope(scope.rows, left.tables | scope.tables), condition))
        ]
        if matches:
            added = _merged(matches)
        else:
            added = {
                alias: dict.fromkeys(cells, NULL)
                for scope in right[:1]
                for alias, cells in scope.tables.items()
            }
        return Scope(left.rows, left.tables | added)

    def _filtered(self, scope: Scope, condition: Node) -> Scope | None:
        """The scope where a condition holds, None where its constants rule that out."""
        holds = self.holds(condition, scope)
        if holds is not None:
            return scope if holds else None
        return Scope(scope.rows | self.cell(condition, [scope]).missing, scope.tables)

    def _unpivot(self, node: Node, ctes: dict[str, Relation]) -> list[Scope]:
        """One scope for each column that becomes rows: its name is a constant there."""
        value, pivot = node["unpivot_names"][0], node["pivots"][0]
        columns = [entry["star_expr"]["column_names"][-1] for entry in pivot["entries"]]
        scopes = []
        for scope in self._from(node["source"], ctes):
            kept = {name: scope.find(name) for name in scope.columns() if name not in columns}
            for column in columns:
                named = {pivot["unpivot_names"][0]: constant(column)}
                cells = {**kept, **named, value: scope.find(column)}
                scopes.append(Scope(scope.rows, {node["alias"] or "": cells}))
        return scopes


def _either(left: list[Scope], right: list[Scope]) -> Scope:
    """A full join: rows of either side, values of each where it has rows."""
    tables = {
        **_merged([scope.shadowed(scope.rows) for scope in left]),
        **_merged([scope.shadowed(scope.rows) for scope in right]),
    }
    return Scope(any_rows(scope.rows for scope in [*left, *right]), tables)


def _merged(scopes: Sequence[Scope]) -> dict[str, dict[str, Cell]]:
    """The tables of several alternatives as one: known where one of them is."""
    return {
        alias: {name: any_of(scope.tables[alias][name] for scope in scopes) for name in cells}
        for alias, cells in scopes[0].tables.items()
    }


def _unnested(items: list[Node]) -> list[list[Node]]:
    """The select lists that `unnest([a, b])` stands for: one with `a`, one with `b`."""
    for place, item in enumerate(items):
        inner = sql_tree.operands(item) if item.get("function_name") == "unnest" else []
        if inner and inner[0].get("function_name") == "list_value":
            elements = ({**one, "alias": item["alias"]} for one in sql_tree.operands(inner[0]))
            return [[*items[:place], one, *items[place + 1 :]] for one in elements]
    return [items]


def _name(item: Node, number: int) -> str:
    if item.get("alias"):
        return str(item["alias"])
    names_of = item.get("column_names")
    return str(names_of[-1]) if names_of else f"column{number}"


def _renamed(branch: Branch, order: list[str]) -> Branch:
    """The cells of one part of a union under the names of its first part."""
    return Branch(branch.rows, dict(zip(order, branch.cells.values(), strict=False)))


def _distinct(branches: Iterable[Branch]) -> Relation:
    unique: list[Branch] = []
    for branch in branches:
        if branch not in unique:
            unique.append(branch)
    return tuple(unique)
