"""One case as values: its name, a brief in sentences, figures, members, and who loses what.

A case is a ring of the build as analysts left it, one made by hand, or subjects that somebody
chose in the queue. Every sentence is written from facts by a template and says where on the
page its rows are.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard import text, theme
from dashboard.columns import mapped
from dashboard.view_models import words
from dashboard.view_models.facts import Fact
from dashboard.view_models.ring_sentences import BEARERS, borne, likeness
from dashboard.view_models.rings import (
    held_by,
    organiser_sentences,
    ring_facts,
    tied_by,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MEMBERS, TIES, EARLIER = "members", "ties", "earlier-cases"
MONEY, FORMATION, VERDICTS = "money", "formation", "earlier-verdicts"
"""Anchors of the sections of the page that sentences lead to."""
SCHEMES = 4
"""Schemes that the brief names; the rest is a number."""
LIKELY = 0.5
"""Probability from which a member is more likely bad than not."""
_LOOSE = ("trade", "further_account")
PARTS = {
    "victim": "victim",
    "buyer": "account",
    "merchant": "shop",
    "creator": "creator",
    "product": "listing",
    "live_session": "live room",
}
_NAMELESS = "Subjects in one case"


@dataclass(frozen=True)
class Sentence:
    """One sentence of the brief, and where its rows are: a section of the page, or a page."""

    text: str
    rows: str

    @property
    def target(self) -> str:
        """The address of the rows, as a link has it."""
        return self.rows if "?" in self.rows else f"#{self.rows}"


@dataclass(frozen=True)
class CaseView:
    """What the page shows of a case. `keys` are all members, `waiting` those to decide on."""

    title: str
    brief: tuple[Sentence, ...]
    facts: tuple[Fact, ...]
    keys: tuple[str, ...]
    waiting: tuple[str, ...]
    chosen: tuple[int, ...]
    """Rows that a decision is about unless somebody unticks them: who waits and is no victim."""
    typology: str
    """The scheme of most members that wait."""
    table: pl.DataFrame = field(repr=False)
    rows: pl.DataFrame = field(repr=False)

    @classmethod
    def of(
        cls,
        members: pl.DataFrame,
        ring: Mapping[str, Any] | None = None,
        title: str = "",
        decided: Iterable[str] = (),
        around: Mapping[str, pl.DataFrame] | None = None,
    ) -> CaseView:
        """The view of rows of `pages/case/members`.

        `ring` is its row of `pages/rings/rings` and `around` the rows of `pages/rings/money` and
        `benign` by name, `title` a name that somebody gave it, `decided` the keys on which
        somebody has decided since the build.
        """
        over = list(decided)
        is_open = pl.col("alert_id").is_not_null() & ~pl.col("node_key").is_in(over)
        rows = members.with_columns(is_waiting=is_open)
        waiting = rows.filter("is_waiting")
        victims = [words.is_victim(code) for code in rows["typology"]]
        open_flags = rows["is_waiting"].to_list()
        return cls(
            title=title or _title(rows),
            brief=tuple(_brief(rows, waiting, ring, around or {})),
            facts=(*_facts(rows, waiting), *(ring_facts(ring) if ring else ())),
            keys=tuple(rows["node_key"].to_list()),
            waiting=tuple(waiting["node_key"].to_list()),
            chosen=tuple(
                place
                for place, (is_open_one, is_victim) in enumerate(
                    zip(open_flags, victims, strict=True)
                )
                if is_open_one and not is_victim
            ),
            typology=_main(waiting["typology"].to_list() or rows["typology"].to_list()),
            table=_table(rows),
            rows=rows,
        )

    def without_cleared(self) -> CaseView:
        """The same with nobody ticked who was cleared before: for what is decided unread."""
        labels = self.rows["label"]
        return replace(self, chosen=tuple(one for one in self.chosen if labels[one] != "good"))


def _main(codes: list[str | None]) -> str:
    named = Counter(code for code in codes if code in words.known_packs())
    return min(named, key=lambda code: (-named[code], code)) if named else ""


def _title(rows: pl.DataFrame) -> str:
    code = _main(rows["typology"].to_list())
    name = words.typology_title(code) if code else _NAMELESS
    return f"{name}: {counted(rows)}" if len(rows) else name


def counted(rows: pl.DataFrame) -> str:
    """How many of which part, as in "23 accounts, 3 shops"."""
    return ", ".join(_parts_of(rows))


def _parts_of(rows: pl.DataFrame) -> list[str]:
    """How many of which part, as in "23 accounts" and "3 shops"."""
    parts = Counter(
        "victim" if role == "victim" else kind
        for role, kind in rows.select("role", "entity_type").iter_rows()
    )
    return [text.plural(parts[part], name) for part, name in PARTS.items() if parts[part]]


def _brief(
    rows: pl.DataFrame,
    waiting: pl.DataFrame,
    ring: Mapping[str, Any] | None,
    around: Mapping[str, pl.DataFrame],
) -> Iterable[Sentence]:
    yield Sentence(_who(rows), MEMBERS)
    if ring is not None:
        yield Sentence(tied_by(ring), TIES)
        yield from (Sentence(one, MEMBERS) for one in organiser_sentences(ring))
    yield Sentence(_schemes(rows), MEMBERS)
    yield Sentence(_standing(rows), MEMBERS)
    if len(waiting):
        yield Sentence(_money(waiting), MONEY)
    if "money" in around:
        yield from (Sentence(one, MONEY) for one in borne(around["money"]))
    if "benign" in around:
        yield from (
            Sentence(one, _group_of(around["benign"])) for one in likeness(around["benign"])
        )
    against = _against(rows)
    if against:
        yield Sentence(against, MEMBERS)


def _who(rows: pl.DataFrame) -> str:
    """`12 members in MY: 9 accounts and 3 shops.`; of one kind they are counted once."""
    markets = sorted({str(one) for one in rows["market"].drop_nulls()})
    where = f" in {text.joined(markets)}" if markets else ""
    parts = _parts_of(rows)
    if len(parts) == 1:
        return f"{parts[0]}{where}."
    return f"{text.plural(len(rows), 'member')}{where}: {text.joined(parts)}."


def _group_of(benign: pl.DataFrame) -> str:
    """The page of the harmless group that a ring is compared with; its id is ours, not typed."""
    return f"community?community={benign['community_id'][0]}"


def _schemes(rows: pl.DataFrame) -> str:
    named = Counter(code for code in rows["typology"] if code in words.known_packs())
    if not named:
        return "No known scheme fits: look at what they have in common."
    shares = [
        f"{words.typology_title(code).lower()} ({count:,}{'' if place else f' of {len(rows):,}'})"
        for place, (code, count) in enumerate(named.most_common(SCHEMES))
    ]
    if len(named) > SCHEMES:
        shares.append(text.plural(len(named) - SCHEMES, "other scheme"))
    return f"It looks like {text.joined(shares)}."


def _standing(rows: pl.DataFrame) -> str:
    likely = int((rows["score"].fill_null(0.0) >= LIKELY).sum())
    bad, good = (int((rows["label"] == label).fill_null(value=False).sum()) for label in _LABELS)
    judged = [
        *([f"{bad:,} {'was' if bad == 1 else 'were'} confirmed bad"] if bad else []),
        *([f"{good:,} cleared"] if good else []),
    ]
    before = f"before today {text.joined(judged)}" if judged else "nobody was judged before"
    are = "is" if likely == 1 else "are"
    return f"{likely:,} of {len(rows):,} {are} more likely bad than not; {before}."


_LABELS = ("bad", "good")


def _money(waiting: pl.DataFrame) -> str:
    losses = _by_bearer(waiting)
    named = [(BEARERS.get(who, who), text.money(usd)) for who, usd in losses[:3]]
    parts = [
        f"{who}{' can still lose' if not n else ''} {usd}" for n, (who, usd) in enumerate(named)
    ]
    line = text.joined(parts)
    lost = f"{line[0].upper()}{line[1:]}" if line else "No more money can be lost"
    harm = float(waiting["harm_usd"].fill_null(0.0).sum())
    extra = f"; harm beyond money is worth {text.money(harm)}" if harm >= 1.0 else ""
    held = float(waiting["held_usd"].fill_null(0.0).sum())
    due = waiting.filter(pl.col("held_usd") > 0.0)["horizon_days"].min()
    days = f" and begins to be paid out in {_days(due)}" if isinstance(due, float) else ""
    kept = f". {text.money(held)} is still held{days}" if held >= 1.0 else ""
    return f"{lost}{extra}{kept}."


def _days(days: float) -> str:
    return text.plural(round(days), "day")


def _by_bearer(waiting: pl.DataFrame) -> list[tuple[str, float]]:
    """Who loses how much, most first; each event is shared by the alerts that touch it."""
    borne = waiting.filter(pl.col("loss_bearer").is_not_null() & (pl.col("loss_forward_usd") > 0))
    sums = borne.group_by("loss_bearer").agg(pl.col("loss_forward_usd").sum())
    ranked = sums.sort("loss_forward_usd", "loss_bearer", descending=[True, False])
    return [(str(who), float(usd)) for who, usd in ranked.iter_rows()]


def _against(rows: pl.DataFrame) -> str:
    """What speaks for some of them; empty = nothing known."""
    loose = int(pl.Series(rows["joined_by"].is_in(_LOOSE)).fill_null(value=False).sum())
    low = int((rows["score"] < LIKELY).fill_null(value=False).sum())
    cleared = int((rows["label"] == "good").fill_null(value=False).sum())
    parts = [
        *([f"{text.plural(cleared, 'member')} cleared before"] if cleared else []),
        *([f"{loose:,} in it by trade alone"] if loose else []),
        *([f"{low:,} more likely good than bad"] if low else []),
    ]
    return f"What speaks against it: {text.joined(parts)}." if parts else ""


def _facts(rows: pl.DataFrame, waiting: pl.DataFrame) -> tuple[Fact, ...]:
    value, exposure = (
        float(waiting[name].fill_null(0.0).sum()) for name in ("value_usd", "exposure_usd")
    )
    return (
        Fact("Waiting", f"{len(waiting):,} of {len(rows):,}", "Members on whom nobody has decided"),
        Fact("At risk", text.money(exposure), "Money held and still to be lost, each event once"),
        Fact("A review saves", text.money(value), "Money and harm, as expected, over all members"),
        Fact("Minutes", _minutes(waiting), "What they share is read once"),
        Fact("Oldest alert", _oldest(waiting), "Day on which the first of its alerts opened"),
    )


def formation(rows: pl.DataFrame) -> pl.DataFrame:
    """`day, members, alerts`: how many were tied in, and had an alert, up to each day."""
    # Listings and rooms are in it by their owner, since long before there was a ring.
    own = rows.filter(pl.col("joined_by").ne_missing("owner"))
    joined = own.select(day=pl.col("joined_at").dt.date(), members=1, alerts=0)
    opened = rows.select(day="opened_on", members=0, alerts=1)
    both = pl.concat([joined, opened], how="vertical_relaxed").drop_nulls("day")
    daily = both.group_by("day").agg(pl.col("members", "alerts").sum()).sort("day")
    return daily.with_columns(pl.col("members", "alerts").cum_sum())


def formation_sentence(days: pl.DataFrame) -> str:
    """The same for whoever does not see the chart; empty = nobody is tied."""
    tied = int(days["members"][-1]) if len(days) else 0
    if not tied:
        return ""
    half = days.filter(pl.col("members") * 2 >= tied)["day"][0]
    first = days.filter(pl.col("members") > 0)["day"][0]
    return f"First tie on {first}, half of the {tied:,} tied members in by {half}."


def case_minutes(waiting: pl.DataFrame) -> float:
    """Analyst minutes of those who wait, as `queries/casework.sql` counts them."""
    longest = waiting["review_minutes"].max()
    if not isinstance(longest, float):
        return 0.0
    return longest + float(waiting["member_minutes"][0]) * (len(waiting) - 1)


def _minutes(waiting: pl.DataFrame) -> str:
    return f"{case_minutes(waiting):,.0f} min" if len(waiting) else text.MISSING


def _oldest(waiting: pl.DataFrame) -> str:
    return str(waiting["opened_on"].min() or text.MISSING) if len(waiting) else text.MISSING


def _table(rows: pl.DataFrame) -> pl.DataFrame:
    band = pl.col("score_band").replace_strict(theme.BAND_LABELS, default="No score")
    return rows.select(
        mapped(rows, "name", lambda name: text.plain(name, length=21)),
        (pl.col("role").str.slice(0, 1).str.to_uppercase() + pl.col("role").str.slice(1)).fill_null(
            mapped(rows, "entity_type", theme.entity_label)
        ),
        pl.concat_list(band.cast(pl.String)).alias("band"),
        "score",
        mapped(rows, "typology", words.typology_role, skip_nulls=True).alias("typology"),
        pl.col("exposure_usd").alias("exposure"),
        pl.col("horizon_days").alias("days"),
        pl.Series("standing", list(map(_standing_of, rows.iter_rows(named=True))), dtype=pl.String),
        pl.Series("held_by", list(map(held_by, rows.iter_rows(named=True))), dtype=pl.String),
    )


def _standing_of(row: Mapping[str, Any]) -> str:
    """That somebody has decided, what was said of it before, or whether it waits."""
    if row["alert_id"] is not None and not row["is_waiting"]:
        return "decided"
    said = {"bad": "bad before", "good": "cleared before"}.get(row["label"] or "")
    return said or ("waits" if row["is_waiting"] else "no alert")
