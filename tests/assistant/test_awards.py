"""Names of honours: as printed, as people write them, by sound, by shape; and the words that tell them apart."""

from __future__ import annotations

import pytest

from assistant.understanding.awards import AwardRecogniser
from assistant.understanding.folding import fold


@pytest.fixture(scope="module")
def recogniser(book):
    return AwardRecogniser(book.vocabulary)


def concepts(recogniser, text):
    return [mention.concept for mention in recogniser.find(fold(text).text)]


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        # as printed, misprints included
        ("“品字标”认证证书", "pinzibiao"), ("驰名商标(行政认定)", "well-known-trademark"), ("着名商标", "famous-trademark"),
        ("IS010012", "measurement-system"), ("通过 CNAS 认可的实验室", "laboratory-accreditation"),
        # as people write it
        ("著名商标", "famous-trademark"), ("ISO10012", "measurement-system"), ("3C指定实验室", "ccc-laboratory"),
        ("马德里商标注册", "international-registration-fee"), ("质检中心", "product-test-center"), ("药证", "drug-registration"),
        ("一站式平台", "one-stop-platform"), ("标委会", "technical-committee"), ("农产品地标", "agricultural-gi"),
        ("government quality award", "quality-award"), ("innovative drug", "drug-registration"),
        # by sound
        ("品子标", "pinzibiao"), ("弛名商标", "well-known-trademark"), ("政府质量将", "quality-award"),
        ("农产品地里标志", "agricultural-gi"), ("驰明商标", "well-known-trademark"), ("创新要", "drug-registration"),
        # by shape: one sign differs
        ("标准化良号行为企业", "good-practice"), ("信用管理示笵企业", "credit-model"), ("专利标准融舍发展", "patent-standard"),
        # traditional script
        ("品字標", "pinzibiao"), ("政府質量獎", "quality-award"), ("馳名商標", "well-known-trademark"),
        ("標準化試點", "standardization-pilot"), ("實驗室認可", "laboratory-accreditation"),
    ],
)  # fmt: skip
def test_names_as_they_are_written(recogniser, text, concept):
    assert concepts(recogniser, text) == [concept]


@pytest.mark.parametrize(
    "text", ["", "企业", "放牛", "etc", "watch", "量质奖", "今天天气不错", "名誉", "二氧化碳", "马路标线", "绿色通道"]
)
def test_what_is_no_honour(recogniser, text):
    assert concepts(recogniser, text) == []


@pytest.mark.parametrize(
    ("text", "concept"),
    [("标准国际化的培育机地", "standard-internationalization-base"), ("先进质量管理的孵化机地", "incubation-base")],
)
def test_names_by_sound_with_words_in_between(recogniser, text, concept):
    assert concepts(recogniser, text) == [concept]


def test_longer_names_are_taken_before_shorter(recogniser):
    (pilot,) = recogniser.find("工业标准化试点示范项目")
    assert (pilot.implies, pilot.end) == ({"sector": "industry"}, 11)
    (first, second) = recogniser.find("中国质量奖、质量奖提名奖")
    assert (first.implies, second.implies) == ({}, {"tier": "nomination"})


def test_exact_names_are_taken_before_those_that_sound_alike(recogniser):
    assert concepts(recogniser, "质量奖和质量大奖") == ["quality-award", "quality-award"]
    assert concepts(recogniser, "地理标志产品和农产品地理标志") == ["gi-product", "agricultural-gi"]


@pytest.mark.parametrize(
    ("text", "implied"),
    [
        ("国标", {"standard": "national"}), ("省地方标准", {"standard": "local/provincial"}), ("国军标", {"standard": "national"}),
        ("一类新药", {"drug": "new/innovative"}), ("质量管理创新奖", {"tier": "innovation"}),
        ("重大贡献奖", {"grade": "major"}), ("工作组", {"body": "wg"}), ("浙江制造标准", {"standard": "zhejiang-made"}),
    ],
)  # fmt: skip
def test_what_a_name_says_by_itself(recogniser, text, implied):
    (mention,) = recogniser.find(text)
    assert mention.implies == implied


def test_each_service_certification_is_one_unit(recogniser):
    assert [m.instance for m in recogniser.find("民宿服务认证和公厕服务认证")] == [True, True]


def facets(recogniser, text):
    folded = fold(text).text
    return [(m.facet, m.value) for m in recogniser.find_facets(folded, recogniser.find(folded), [])]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("国家级标准化试点", [("level", "national")]),
        ("省质量奖", [("level", "provincial")]),
        ("国家级和省级标准化试点", [("level", "national"), ("level", "provincial")]),
        ("4A标准化企业", [("class", "aaaa")]),
        ("AAA级标准化良好行为企业", [("class", "aaa")]),
        ("品字标首张认证", [("certificate", "first")]),
        ("品字标自我声明", [("certificate", "self")]),
        ("标准化试点（农业领域）", [("sector", "agriculture")]),
        ("标准贡献奖一等奖", [("grade", "first")]),
    ],
)
def test_words_that_tell_honours_apart(recogniser, text, found):
    assert facets(recogniser, text) == found


@pytest.mark.parametrize("text", ["省得麻烦，拿了质量奖", "我省去年开过会，企业有质量奖"])
def test_a_single_character_counts_only_right_before_a_name(recogniser, text):
    assert [value for facet, value in facets(recogniser, text) if facet == "level"] == []


def test_every_word_of_the_vocabulary_is_found_by_itself(recogniser, book):
    """A word that a longer or another word always swallows would be dead."""
    for concept, entry in book.vocabulary.concepts.items():
        for group in entry.names:
            for word in group.words:
                (mention,) = recogniser.find(fold(word).text)
                assert (mention.concept, mention.implies) == (concept, group.implies), word


def test_every_printed_name_is_recognised(recogniser, book):
    """The name of an award as printed leads to its own concept."""
    missed = [
        award.id
        for rules in book.policies.values()
        for _, award in rules.awards()
        if not {award.concept, *award.includes} & set(concepts(recogniser, award.name))
    ]
    # 通过认证复评审 names nothing without the sentence around it.
    assert missed == ["tz21-pinzibiao-review"]


@pytest.mark.parametrize("text", ["首台（套）", "首台(套)重大技术装备险"])
def test_a_name_that_is_printed_with_brackets(recogniser, text):
    assert concepts(recogniser, text) == ["first-set"]
