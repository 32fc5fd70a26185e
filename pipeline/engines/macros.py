"""Macros written out: another engine has none of ours."""

from __future__ import annotations

from functools import cache

import sqlglot
from sqlglot import exp

import queries


@cache
def macros() -> dict[str, tuple[list[str], exp.Expr]]:
    """Parameters and body of each macro, by its name."""
    made = [sqlglot.parse_one(statement, read="duckdb") for statement in queries.macros().values()]
    return {
        create.this.this.name: ([one.name for one in create.this.expressions], create.expression)
        for create in made
    }


def without_macros(sql: str) -> exp.Expr:
    """The statement with every call of a macro written out."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    while calls := [one for one in tree.find_all(exp.Anonymous) if one.name in macros()]:
        for call in calls:
            body, source = _body_of(call), call.parent
            if isinstance(source, exp.Table):
                name = exp.TableAlias(this=exp.to_identifier(source.alias or call.name))
                source.replace(exp.Subquery(this=body.unnest(), alias=name))
            else:
                call.replace(exp.paren(body, copy=False))
    return tree


def _body_of(call: exp.Anonymous) -> exp.Expr:
    """The body of the macro that is called, its parameters replaced by the arguments."""
    params, body = macros()[call.name]
    values = dict(zip(params, call.expressions, strict=True))
    return body.copy().transform(lambda node: _value(node, values))


def _value(node: exp.Expr, values: dict[str, exp.Expr]) -> exp.Expr:
    is_param = isinstance(node, exp.Column) and not node.table and node.name in values
    return exp.paren(values[node.name].copy()) if is_param else node
