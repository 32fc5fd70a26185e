"""Names and texts: no real brand, many scripts, copies that are copies, hostile text everywhere."""

from __future__ import annotations

import importlib
import pkgutil
import re
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from sample_data import words
from sample_data.export import hostile_names
from sample_data.kit.markets import CATEGORIES, MARKETS
from sample_data.kit.randomness import Ints, stream
from sample_data.language import names
from sample_data.words.comments import KINDS
from sample_data.words.hostile import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS = 4_000
KNOWN = """
amazon tiktok shopee lazada temu shein aliexpress alibaba taobao tmall douyin kuaishou ebay etsy
walmart asos zalora depop vinted tokopedia bukalapak blibli qoo10 carousell whatnot wish
nike adidas puma reebok asics converse vans crocs skechers lululemon gymshark decathlon umbro fila
gucci prada chanel hermes hermès vuitton dior burberry versace balenciaga rolex cartier armani
coach longchamp zara uniqlo primark topshop levis supreme
apple iphone airpods samsung galaxy sony huawei xiaomi oppo vivo anker jbl bose philips dyson
nintendo playstation xbox lenovo logitech gopro casio
ikea tupperware tefal pyrex muji lego disney barbie pokemon pokémon hasbro mattel funko labubu
pampers huggies gerber nestle nestlé milo nescafe nescafé starbucks pepsi cola indomie maggi oreo
heinz loreal l'oréal maybelline nivea olay cerave garnier sephora fenty wardah skintific pond's
moleskine faber staedtler sharpie crayola
whatsapp telegram wechat instagram facebook youtube twitter snapchat messenger weibo xiaohongshu
paypal venmo zelle gopay alipay visa mastercard revolut klarna dhl fedex usps hermesworld jne gojek
微信 支付宝 淘宝 抖音 天猫 京东 拼多多 小红书 华为 小米 耐克 阿迪达斯 苹果手机 优衣库 宜家 星巴克
"""


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _texts(each)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))


def _every_text() -> list[str]:
    """Every string in every word list, except the hostile ones."""
    found: list[str] = []
    for module in pkgutil.iter_modules(words.__path__, "sample_data.words."):
        loaded = vars(importlib.import_module(module.name))
        for name, value in loaded.items():
            if name.strip("_").isupper() and not name.startswith("__") and name != "HOSTILE":
                found += _texts(value)
    carriers = [carrier for market in MARKETS for carrier in market.carriers]
    return found + carriers


def _rows(high: int, seed: str) -> Ints:
    return stream(5, seed).integers(0, high, ROWS)


def test_no_text_names_a_real_brand_or_platform() -> None:
    """None of the well-known names stands in any list as a word."""
    told, known = "\n".join(_every_text()).casefold(), KNOWN.split()
    pattern = (
        r"(?<!\w)(" + "|".join(re.escape(name) for name in known if name.isascii()) + r")(?!\w)"
    )
    assert re.findall(pattern, told) == []
    assert [name for name in known if not name.isascii() and name in told] == []
    assert len(told) > 20_000


def test_no_text_holds_an_address_or_a_number_to_call() -> None:
    """No link, no mail address, no run of digits longer than a price."""
    told = "\n".join(_every_text())
    assert re.findall(r"https?:|www\.|\w@\w|\.(?:com|net|org|id|sg|co\.uk)\b", told) == []
    assert re.findall(r"\d[\d -]{4,}\d", told) == []
    assert all(".invalid" in text for text in HOSTILE if "http" in text)


def test_brands_are_twelve_of_each_category_and_a_counterfeit_is_one_letter_off() -> None:
    """Brands are distinct; a misspelt one is no brand, but nearly one."""
    assert len(set(names.brands)) == 12 * len(CATEGORIES)
    wrong = [names.misspelt(brand) for brand in names.brands]
    assert not set(wrong) & set(names.brands)
    assert all(abs(len(a) - len(b)) <= 1 for a, b in zip(wrong, names.brands, strict=True))


def test_members_of_a_household_share_a_surname() -> None:
    """Two accounts of one household have a word of their names in common, where they have two."""
    market = np.repeat(_rows(4, "market")[: ROWS // 2], 2)
    household = np.repeat(np.arange(ROWS // 2), 2)
    told = names.people(stream(1, "people"), market, household).str.to_lowercase()
    told = told.str.replace(r"\d+$", "")
    pairs = zip(told.gather_every(2), told.gather_every(2, 1), strict=True)
    split = [(set(a.split()), set(b.split())) for a, b in pairs if " " in a]
    assert len(split) > ROWS / 4
    assert all(a & b for a, b in split)


def test_a_review_is_written_in_a_language_of_its_market() -> None:
    """Each market has its main language, and scripts other than the Latin one occur."""
    market, five = _rows(4, "market"), np.full(ROWS, 5)
    told = pl.DataFrame(
        {
            "market": market,
            "text": names.reviews(
                stream(1, "r"), market, five, np.full(ROWS, -1), np.zeros(ROWS, dtype=np.int64)
            ),
        }
    )
    singapore = told.filter(pl.col("market") == 2)["text"]
    assert 0.15 < singapore.str.contains(r"\p{Han}").mean() < 0.5
    indonesia = told.filter(pl.col("market") == 3)["text"]
    assert indonesia.str.contains(r"(?i)bagus|banget|sampai|kak|mantap|sesuai|suka").mean() > 0.3
    for script in ("Tamil", "Thai", "Arabic"):
        assert told["text"].str.contains(rf"\p{{{script}}}").any(), script


def test_reviews_are_short_and_long_and_often_nothing() -> None:
    """Empty, three-word and paragraph-long texts all occur, and bad stars sound bad."""
    zero, none = np.zeros(ROWS, dtype=np.int64), np.full(ROWS, -1)
    good = names.reviews(stream(1, "r"), zero, np.full(ROWS, 5), none, zero)
    bad = names.reviews(stream(1, "r"), zero, np.full(ROWS, 1), none, zero)
    length = good.str.len_chars()
    assert 0.1 < (length == 0).mean() < 0.25
    assert (length.quantile(0.4) or 0) < 40
    assert (length.quantile(0.97) or 0) > 110
    assert good.n_unique() > 0.5 * ROWS
    assert not good.str.contains("(?i)disappointed|money back").any()
    assert bad.str.contains("(?i)disappointed|money back").any()


def _shingles(text: str) -> set[str]:
    """Three words in a row, or three characters where words are not spaced."""
    parts = re.findall(r"\w+", text.casefold())
    parts = parts if len(parts) > 12 else list(text)
    return {" ".join(parts[i : i + 3]) for i in range(len(parts) - 2)}


@pytest.mark.parametrize("market", range(4))
@pytest.mark.parametrize("rating", [1, 5])
def test_texts_of_one_sheet_are_near_copies(market: int, rating: int) -> None:
    """Any two texts of a sheet share more than 0.8 of their shingles without being one text."""
    count = 12
    rows = np.full(count, market)
    for sheet in range(24):
        told = names.reviews(
            stream(sheet, "r"), rows, np.full(count, rating), np.full(count, sheet), rows * 0
        ).to_list()
        assert len(set(told)) > 2
        first, *others = (_shingles(text) for text in told)
        assert min(len(first & o) / len(first | o) for o in others) > 0.8, told[0]


def test_different_sheets_are_different_texts() -> None:
    """Sheets of one market hardly share a text; numbers far apart are still written."""
    sheet = np.arange(40)
    zero = np.zeros(40, dtype=np.int64)
    told = names.reviews(stream(1, "r"), zero, zero + 5, sheet, zero)
    shingles = [_shingles(text) for text in told]
    alike = [len(a & b) / len(a | b) > 0.8 for i, a in enumerate(shingles) for b in shingles[:i]]
    assert np.mean(alike) < 0.05


def test_a_copied_review_repeats_an_honest_one() -> None:
    """Most copies are word for word in the call's honest rows of their market, the rest nearly."""
    market = _rows(4, "market")
    copied = (np.arange(ROWS) % 10 == 0).astype(np.int64)
    told = names.reviews(stream(1, "r"), market, np.full(ROWS, 5), np.full(ROWS, -1), copied)
    for code in range(4):
        own = pl.Series(market == code)
        honest = set(told.filter(own & pl.Series(copied == 0)))
        copies = told.filter(own & pl.Series(copied == 1))
        share = copies.is_in(list(honest)).mean()
        assert 0.6 < share < 0.97
        assert (copies.str.len_chars() > 10).all()


def test_a_shared_claim_is_the_same_for_all_who_share_it() -> None:
    """Members of a ring hand in one text; rings have texts of their own; others use own words."""
    copied = np.repeat([-1, 0, 1, 7], ROWS // 4)
    told = names.claims(stream(1, "c"), _rows(5, "reason"), copied, _rows(4, "market"))
    shared = [told.filter(pl.Series(copied == number)).unique() for number in (0, 1, 7)]
    assert [texts.len() for texts in shared] == [1, 1, 1]
    assert len({texts[0] for texts in shared}) == 3
    assert told.filter(pl.Series(copied == -1)).n_unique() > ROWS / 4 * 0.4


@pytest.mark.parametrize(
    ("topic", "expected"),
    [(0, "came|order|parcel|deliver|nothing|nobody|moved|empty"), (3, "call|code|asked")],
)
def test_a_complaint_speaks_of_its_topic(topic: int, expected: str) -> None:
    """Words of the topic stand in most complaints of an English-speaking market."""
    rows = np.zeros(500, dtype=np.int64)
    told = names.complaints(stream(1, "c"), rows + topic, rows)
    assert told.str.contains(f"(?i){expected}").mean() > 0.4
    assert names.complaints(stream(1, "c"), np.arange(8), np.arange(8) % 4).null_count() == 0


def test_scripted_comments_repeat_and_questions_do_not() -> None:
    """Raffle words, bot phrases, shill lines and cues repeat; what people ask varies."""
    market = np.ones(500, dtype=np.int64)
    kinds = range(len(KINDS))
    spread = [names.comments(stream(1, "c"), market, market * k).n_unique() for k in kinds]
    assert spread[0] > 200
    assert max(spread[2:]) < 15


def test_a_stream_of_names_depends_on_its_seed_only() -> None:
    """The same draws give the same texts, another seed others."""
    market = _rows(4, "market")
    first, again, other = (names.merchant_names(stream(seed, "s"), market) for seed in (1, 1, 2))
    assert first.equals(again)
    assert not first.equals(other)


def test_the_hostile_names_cover_what_breaks_pages() -> None:
    """Markup, formulas, direction marks, zero width, quotes, other scripts, endless and empty."""
    assert {len(text) for text in HOSTILE} >= {0, 300}
    for pattern in ("<script>", r"^=", r"^\+", r"^@", "\u202e", "\u200b", r"\\", '"', "\u0410mber"):
        assert any(re.search(pattern, text) for text in HOSTILE), pattern


class _Actors:
    """As much of a world as hostile names look at."""

    def __init__(self) -> None:
        class Settings:
            seed = 3

        self.settings = Settings
        self.merchants = self.creators = self.buyers = self
        self.products = self
        self.market = self.merchant = np.zeros(200, dtype=np.int64)


def test_every_hostile_name_is_given_to_each_kind_and_some_to_bad_ones() -> None:
    """Overrides hold each text for each kind; the most recent bad entities are among them."""
    bad = pl.DataFrame({"entity_type": ["buyer"] * 9, "entity": range(9), "started": range(9)})
    told = hostile_names.renames(_Actors(), bad)  # type: ignore[arg-type]
    assert set(told) == {"merchant", "creator", "product", "buyer"}
    assert all(set(changes.values()) == set(HOSTILE) for changes in told.values())
    assert {8, 7, 6, 5} <= set(told["buyer"])
