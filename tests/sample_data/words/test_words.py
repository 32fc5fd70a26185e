"""No word list names a real brand, or a place to go to."""

from __future__ import annotations

import importlib
import pkgutil
import re
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from sample_data import words
from sample_data.kit.markets import MARKETS
from sample_data.words.hostile import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    texts: list[str] = []
    for module in pkgutil.iter_modules(words.__path__, "sample_data.words."):
        members = vars(importlib.import_module(module.name))
        for name, value in members.items():
            if name.strip("_").isupper() and not name.startswith("__") and name != "HOSTILE":
                texts += _texts(value)
    carriers = [carrier for market in MARKETS for carrier in market.carriers]
    return texts + carriers


def test_no_text_names_a_real_brand_or_platform() -> None:
    """None of the well-known names stands in any list as a word."""
    text, brands = "\n".join(_every_text()).casefold(), KNOWN.split()
    pattern = (
        r"(?<!\w)(" + "|".join(re.escape(name) for name in brands if name.isascii()) + r")(?!\w)"
    )
    assert re.findall(pattern, text) == []
    assert [name for name in brands if not name.isascii() and name in text] == []
    assert len(text) > 20_000


def test_no_text_holds_an_address_or_a_number_to_call() -> None:
    """No link, no mail address, no run of digits longer than a price."""
    texts = "\n".join(_every_text())
    assert re.findall(r"https?:|www\.|\w@\w|\.(?:com|net|org|id|sg|co\.uk)\b", texts) == []
    assert re.findall(r"\d[\d -]{4,}\d", texts) == []
    assert all(".invalid" in text for text in HOSTILE if "http" in text)
