"""Texts compare whatever script, width, case, spacing or quotation marks were typed."""

from __future__ import annotations

import pytest

from assistant.understanding.folding import fold, fold_word, simplified


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("“品字标”证书", "品字标证书"),
        ("「品字標」證書", "品字标证书"),
        ("省政府質量獎", "省政府质量奖"),
        ("臺州市", "台州市"),
        ("ＣＮＡＳ　认可", "cnas认可"),
        ("４０ 万 元", "40万元"),
        ("２０２２年", "2022年"),
        ("国家标准（含国家军用标准）", "国家标准(含国家军用标准)"),
        ("IS O10012", "is o10012"),
        ("TC 秘书处", "tc秘书处"),
        ("质\u200b量\ufeff奖", "质量奖"),
        ("质量奖\x00\x07", "质量奖"),
        ("质 量\n奖\t？", "质量奖?"),
        ("", ""),
        ("㎡ ① Ⅷ", "m21viii"),
    ],
)
def test_folds(typed, folded):
    assert fold(typed).text == folded


def test_one_space_between_latin_words():
    assert fold("first drafter").text == "first drafter"
    assert fold("WG 与 TC").text == "wg与tc"


@pytest.mark.parametrize(
    "typed", ["長樂的“政府質量獎”４０ 萬？", "ＣＮＡＳ　實驗室 ㎡", "a\u200bb 品字标", "纔發著後裏"]
)
def test_every_folded_character_knows_where_it_was_typed(typed):
    folded = fold(typed)
    assert len(folded.origin) == len(folded.text)
    assert list(folded.origin) == sorted(folded.origin)
    for at, origin in enumerate(folded.origin):
        assert folded.text[at] in fold(typed[origin]).text or typed[origin].isspace()


def test_words_are_given_as_they_were_typed():
    folded = fold("长乐的“政府 質量獎”多少")
    start = folded.text.index("政府质量奖")
    assert folded.words(start, start + 5) == "政府 質量獎"
    assert folded.words(3, 3) == ""


def test_folding_twice_changes_nothing():
    for text in ("“品字标”證書 ＣＮＡＳ", "First Drafter 第１位"):
        assert fold_word(fold_word(text)) == fold_word(text)


def test_simplified_leaves_everything_else():
    assert simplified("“獎勵” Ｔ") == "“奖励” Ｔ"


def test_a_long_text_keeps_its_offsets():
    text = "臺灣產業 集聚區、" * 2000
    folded = fold(text)
    assert len(folded.text) == len(folded.origin) == len(text.replace(" ", ""))
    assert folded.words(0, 4) == "臺灣產業"
