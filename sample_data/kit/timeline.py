"""The planted timeline: which day of the period brings which story.

Days count from the start of the data and stay the same in every world, so that a
demo script, a test and a chart agree on them; the shortest world has 90 days.
"""

from typing import Final

# docs/domain.md §3.5, in its order. A pair is (first day, last day).
BASELINE_CAMPAIGN_DAY: Final = 10  # every market, honest
VOUCHER_LAUNCH_DAYS: Final = (22, 30)  # farmed accounts fall upon a new voucher
CARRIER_STRIKE_DAY: Final = 28
POLICY_CHANGE_DAY: Final = 35  # moves a rate without an attack
BRUSHING_WAVE_DAYS: Final = (40, 52)
BRUSHING_STEALTH_DAY: Final = 47  # from here the wave hides among real orders
VIRAL_LIVE_DAY: Final = 45
LABEL_OUTAGE_DAY: Final = 55
LABEL_OUTAGE_DAYS: Final = 3  # length
CHAIN_DAYS: Final = (58, 75)  # one operator, many kinds of account
INFO_LEAK_DAY: Final = 63
TAKEOVER_BURST_DAY: Final = 66
MODEL_DRIFT_DAY: Final = 70  # a one-tap wallet makes everybody pay faster
BIASED_RULE_DAY: Final = 72  # marks small newcomers of one market as bad
UNSEEN_PATTERN_DAY: Final = 78  # in no pack, rule or label
APPEALS_WAVE_DAY: Final = 85  # wrong closures are overturned

LAST_DAY: Final = 86  # nothing of the timeline starts later, so that 90 days hold it

# The day on which the first ring of a story starts, by the NAME of its module.
HEADLINES: Final[dict[str, int]] = {
    "HN_FLASH_SALE": BASELINE_CAMPAIGN_DAY,
    "T3_INCENTIVE_ABUSE": VOUCHER_LAUNCH_DAYS[0],
    "HN_CARRIER_STRIKE": CARRIER_STRIKE_DAY,
    "T1_BRUSHING": BRUSHING_WAVE_DAYS[0],
    "HN_VIRAL_LIVE": VIRAL_LIVE_DAY,
    "T15_CROSS_DOMAIN": CHAIN_DAYS[0],
    "T12_INFO_LEAK": INFO_LEAK_DAY,
    "T8_ACCOUNT_TAKEOVER": TAKEOVER_BURST_DAY,
    "UNSEEN_VALUE_TRANSFER": UNSEEN_PATTERN_DAY,
}
