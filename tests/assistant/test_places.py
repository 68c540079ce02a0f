"""Place names in a question, and the places that they mean together."""

from __future__ import annotations

import pytest

from assistant.understanding.folding import fold
from assistant.understanding.places import PlaceRecogniser, combine


@pytest.fixture(scope="module")
def recogniser(book):
    return PlaceRecogniser(book.gazetteer)


def together(recogniser, text):
    return [place.name for place in combine(recogniser.find(fold(text).text))]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("椒江的企业", ["台州市椒江区"]),
        ("浙江省台州市三门县", ["台州市三门县"]),
        ("台州温岭的企业", ["台州市温岭市"]),
        ("福州长乐", ["福州市长乐区"]),
        ("福建省长乐市", ["福州市长乐区"]),
        ("長樂", ["福州市长乐区"]),
        ("台州湾产业集聚区", ["台州市台州湾新区"]),
        ("台州经开区的公司", ["台州市台州经济开发区"]),
        ("浙江的", ["浙江省"]),
        ("in Jiaojiang, Taizhou", ["台州市椒江区"]),
        ("杭州", ["杭州市"]),
        ("新疆", ["新疆维吾尔自治区"]),
        # one name that belongs to several cities
        ("福州鼓楼区", ["福州市鼓楼区"]),
        ("南京市鼓楼区", ["南京市鼓楼区"]),
        # several places
        ("台州和长乐", ["台州市", "福州市长乐区"]),
        ("椒江、黄岩两个区", ["台州市椒江区", "台州市黄岩区"]),
        ("宁波的三门", ["宁波市", "台州市三门县"]),
        # none
        ("中国质量奖", []),
        ("城关镇", []),
        ("mytaizhous", []),
        ("", []),
    ],
)
def test_places_that_are_meant(recogniser, text, names):
    assert together(recogniser, text) == names


def test_a_name_that_stays_open_keeps_its_alternatives(recogniser):
    names = together(recogniser, "鼓楼区的企业")
    assert "福州市鼓楼区" in names
    assert len(names) >= 4


def test_the_closest_name_decides(recogniser):
    assert together(recogniser, "江苏省南京市鼓楼区") == ["南京市鼓楼区"]


def test_the_longest_name_is_taken(recogniser):
    (mention,) = recogniser.find("台州湾新区")
    assert (mention.start, mention.end) == (0, 5)


def test_mentions_say_where_they_stand(recogniser):
    text = "我在台州温岭"
    assert [text[m.start : m.end] for m in recogniser.find(text)] == ["台州", "温岭"]
