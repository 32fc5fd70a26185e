"""The word lists behind every invented name, title, review, claim and comment.

No entry is a real brand, person, domain or number; lists follow the languages of
each market. One file per kind of text.
"""

from sample_data.words.goods import BRANDS
from sample_data.words.hostile import HOSTILE

__all__ = ["BRANDS", "HOSTILE"]
