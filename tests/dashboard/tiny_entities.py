"""Who lives in the tiny database, and when.

Names are hostile on purpose: markdown, HTML, a spreadsheet formula, a direction override,
300 characters and nothing at all.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

AS_OF = date(2026, 5, 1)
WEEKS = [AS_OF - timedelta(days=7 * i) for i in range(3)]
FIRST_DAY = date(2026, 4, 1)
DAYS = [FIRST_DAY + timedelta(days=i) for i in range(30)]
HOSTILE = "<img src=x onerror=alert(1)> [free](https://evil.example) **bold**"
# The same as a row shows it.
HOSTILE_SHORT = "<img src=x onerror=alert(1)> [free](https://evi…"
FORMULA = '=HYPERLINK("https://evil.example","x")'
OVERRIDE = "abc\u202egnp.exe"
LONG = "Long " * 60
# A feature of the catalogue whose evidence needs no feature table.
DOCUMENTED = "account_age_days"
REGISTERED = date(2025, 11, 2)
ENTITIES = [
    ("merchant", "mer_1", "Lucky Bazaar", "MY", "beauty"),
    ("merchant", "mer_2", HOSTILE, "SG", "beauty"),
    ("merchant", "mer_3", "", "SG", "toys"),
    ("creator", "crt_1", FORMULA, "MY", "beauty"),
    ("product", "prd_1", LONG, "MY", "beauty"),
    ("buyer", "buy_1", OVERRIDE, "MY", None),
    ("buyer", "buy_2", "Aisyah", "MY", None),
    ("buyer", "buy_3", "Tan | Wei", "SG", None),
]
# Live sessions are entities without a score; market and peers are those of their creator.
LIVE_SESSIONS = [("live_session", f"liv_{i}", HOSTILE, "MY", "beauty") for i in (1, 2, 3)]
SCORES = {
    "mer_1": (0.91, "CRIT"),
    "mer_2": (0.62, "HIGH"),
    "mer_3": (0.08, "LOW"),
    "crt_1": (0.71, "HIGH"),
    "prd_1": (0.33, "MED"),
    "buy_1": (0.55, "HIGH"),
    "buy_2": (0.04, "LOW"),
    "buy_3": (0.02, "LOW"),
}
ALERTS = [
    ("alt_1", "merchant", "mer_1", "T1_BRUSHING", 25.0, 4200.0),
    ("alt_2", "merchant", "mer_2", "T9_REFUND_ABUSE", 11.0, 1800.0),
    ("alt_3", "creator", "crt_1", "T2_CLICK_FARM", 7.5, 950.0),
    ("alt_4", "buyer", "buy_1", "T9_REFUND_ABUSE", 3.0, 300.0),
]


def at(day: date, hour: int = 12) -> datetime:
    """Noon, or another hour, of a day."""
    return datetime.combine(day, time(hour))
