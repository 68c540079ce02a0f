"""Profiles as people write them: right to the yuan, or an error that says what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.library import clause_texts
from rules.errors import ProfileError
from rules.loader import load_rules
from rules.profile import Profile, load_profile, place_named, resolve
from rules.receipt import assess_profile, differences

BOOK, TEXTS = load_rules(), clause_texts()
EXAMPLES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "example_profiles.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["id"] for example in EXAMPLES])
def test_an_example_is_right_to_the_yuan(example: dict[str, Any]) -> None:
    assessed = assess_profile(BOOK, TEXTS, Profile.model_validate(example["profile"]))
    found = assessed.assessment
    amounts = [line.amount_yuan for line in found.lines if line.amount_yuan]
    assert (found.outcome, found.total_yuan) == (example["outcome"], example["total"])
    assert sorted(amounts) == sorted(example.get("lines", []))
    assert [a.amount_yuan for a in found.adjustments] == example.get("adjustments", [])
    assert [a.total_yuan for a in found.alternatives] == example.get("alternatives", [])
    assert [fact.kind for fact in assessed.missing] == example.get("missing", [])


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("{award: tz21-china-qualty-award}", "tz21-china-quality-award"),
        ("{concept: quality-award, quantity: -1}", "quantity"),
        ("{concept: quality-award, quantity: 1.5}", "quantity"),
        ("{concept: quality-award, quantity: 三}", "quantity"),
        ("{concept: quality-award, obtained: 2022-02-31}", "2022-02-31"),
        ("{concept: quality-award, obtained: 去年}", "去年"),
        ("{concept: quality-award, obtained: 2022-05/2022-03}", "obtained"),
        ("{concept: quality-award, rank: 0}", "rank"),
        ("{concept: quality-award, facets: {level: 省级}}", "provincial"),
        ("{concept: quality-award, facets: {sector: industry}}", "sector"),
        ("{concept: quality-award, cost_yuan: 40万}", "cost_yuan"),
        ("{concept: quality-award, cost_yuan: 12.5}", "cost_yuan"),
        ("{concept: quality-award, award: tz21-cnas}", "award"),
        ("{concept: quality-award, colour: red}", "colour"),
        ("{concept: quality-award, concept: pinzibiao}", "concept"),
        ("{}", "award"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, claim: str, said: str) -> None:
    path = tmp_path / "profile.yaml"
    path.write_text(f"applicant: {{place: 台州市黄岩区}}\nclaims:\n  - {claim}\n", encoding="utf-8")
    with pytest.raises(ProfileError, match=said):
        resolve(BOOK, load_profile(path))


def test_an_error_in_the_file_names_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "profile.yaml"
    path.write_text(
        "applicant: {place: 台州市黄岩区}\nclaims:\n  - {concept: pinzibiao, quantity: 0}\n", encoding="utf-8"
    )
    with pytest.raises(ProfileError, match=r"profile\.yaml:3: claims\.0\.quantity: 0"):
        load_profile(path)


@pytest.mark.parametrize("name", ["火星", "鼓楼区", ""])
def test_a_place_must_be_one_place(name: str) -> None:
    with pytest.raises(ProfileError, match=r"地名|可能是"):
        place_named(BOOK, name)


@pytest.mark.parametrize(
    ("name", "district"), [("台州市黄岩区", "黄岩区"), ("福州市鼓楼区", "鼓楼区"), ("台州湾产业集聚区", "台州湾新区")]
)
def test_a_city_tells_which_district(name: str, district: str) -> None:
    assert place_named(BOOK, name).district == district


def test_the_receipt_is_the_same_each_time_and_tells_what_changed() -> None:
    profile = Profile.model_validate(EXAMPLES[0]["profile"])
    one, other = assess_profile(BOOK, TEXTS, profile), assess_profile(BOOK, TEXTS, profile)
    assert one.receipt == other.receipt
    assert differences(one, other) == []
    edited = {key: text + " " if key == ("taizhou-2021", "五") else text for key, text in TEXTS.items()}
    changed = assess_profile(BOOK, edited, profile)
    assert [line.split(":")[0] for line in differences(one, changed)] == ["texts"]
    forged = one.model_copy(update={"assessment": one.assessment.model_copy(update={"total_yuan": 760_000})})
    assert any("760000" in line for line in differences(forged, other))
