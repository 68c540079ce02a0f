"""Properties that hold for every shipped text."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from knowledge.library import SHIPPED, clause_texts, load_policies
from knowledge.passages import passages_of

POLICIES = load_policies()
HEADINGS: dict[str, list[tuple[str, str | None]]] = yaml.safe_load(
    (Path(__file__).parent / "headings.yaml").read_text("utf-8")
)


def squeeze(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_clauses_cover_the_body_exactly_once(policy):
    assert "".join(policy.text_of(clause) for clause in policy.clauses) == policy.body
    assert all(clause.start < clause.end for clause in policy.clauses)


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_paths_are_unique_full_width_and_enclosed_by_a_clause(policy):
    paths = [clause.path for clause in policy.clauses]
    assert [path for path, count in Counter(paths).items() if count > 1] == []
    assert [path for path in paths if re.search(r"[()]", path)] == []
    assert [clause.path for clause in policy.clauses if clause.parent and clause.parent not in paths] == []


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_line_is_the_line_of_the_file(policy):
    lines = (SHIPPED / f"{policy.meta.id}.md").read_text("utf-8").split("\n")
    for clause in policy.clauses:
        assert lines[clause.line - 1].strip() == policy.text_of(clause).strip().split("\n")[0].strip(), clause.path


@pytest.mark.parametrize(
    ("policy", "path", "heading"),
    [(policy, path, heading) for policy, items in HEADINGS.items() for path, heading in items],
)
def test_every_heading_starts_its_clause(policy, path, heading):
    clause = POLICIES[policy].clause(path)
    if heading is None:
        assert clause.start == 0
    else:
        assert squeeze(POLICIES[policy].body[clause.start :]).startswith(squeeze(heading))


def test_there_are_143_headings_to_check():
    assert sum(map(len, HEADINGS.values())) == 143


def test_numbers_of_documents_are_without_blanks():
    numbers = {policy.meta.id: policy.meta.document_number for policy in POLICIES.values()}
    assert numbers == {
        "changle-2020": None,
        "sanmen-145": None,
        "taizhou-2017": "台政发〔2017〕13号",
        "taizhou-2021": "台政发〔2021〕4号",
        "zhoushan-2023": "舟质强市发〔2023〕1号",
    }


@pytest.mark.parametrize("menu", ["打印本页", "关闭窗口", "打印此页", "分享至", ">>"])
def test_menus_of_portals_are_not_part_of_a_body(menu):
    assert [policy.meta.id for policy in POLICIES.values() if menu in policy.body] == []


@pytest.mark.parametrize("misprint", ["着名商标", "IS010012", "服务系体", "重点行业 and 重点", "PM_{2.5}"])
def test_misprints_stay(misprint):
    assert any(misprint in policy.body for policy in POLICIES.values())


@pytest.mark.parametrize(
    ("policy", "path", "heading"),
    [
        ("taizhou-2021", "三/（一）/1", "推进“扶牌”正常化"),
        ("taizhou-2021", "三/（一）", "加大品牌扶持力度，扩大台州制造品牌影响力"),
        ("taizhou-2017", "六", "附则"),
        ("changle-2020", "三/（二）/3", "设标准战略奖"),
        ("changle-2020", "三/（二）/3/（3）", "对承担国家级、省级、市级标准化示范（试点）项目的单位"),
        ("taizhou-2017", "前言", ""),
    ],
)
def test_heading_is_as_printed_without_its_number(policy, path, heading):
    assert POLICIES[policy].clause(path).heading == heading


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_passages_hold_every_character_and_quote_verbatim(policy):
    passages = passages_of([policy])
    for passage in passages:
        assert passage.quote == policy.body[passage.start : passage.end]
        clause = policy.clause(passage.clause)
        assert clause.start <= passage.start < passage.end <= clause.end
    assert squeeze("".join(passage.quote for passage in passages)) == squeeze(policy.body)
    assert len({passage.id for passage in passages}) == len(passages)


def test_clause_text_includes_its_sub_clauses():
    texts = clause_texts()
    assert "测量管理体系认证奖" in texts["changle-2020", "三/（二）"]
    assert "测量管理体系认证奖" not in texts["changle-2020", "三/（一）"]
    assert "就高不重复" in texts["changle-2020", "三/（二）/末段"]
