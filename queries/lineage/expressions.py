"""What an expression over rows lacks: a column, a sum over the branches of a group, a choice."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from queries import macros, sql_tree
from queries.lineage.cells import NULL, Cell, any_of, constant, every

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from queries.lineage.cells import Relation, Scope

    Node = dict[str, Any]

_AGGREGATES = frozenset(
    (
        *("count", "count_star", "sum", "min", "max", "avg", "any_value", "arg_max", "arg_min"),
        *("first", "last", "list", "mode", "median", "quantile_cont", "stddev_samp", "var_samp"),
        *("bool_or", "bool_and", "string_agg", "entropy", "corr", "histogram"),
    )
)


class Expressions:
    """Cells of expressions; `query` reads the statement inside one."""

    def __init__(self, *, is_source: bool) -> None:
        self._is_source = is_source
        self.ctes: dict[str, Relation] = {}
        """Those that a query inside an expression may name."""

    def query(self, node: Node, ctes: dict[str, Relation]) -> Relation:
        """The branches of a statement."""
        raise NotImplementedError

    def cell(self, node: Node, scopes: Sequence[Scope]) -> Cell:
        """What is missing for an expression over rows of `scopes`, which one group holds."""
        own: Callable[[Node, Sequence[Scope]], Cell] | None = {
            "COLUMN_REF": self._reference,
            "CONSTANT": _constant,
            "CASE": self._case,
            "FUNCTION": self._function,
            "SUBQUERY": self._subquery,
        }.get(node["class"])
        if own:
            return own(node, scopes)
        if node["type"] == "OPERATOR_COALESCE":
            return self._coalesce(node, scopes)
        if node["class"] == "CAST":
            return self.cell(node["child"], scopes)
        return every(self.cell(child, scopes) for child in sql_tree.operands(node))

    def _reference(self, node: Node, scopes: Sequence[Scope]) -> Cell:
        return any_of(scope.resolve(node["column_names"]) for scope in scopes)

    def _case(self, node: Node, scopes: Sequence[Scope]) -> Cell:
        parts: list[Cell] = []
        arms: list[Cell] = []
        for check in node["case_checks"]:
            holds = [self.holds(check["when_expr"], scope) for scope in scopes]
            if all(one is False for one in holds):
                continue
            if all(holds):
                return every([*parts, *arms, self.cell(check["then_expr"], scopes)])
            parts.append(self.cell(check["when_expr"], scopes))
            arms.append(self.cell(check["then_expr"], scopes))
        arms.append(self.cell(node["else_expr"], scopes))
        literals = any_of(arms).literals if all(one.literals for one in arms) else frozenset()
        return replace(every([*parts, *arms]), literals=literals)

    def _coalesce(self, node: Node, scopes: Sequence[Scope]) -> Cell:
        """In staging a constant is the contract's own default; later it hides what is unknown."""
        values = [one for one in node["children"] if one["class"] != "CONSTANT"]
        if self._is_source and len(values) < len(node["children"]):
            return Cell()
        return any_of(self.cell(one, scopes) for one in values)

    def _function(self, node: Node, scopes: Sequence[Scope]) -> Cell:
        arguments = sql_tree.operands(node)
        if node["function_name"] == "struct_pack":
            cells = [self.cell(one, scopes) for one in arguments]
            names_of = [one["name"] for one in node["arguments"]]
            return replace(every(cells), fields=tuple(zip(names_of, cells, strict=True)))
        if node["function_name"] not in _aggregating():
            return every(self.cell(one, scopes) for one in arguments)
        return any_of(self._counted(node, arguments, scope) for scope in scopes)

    def _counted(self, node: Node, arguments: list[Node], scope: Scope) -> Cell:
        """What one branch adds to an aggregate: nothing where constants rule it out."""
        condition = node.get("filter")
        if condition and self.holds(condition, scope) is False:
            return NULL
        cells = [self.cell(one, [scope]) for one in arguments]
        if cells and all(one.is_void for one in cells):
            return NULL
        return every([*cells, Cell(scope.rows)]).computed()

    def _subquery(self, node: Node, scopes: Sequence[Scope]) -> Cell:
        relation = self.query(node["subquery"]["node"], self.ctes)
        found = any_of(every([Cell(b.rows), *b.cells.values()]) for b in relation)
        own = [self.cell(node["child"], scopes)] if node.get("child") else []
        return every([found, *own])

    def holds(self, node: Node, scope: Scope) -> bool | None:
        """Whether a condition holds as far as constants tell; None where they do not."""
        if node["class"] == "CONJUNCTION":
            parts = [self.holds(child, scope) for child in node["children"]]
            decides: bool = node["type"] == "CONJUNCTION_OR"
            if decides in parts:
                return decides
            return None if None in parts else not decides
        if node["type"] not in ("COMPARE_EQUAL", "COMPARE_IN", "COMPARE_NOTEQUAL"):
            return None
        is_same = _is_same([self.cell(one, [scope]).literals for one in sql_tree.operands(node)])
        return is_same if node["type"] != "COMPARE_NOTEQUAL" or is_same is None else not is_same


def _is_same(sides: list[frozenset[str]]) -> bool | None:
    """Whether the first side is one of the others, each known by the constants it may be."""
    value, *others = sides
    if not all(sides):
        return None
    allowed = frozenset().union(*others)
    if value.isdisjoint(allowed):
        return False
    is_certain = value <= allowed and len(allowed) == len(others) and len(value) <= len(others)
    return True if is_certain else None


def _constant(node: Node, _: Sequence[Scope]) -> Cell:
    literal = node["literal"]
    return NULL if literal["kind"] == "NULL_LITERAL" else constant(literal["text"])


def has_aggregate(node: Node) -> bool:
    """Whether an expression counts over rows."""
    if node["class"] == "FUNCTION" and node["function_name"] in _aggregating():
        return True
    return node["class"] != "SUBQUERY" and any(map(has_aggregate, sql_tree.operands(node)))


@cache
def _aggregating() -> frozenset[str]:
    """Aggregates, and the shared macros that call one."""
    own = (
        name
        for name, statement in macros().items()
        if _calls_aggregate(statement.partition(") as")[2] or statement.partition(")\nas")[2])
    )
    return _AGGREGATES.union(own)


def _calls_aggregate(body: str) -> bool:
    return any(f"{name}(" in body.replace(" ", "") for name in ("count", "quantile_cont", "sum"))
