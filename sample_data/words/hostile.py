"""Names typed by somebody who wants to break what shows them."""

from typing import Final

HOSTILE: Final = (
    "<script>alert(1)</script>",
    "![win](http://x.invalid/p.png) [Claim prize](http://x.invalid)",
    '=HYPERLINK("http://x.invalid","y")',
    "+1+cmd|' /C calc'!A0",
    "@SUM(1+1)*2",
    "\u202egnp.tnuocsid\u202c outlet",
    "W" * 299 + "!",
    "",
    "zero\u200bwidth\u2060 \ufeffname\u200d",
    'O\'Brien "the\\quote"; drop table merchants;--',
    "\u0410mber G\u043e\u043eds",  # Cyrillic letters that look Latin
    "# **bold** `code` $x^2$ :red[x] {{7*7}}",
)
