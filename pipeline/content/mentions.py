"""Whether a text says a lexicon's words or only cites them: a warning, a quote, a question.

One rule after the other, each readable by whoever is judged by it, and each names the words that
made it hold: docs/decisions/0131-words-beside-the-policy.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.content.folding import folded

_ENDS = re.compile(r"[.!;。\n]+|\?+")
"""Full-width signs are folded to these."""
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|«[^»]*»|「[^」]*」|『[^』]*』|„[^“”]*[“”]")
_SIDE = 300
"""Signs of a sentence that are read on either side of the words."""


def _words(text: str) -> str:
    """Alternatives of a pattern, one a line; Latin words whole, in folded spelling."""
    lines = [folded(line).text for line in text.strip().splitlines()]
    return "|".join(_bordered(line.strip()) for line in lines)


def _bordered(words: str) -> str:
    pattern = r"\W+".join(map(re.escape, words.split()))
    return rf"(?<![a-z0-9]){pattern}(?![a-z0-9])" if words[0].isascii() else pattern


_NOT = _words("""
    not
    no
    never
    isn't
    nothing
    bukan
    tidak
    tak
    不是
    没有
    并非
    no es
""")
_SAYING = _words("""
    said
    says
    say
    saying
    wrote
    writes
    asked
    asks
    told
    message
    messaged
    replied
    katanya
    bilang
    tulis
    cakap
    dijo
    说
    写
    问
    发消息
""")
_REPORTED = _words("""
    told me to
    told me
    told us to
    asked me to
    asked me
    was asked to
    were asked to
    being asked to
    asked us to
    asked if i
    asked if we
    asked whether
    asking me to
    wanted me to
    wants me to
    tried to make me
    tried to get me to
    pushed me to
    i reported
    i have reported
    reported
    reporting
    disuruh
    suruh saya
    suruh aku
    minta saya
    minta aku
    mengajak saya
    saya laporkan
    sudah kulaporkan
    suruh i
    me pidió
    叫我
    让我
    要我
    要求我
    我举报
    已举报
""")
_FORBIDS = _words("""
    do not
    don't
    dont
    never
    not to
    please avoid
    avoid
    refuse to
    nobody should
    no one should
    stop asking to
    would not
    wouldn't
    will not
    won't
    should not
    shouldn't
    must not
    jangan
    jgn
    jangan pernah
    hindari
    tolak
    nunca
    no me
    no hay que
    evita
""")
_FORBIDS_WITHOUT_BLANKS = "不要|别|请勿|切勿|勿|不能|不会|拒绝"
_REASSURES = _words("""
    never mind
    don't worry
    do not worry
    no problem
    no need
    no fees
    no fee
    jangan khawatir
    别担心
    不要紧
""")
_ALARMS = _words("""
    beware
    watch out
    be careful
    careful
    scam
    scams
    scammer
    scammers
    scammed
    fraud
    fraudster
    fake
    thief
    thieves
    liar
    never got
    never arrived
    never came
    got nothing
    lost my money
    lost money
    lose your
    lost my
    report it
    report them
    report this
    avoid this
    don't trust
    no protection
    voids
    penipu
    penipuan
    tertipu
    hati-hati
    jangan percaya
    laporkan
    palsu
    tidak datang
    tidak sampai
    maling
    waspada
    awas
    estafa
    cuidado
    别信
    不受保护
    没有保障
    没收到
    举报
    不要相信
    骗子
    骗
    诈骗
    小心
    当心
    谨防
""")
_RULES = _words("""
    against the rules
    against the rule
    against policy
    not allowed
    not permitted
    do not allow
    does not allow
    don't allow
    prohibited
    forbidden
    banned
    violates
    breaks the rules
    the rules say
    the policy says
    community guidelines
    dilarang
    melanggar
    tidak boleh
    tak boleh
    prohibido
    禁止
    违反
    违规
    不允许
""")
_ASKS = _words("""
    can i
    can we
    could i
    may i
    should i
    is it ok
    is it okay
    is it safe
    is it allowed
    are we allowed
    am i allowed
    do i have to
    does anyone
    anyone know
    has anyone
    do you take
    do you accept
    does she take
    why
    bolehkah
    boleh
    bisakah
    bisa
    apakah
    apa
    kenapa
    puedo
    se puede
    alguien sabe
    可以
    能不能
    能
    是否
    为什么
    为啥
""")
_NEAR_WORDS = r"(?:[^\w'.,:、]+[\w']+){0,3}[^\w'.,:、]*$"
_NEAR_SIGNS = r"[^\W_]{0,6}$"
_FORBIDDEN = re.compile(
    rf"(?P<cue>{_FORBIDS}){_NEAR_WORDS}|(?P<sign>{_FORBIDS_WITHOUT_BLANKS}){_NEAR_SIGNS}"
    r"|(?<![a-z0-9])(?P<no>no)\W+$"
)
_REASSURED = re.compile(_REASSURES)
_TOLD = re.compile(_REPORTED)
_SAID = re.compile(_SAYING)
_DENIED = rf"(?:{_NOT})[^\w]*(?:a |an |any |it's |even )?$"
_DENIED_BEFORE = re.compile(_DENIED)
_ALARM = re.compile(_ALARMS)
_RULE = re.compile(_RULES)
_QUESTION = re.compile(rf"{_ASKS}|^\W*(?:is|are|does|has|have)\b")
_ASKED_AT_THE_END = re.compile(r"(?:吗|\?)\W*\w{0,4}\W*$")


@dataclass(frozen=True)
class Mention:
    """A citation: which rule holds, and the words or signs that made it hold, folded."""

    rule: str
    """quote | report | warning | policy | question"""
    cue: str


def mention_of(text: str, start: int, end: int) -> Mention | None:
    """Why signs `start` to before `end` of a folded text are only cited; None = they are said."""
    first, last = _sentence(text, start, end)
    before, after = text[max(first, start - _SIDE) : start], text[end : min(last, end + _SIDE)]
    return (
        _quote(text, start, end)
        or _first("report", _TOLD, before)
        or _forbidden(before)
        or _alarm("warning", _ALARM, before, after)
        or _alarm("policy", _RULE, before, after)
        or _question(before, after)
    )


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence that holds a span; the sign it ends with is its own."""
    first, last = 0, len(text)
    for match in _ENDS.finditer(text):
        if match.end() <= start:
            first = match.end()
        elif match.start() >= end:
            last = match.end()
            break
    return first, last


def _quote(text: str, start: int, end: int) -> Mention | None:
    """In quotation marks, and somebody is said to have said it. Marks alone prove nothing."""
    for match in _QUOTED.finditer(text):
        if match.start() < start and end < match.end():
            around = text[: match.start()] + " " + text[match.end() :]
            said = _SAID.search(around) or _TOLD.search(around)
            return Mention("quote", said.group()) if said else None
    return None


def _first(rule: str, pattern: re.Pattern[str], text: str) -> Mention | None:
    match = pattern.search(text)
    return Mention(rule, match.group()) if match else None


def _forbidden(before: str) -> Mention | None:
    """The words that forbid stand at most three words before, with no comma between."""
    match = _FORBIDDEN.search(before)
    if match is None or _REASSURED.match(before, match.start()):
        return None
    return Mention("warning", match["cue"] or match["sign"] or match["no"])


def _alarm(rule: str, pattern: re.Pattern[str], before: str, after: str) -> Mention | None:
    """Anywhere in the sentence, and not denied: `no scam` is what a fraudster says."""
    for part in (before, after):
        for match in pattern.finditer(part):
            if not _DENIED_BEFORE.search(part[: match.start()]):
                return Mention(rule, match.group())
    return None


def _question(before: str, after: str) -> Mention | None:
    """It opens as a question and ends as one; the mark alone is no question."""
    asks = _QUESTION.search(before)
    if asks is None or not _ASKED_AT_THE_END.search(after):
        return None
    return Mention("question", asks.group())
