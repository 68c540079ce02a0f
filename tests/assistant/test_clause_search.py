"""Search for staff: clauses, what is marked in them, why they rank, and whether their policy runs."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import date
from itertools import pairwise

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

import assistant.commands
import assistant.service as service
from assistant.clause_search import find_clauses, marks, standing_on
from assistant.errors import AssistantError
from assistant.pipeline import Assistant
from assistant.sources import Sources
from knowledge.keyword_index import KeywordIndex
from knowledge.library import load_policies
from knowledge.model import Hit, Hits
from knowledge.passages import passages_of
from rules.profile import place_named

TAIZHOU = ["taizhou-2017", "taizhou-2021"]


class Words:
    """A search by keywords only, which needs no model; by meaning the ranking is the other way round."""

    def __init__(self):
        self._passages = {passage.id: passage for passage in passages_of(load_policies().values())}
        self._index = KeywordIndex.build(list(self._passages.values()))
        self.asked = []
        self.degraded = False

    def __call__(self, query, policies):
        self.asked.append((str(query), policies))
        allowed = {p.id for p in self._passages.values() if policies is None or p.policy in policies}
        found = self._index.search(query, 60, allowed)
        hits = Hits(
            Hit(
                passage=self._passages[identity],
                score=score,
                dense=None if self.degraded else place / len(found),
                keyword=score,
            )
            for place, (identity, score) in enumerate(found)
        )
        hits.degraded = self.degraded
        return hits


@pytest.fixture(scope="module")
def words():
    return Words()


@pytest.fixture
def search(words):
    words.asked.clear()
    words.degraded = False
    return Assistant(words)


def cut(text, spans):
    return [text[start:end] for start, end in spans]


# ------------------------------------------------------------------ marks
@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("品字标 自我声明", "以自我声明获得“品字标”证书的企业", ["自我声明", "品字标"]),
        ("自我聲明的品字標獎勵多少", "以自我声明获得“品字标”证书，给予奖励", ["自我声明", "品字标", "奖励"]),
        ("质量奖", "中国质量\n\n奖提名奖", ["质量\n\n奖"]),
        ("ISO9001 认证", "通过ＩＳＯ９００１认证", ["ＩＳＯ９００１认证"]),
        ("IS", "通过ISO9001认证", []),
        ("奖", "质量奖，奖励", ["奖", "奖"]),
        ("质量奖", "奖励", []),
        ("企业的奖励", "给企业的补助的奖励", ["企业", "奖励"]),
        ("奖励，质量", "励质", []),
        ("的", "的", []),
        ("", "奖励", []),
        ("质量", "", []),
        ("2025年 37", "2025年目标 37 件，371", ["2025年", "37"]),
    ],
)
def test_matching_words_are_marked(query, text, marked):
    spans = marks(query, text)
    assert cut(text, spans) == marked
    assert all(a[1] < b[0] for a, b in pairwise(spans))


def test_marks_stay_inside_every_text():
    for passage in passages_of(load_policies().values()):
        for start, end in marks("质量奖 國家標準 CNAS 的企业给予10万元", passage.quote):
            assert 0 <= start < end <= len(passage.quote)


# ------------------------------------------------------------------ clauses
def test_clauses_not_passages(search):
    found = find_clauses(search, "质量奖", top_k=50).clauses
    keys = [(clause.policy, clause.clause) for clause in found]
    assert len(keys) == len(set(keys)) > 5
    assert [clause.rank for clause in found] == list(range(1, len(found) + 1))
    assert [clause.score for clause in found] == sorted((clause.score for clause in found), reverse=True)
    for clause in found:
        text = load_policies()[clause.policy]
        assert text.clause(clause.clause).heading == clause.heading
        assert clause.sentences
        for sentence in clause.sentences:
            assert text.body[sentence.start : sentence.end] == sentence.quote
            assert "质量奖" not in "".join(sentence.quote.split()) or sentence.marks


def test_places_in_both_rankings(search):
    found = find_clauses(search, "质量奖", top_k=50).clauses
    assert [clause.keyword_rank for clause in found] == [clause.rank for clause in found]
    assert found[0].vector_rank != 1
    assert sorted(clause.vector_rank for clause in found) == list(range(1, len(found) + 1))


def test_a_ranking_that_was_missing(search, words):
    words.degraded = True
    found = find_clauses(search, "质量奖")
    assert found.degraded
    assert all(clause.vector_rank is None for clause in found.clauses)


@pytest.mark.parametrize(
    ("place", "expected"),
    [("台州市黄岩区", set(TAIZHOU)), ("三门", {"sanmen-145"}), ("长乐", {"changle-2020"}), ("舟山", {"zhoushan-2023"})],
)
def test_a_place_narrows_to_its_texts(search, words, book, place, expected):
    found = find_clauses(search, "质量", place=place_named(book, place, "--place"), top_k=50)
    assert {clause.policy for clause in found.clauses} == expected
    assert all(set(policies) == expected for _, policies in words.asked)


def test_the_place_given_counts_and_not_the_one_in_the_query(search, book):
    found = find_clauses(search, "舟山的质量奖", place=place_named(book, "长乐", "--place"))
    assert {clause.policy for clause in found.clauses} == {"changle-2020"}


def test_texts_named_and_a_place(search, book):
    place = place_named(book, "台州市", "--place")
    found = find_clauses(search, "质量", policies=["taizhou-2017", "changle-2020"], place=place, top_k=50)
    assert {clause.policy for clause in found.clauses} == {"taizhou-2017"}


def test_a_place_without_texts_in_the_query(search):
    found = find_clauses(search, "杭州 质量奖")
    assert found.elsewhere
    assert found.clauses


@pytest.mark.parametrize(
    ("day", "policy", "state", "said"),
    [
        (date(2019, 1, 1), "taizhou-2017", "in_force", "施行中（至2021年2月10日）"),
        (date(2021, 2, 10), "taizhou-2017", "in_force", "施行中（至2021年2月10日）"),
        (date(2021, 2, 11), "taizhou-2017", "repealed", "已废止（最后施行日2021年2月10日）"),
        (date(2021, 2, 10), "taizhou-2021", "not_yet_in_force", "尚未施行（2021年2月11日起）"),
        (date(2023, 2, 10), "taizhou-2021", "in_force", "施行中（至2023年2月10日）"),
        (date(2023, 2, 11), "taizhou-2021", "expired", "已过有效期（2023年2月10日到期）"),
        (date(2025, 12, 31), "sanmen-145", "in_force", "规划期内（至2025年12月31日）"),
        (date(2026, 1, 1), "sanmen-145", "expired", "规划期已满（2025年12月31日）"),
        (date(2030, 1, 1), "changle-2020", "in_force", "施行中（文中没有写明终止日期）"),
        (date(2030, 1, 1), "zhoushan-2023", "in_force", "施行中（文中没有写明终止日期）"),
    ],
)
def test_whether_a_policy_runs_on_a_day(book, day, policy, state, said):
    found, phrase = standing_on(book, Sources(load_policies(), book), policy, day)
    assert found == state
    assert said in phrase


def test_what_has_lapsed_is_still_found_and_marked(search):
    found = find_clauses(search, "质量奖", policies=TAIZHOU, as_of=date(2022, 1, 1), top_k=50).clauses
    assert {(clause.policy, clause.state) for clause in found} == {
        ("taizhou-2017", "repealed"),
        ("taizhou-2021", "in_force"),
    }
    assert {clause.as_of for clause in found} == {date(2022, 1, 1)}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"query": " \n"}, "没有要找的内容"),
        ({"query": "质" * 3000}, "最多"),
        ({"top_k": 0}, "--top-k 应至少为 1"),
        ({"policies": ["hangzhou"]}, "没有政策文件 hangzhou；--policy 可以是 changle-2020"),
        ({"place": "杭州市"}, "没有收录杭州市的文件"),
        ({"place": "舟山", "policies": ["taizhou-2021"]}, "不是舟山市的文件；舟山市的是 zhoushan-2023"),
    ],
)
def test_what_cannot_be_searched_is_said(search, book, options, said):
    given = {"query": "质量奖", **options}
    if "place" in given:
        given["place"] = place_named(book, given["place"], "--place")
    with pytest.raises(AssistantError, match=said):
        find_clauses(search, given.pop("query"), **given)


# ------------------------------------------------------------------ the command
@pytest.fixture
def run(monkeypatch, words):
    """The command over a search that needs no model."""
    words.degraded = False
    monkeypatch.setattr(service, "LazySearch", lambda *_, **__: words)
    app = typer.Typer()
    assistant.commands.register(app)
    return lambda *given: CliRunner().invoke(app, ["search", *given])


def test_text_for_a_pipe(run):
    result = run("自我声明 品字标", "--policy", "taizhou-2021", "--top-k", "1", "--as-of", "2022-06-01")
    assert (result.exit_code, result.stderr) == (0, "")
    head, standing, *sentences, reason = result.stdout.splitlines()
    assert head == "1. 台政发〔2021〕4号 三/（一）/1 推进“扶牌”正常化"
    assert standing.strip().startswith("台州2021年意见")
    assert standing.endswith("施行中（至2023年2月10日）")
    assert any("【自我声明】" in line for line in sentences)
    assert reason.strip().startswith("按语义第 ")
    assert "按关键词第 1" in reason
    assert "\x1b" not in result.stdout


def test_bold_on_a_terminal(run, monkeypatch):
    written = io.StringIO()
    monkeypatch.setattr(
        "rich.console.Console", lambda **options: Console(file=written, force_terminal=True, width=80, **options)
    )
    assert run("自我声明 品字标", "--policy", "taizhou-2021", "--top-k", "1").exit_code == 0
    assert "\x1b[1m自我声明\x1b[0m" in written.getvalue()
    assert "【" not in written.getvalue()
    assert all(line for line in written.getvalue().splitlines())  # a long quotation is not broken


def test_brackets_in_a_text_are_no_markup(run):
    assert "[" in run("GB/T [2016]", "--json").stdout
    assert run("[bold]质量奖[/bold]").exit_code == 0


def test_json_is_one_object_a_line_with_the_same_fields(run):
    lines = run("质量奖", "--json", "--top-k", "3").stdout.splitlines()
    assert len(lines) == 3
    for number, line in enumerate(map(json.loads, lines), 1):
        assert line["rank"] == number
        assert line.keys() >= {
            "policy", "name", "title", "document_number", "clause", "heading", "sentences", "as_of", "state",
            "standing", "vector_rank", "keyword_rank", "score",
        }  # fmt: skip
        assert line["sentences"][0].keys() == {"quote", "start", "end", "marks"}


def test_nothing_found(run):
    assert run("xyzzy", "--policy", "taizhou-2021").stdout == "没有找到。\n"
    assert run("xyzzy", "--json").stdout == ""


def test_a_missing_ranking_is_said_beside_the_result(run, words):
    words.degraded = True
    result = run("质量奖", "--json", "--top-k", "1")
    assert "只按关键词查找" in result.stderr
    assert len(result.stdout.splitlines()) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ((" ",), "没有要找的内容"),
        (("质量奖", "--policy", "hangzhou"), "没有政策文件 hangzhou"),
        (("质量奖", "--place", "火星"), "“火星”不是已知的地名"),
        (("质量奖", "--place", "杭州市"), "没有收录杭州市的文件"),
        (("质量奖", "--as-of", "昨天"), "不是日期；请写成 2026-11-21"),
        (("质量奖", "--as-of", "2022-02-30"), "不是日期"),
        (("质量奖", "--as-of", "20220101"), "不是日期"),
        (("质量奖", "--as-of", "2022-W01-1"), "不是日期"),
        (("质量奖", "--top-k", "0"), "--top-k 应至少为 1，现为 0"),
        (("质量奖", "--top-k", "-3"), "--top-k 应至少为 1，现为 -3"),
    ],
)
def test_what_is_typed_wrong_is_one_sentence(run, typed, said):
    result = run(*typed)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("错误：")
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_help_waits_for_no_model():
    code = "import sys, assistant.commands; print([m for m in ('torch', 'chromadb', 'rich') if m in sys.modules])"
    assert (
        "torch" not in subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    )


# ------------------------------------------------------------------ over the real index
def test_the_clause_comes_first_over_the_real_index(built_index, built_data_dir, monkeypatch):
    monkeypatch.setenv("POLICY_ASSISTANT_DATA_DIR", str(built_data_dir))
    app = typer.Typer()
    assistant.commands.register(app)
    result = CliRunner().invoke(
        app, ["search", "自我声明 品字标", "--policy", "taizhou-2021", "--top-k", "2", "--json"]
    )
    first, second = map(json.loads, result.stdout.splitlines())
    assert first["clause"] == "三/（一）/1"
    assert (first["vector_rank"], first["keyword_rank"]) == (1, 1)
    assert first["score"] >= second["score"]
