"""One table on its way through its rules: by itself, in company, beside those it refers to.

A table is sorted after the tables it refers to, so that what refers to a row that is set aside
is set aside with it. The rules of a table that look at one row are held in one scan, those that
look at the row it refers to in one join per table referred to, and rules are counted one by one
only where some row breaks one: a delivery of a million orders is checked in seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import queries
from pipeline.inputs.clocks import mixed_zones
from pipeline.inputs.company_rules import (
    company_rules,
    copy_rule,
    duplicate_rule,
    surplus_rows,
    twice,
)
from pipeline.inputs.csv_reading import line_faults
from pipeline.inputs.faults import EXAMPLES, Fault, Verdict, shown
from pipeline.inputs.placeholders import OWN, Owner, as_relation, placeholder_references
from pipeline.inputs.raw_views import Delivered, View, make_view
from pipeline.inputs.row_rules import row_rules
from pipeline.inputs.rules import (
    Link,
    Outcome,
    Rule,
    link_rules,
    links,
    orphan_rule,
    scanned,
)
from pipeline.inputs.set_aside import ASIDE, LEFT_OUT, Aside, ids_gone, ids_left_out, rules_behind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb

    from pipeline.inputs.clocks import Clock
    from pipeline.settings.inputs import InputSettings


@dataclass
class Sorted:
    """What became of the rows of one table."""

    faults: list[Fault] = field(default_factory=list)
    set_aside: int = 0
    """Rows set aside."""
    left_out: int = 0
    """Rows after the day of the build."""

    @property
    def is_reduced(self) -> bool:
        """Whether its view lacks rows."""
        return bool(self.set_aside or self.left_out)


@dataclass(frozen=True)
class Company:
    """What sorting a table needs to know of the rest."""

    clock: Clock | None
    settings: InputSettings
    owners: Mapping[str, Sorted]
    """The tables it may refer to, sorted."""

    def owner_of(self, link: Link) -> Sorted | None:
        """What became of the table a link leads to; None where its ids cannot be trusted."""
        owner = self.owners.get(link.owner)
        if owner is None or any(
            fault.column == link.key and fault.verdict is Verdict.REFUSED for fault in owner.faults
        ):
            return None
        return owner


def sort_rows(con: duckdb.DuckDBPyConnection, delivered: Delivered, company: Company) -> Sorted:
    """Every fault of a table; `raw.<table>` then lacks the rows that are set aside or left out."""
    return _Sorting(con, delivered, company).run()


@dataclass
class _Sorting:
    con: duckdb.DuckDBPyConnection
    delivered: Delivered
    company: Company
    result: Sorted = field(default_factory=Sorted)
    has_begun: bool = False
    """Whether anything was set aside or left out."""

    def run(self) -> Sorted:
        clock, table = self.company.clock, self.delivered.table
        if self._whole != View():
            make_view(self.con, self.delivered, self._whole)
        if self.delivered.lines:
            self._begin()
            limit = self.company.settings.tolerance
            faults = line_faults(self.delivered.file, self.delivered.lines, self.rows, limit)
            self.result.faults += faults
        self.result.faults += mixed_zones(self.con, self.delivered)
        rules = row_rules(self.delivered, clock, self.company.settings)
        late = [rule for rule in rules if rule.outcome is Outcome.LEFT_OUT]
        typed = scanned(self.delivered)
        if self._break(f"{typed} as t", late):
            typed += f" as t where not coalesce({_any(late)}, false)"
            typed = f"(select * from {typed})"
        self._break(f"{typed} as t", [rule for rule in rules if rule not in late])
        self._pass_over()
        self._sort_duplicates()
        together = list(company_rules(self.con, self.delivered, self.company.settings))
        if self._break(f"raw.{table.name} as t", together):
            self._pass_over()
        self._sort_beside_owners()
        self._judge()
        return self.result

    @cached_property
    def rows(self) -> int:
        """Rows delivered, with lines that are none."""
        counted = queries.row_count(self.con, f"delivered.{self.delivered.name}")
        return counted + len(self.delivered.lines)

    @cached_property
    def aside(self) -> Aside:
        """Where rows are set aside to."""
        return Aside(self.con, self.delivered, self._whole)

    @cached_property
    def _whole(self) -> View:
        """The typed view with every row, as it was known before the day of the build."""
        clock, table = self.company.clock, self.delivered.table
        is_cut = clock is not None and clock.leaves_out(table.name)
        unknown: dict[str, str] = {}
        for link in links(table):
            if table.columns[link.column].nullable and (values := self._nobody(link)):
                unknown[link.column] = f"({' union all '.join(values)})"
        return View(clock.as_of if clock and is_cut else None, unknown=unknown)

    def _nobody(self, link: Link) -> list[str]:
        """Queries of the ids in a column that refer to nobody, or to nobody yet."""
        owner = self.company.owner_of(link)
        if owner is None:
            return []
        ids = Owner.delivered(link, has_own=OWN in self.company.owners)
        values = placeholder_references(self.con, f"raw.{self.delivered.name}", link, ids)
        later = [ids_left_out(link)] if owner.left_out else []
        return later + ([as_relation(values)] if values else [])

    def _limit(self, outcome: Outcome) -> float:
        """Share of the table that may be set aside for rules of an outcome."""
        settings = self.company.settings
        share = settings.tolerance
        if outcome is Outcome.FOLLOWS and share:
            few = min(settings.followers / self.rows, settings.followers_share)
            return max(share, few)
        return share

    def _begin(self) -> None:
        if not self.has_begun:
            self.aside.begin()
            self.has_begun = True

    def _pass_over(self) -> None:
        if self.has_begun:
            self.aside.pass_over()

    def _break(self, relation: str, rules: Sequence[Rule]) -> bool:
        """Note and set aside the rows of a relation `t` that break rules; whether any does."""
        if not rules:
            return False
        where = f"from {relation} where {_any(rules)}"
        if not queries.scalar(self.con, f"select count(*) {where}"):
            return False
        columns = ", ".join(
            f"count(*) filter (where {rule.broken}), "
            f"min({self._example(rule)}, {EXAMPLES}) filter (where {rule.broken})"
            for rule in rules
        )
        values = self.con.execute(f"select {columns} {where}").fetchall()[0]
        for rule, rows, keys in zip(rules, values[::2], values[1::2], strict=True):
            if rows:
                self._note(self._with_factor(rule, relation), rows, keys or [])
                if rule.outcome is not Outcome.NOTE and not self._is_too_much(rule, rows):
                    self._begin()
                    self.aside.put(relation, rule)
        return True

    def _with_factor(self, rule: Rule, relation: str) -> Rule:
        """The rule, and in its words how many times too large the values are."""
        if not rule.factor:
            return rule
        sql = f"select median({rule.factor}) from {relation} where {rule.broken}"
        factor = queries.scalar(self.con, sql)
        said = f"It is usually {factor:,.4g} times as much. " if factor else ""
        return replace(rule, why=f"{said}{rule.why}")

    def _example(self, rule: Rule) -> str:
        """SQL of the key of a row `t` with the value that breaks a rule."""
        key, column = self.aside.readable_key, self.delivered.table.columns.get(rule.column)
        if column is None or column.name in self.delivered.table.key:
            return key
        original = self.delivered.may_fail(column) and "as delivered" in rule.broken
        value = f't."{column.name}{" as delivered" if original else ""}"'
        text = f"cast({value} as varchar)"
        visible = f"if({text} = trim({text}), {text}, '\"' || {text} || '\"')"
        return f"concat_ws(': ', {key}, {visible})"

    def _note(self, rule: Rule, rows: int, keys: Sequence[str]) -> None:
        """A fault of the rule, unless it is none: then its rows are only counted."""
        if rule.outcome is Outcome.LEFT_OUT:
            return
        examples = tuple(shown(key) for key in keys)
        verdict = Verdict.NOTE if rule.outcome is Outcome.NOTE else Verdict.SET_ASIDE
        words = (rule.found, rule.remedy, rule.why, examples)
        file, limit = self.delivered.file, self._limit(rule.outcome)
        fault = Fault(file, rule.column, rows, *words, self.rows, verdict, limit)
        self.result.faults.append(fault)

    def _is_too_much(self, rule: Rule, rows: int) -> bool:
        is_counted = rule.outcome in (Outcome.FAULT, Outcome.FOLLOWS)
        return is_counted and rows > self._limit(rule.outcome) * self.rows

    def _sort_duplicates(self) -> None:
        table = self.delivered.table
        if not surplus_rows(self.con, table):
            return
        if self._break(f"raw.{table.name} as t", [duplicate_rule(table)]):
            self._pass_over()
        copies = surplus_rows(self.con, table)
        rule = copy_rule(table)
        if not copies or any(fault.found == duplicate_rule(table).found for fault in self._over()):
            return
        self._note(rule, copies, twice(self.con, table, self.aside.readable_key))
        if not self._is_too_much(rule, copies):
            self._begin()
            self.aside.put_copies()
            self._pass_over()

    def _sort_beside_owners(self) -> None:
        table = self.delivered.table
        compared: set[str] = set()
        for link in links(table):
            owner = self.company.owner_of(link)
            if owner is None:
                continue
            rules = [orphan_rule(link)]
            relation = f"raw.{table.name} as t left join raw.{link.owner} as o "
            relation += f'on t."{link.column}" = o."{link.key}"'
            if owner.is_reduced:
                rules = rules_behind(link)
                relation += f' left join {ids_gone(link)} as a on t."{link.column}" = a.id'
            if link.owner not in compared:
                rules += link_rules(table, link.owner, self.company.settings)
                compared.add(link.owner)
            self._break(relation, rules)
        self._pass_over()

    def _over(self) -> list[Fault]:
        """Faults that alone are more than may be set aside."""
        return [one for one in self._counted() if one.rows > one.limit * self.rows]

    def _counted(self) -> list[Fault]:
        return [one for one in self.result.faults if one.verdict is not Verdict.NOTE]

    def _judge(self) -> None:
        """Set aside what was noted, or refuse it where it is too much."""
        if not self.result.faults and not self.has_begun:
            return
        over, total = self._over(), self.aside.count(ASIDE) if self.has_begun else 0
        limit = max((one.limit for one in self._counted()), default=0.0)
        if over or total > limit * self.rows:
            refused = over or self._counted()
            self.result.faults = [
                replace(one, verdict=Verdict.REFUSED) if one in refused else one
                for one in self.result.faults
            ]
            if self.has_begun:
                self.aside.forget()
        elif self.has_begun:
            self.result.set_aside = total
            self.result.left_out = self.aside.count(LEFT_OUT)


def _any(rules: Sequence[Rule]) -> str:
    return "(" + " or ".join(f"({rule.broken})" for rule in rules) + ")"
