"""What is shown in chat and panel, from real answers."""

from __future__ import annotations

from assistant.model import Answer, Citation
from assistant.pipeline import Assistant
from assistant.sources import one_line
from assistant.web.markup import as_typed, chat_text, harmless
from assistant.web.panel import collection_html, evidence_html
from knowledge.library import load_policies

CLAIM = "黄岩的公司，2022年3月拿到中国质量奖提名奖，奖多少钱？"
COMPARISON = "台州2021年意见比2017年意见，浙江省政府质量奖多了多少？"


def citation(clause: str, quote: str, start: int) -> Citation:
    return Citation(
        policy="zhoushan-2023", title="方案", document_number=None, clause=clause, heading="工程质量",
        quote=quote, start=start, end=start + len(quote),
    )  # fmt: skip


def test_the_evidence_is_cut_from_the_chat_and_stands_in_the_panel(assistant: Assistant) -> None:
    for question in (CLAIM, COMPARISON):
        answer = assistant.ask(question)
        assert answer.citations
        shown, panel = chat_text(answer), evidence_html(answer)
        for cited in answer.citations:
            assert f"> {one_line(cited.quote)}" in answer.text
            assert one_line(cited.quote) not in shown
            assert one_line(cited.quote) in panel
            assert cited.clause in panel
        for notice in answer.notices:
            assert notice.text in shown


def test_a_quotation_that_is_the_answer_stays() -> None:
    first, second = citation("二/9", "2. 一句。", 0), citation("三", "另一句。", 9)
    blocks = "**《方案》 二/9 工程质量**\n\n> 2. 一句。\n\n**《方案》 三 工程质量**\n\n> 另一句。"
    text = f"见《方案》二/9：\n\n{blocks}\n\n- 提示"
    answer = Answer(kind="lookup", text=text, citations=[first, second])
    # The number is the text's own, not that of a list.
    assert chat_text(answer) == "见《方案》二/9：\n\n> 2\\. 一句。\n\n- 提示"


def test_quotations_of_one_clause_under_one_heading() -> None:
    cited = [citation("二/9", "一句。", 0), citation("二/9", "二句。", 9), citation("三", "三句。", 20)]
    blocks = "**方案 二/9 工程质量**\n\n> 一句。\n>\n> 二句。\n\n**方案 三**\n\n> 三句。"
    announced = Answer(kind="lookup", text=f"见：\n\n{blocks}", citations=cited)
    assert chat_text(announced) == "见：\n\n> 一句。\n\n> 二句。"
    computed = Answer(kind="lookup", text=f"共 3 项。\n\n{blocks}\n\n- 提示", citations=cited)
    assert chat_text(computed) == "共 3 项。\n\n- 提示"


def test_a_quotation_that_is_cited_nowhere_stays() -> None:
    answer = Answer(kind="lookup", text="甲。\n\n**标题**\n\n> 别的话。", citations=[citation("三", "一句。", 0)])
    assert chat_text(answer) == answer.text


def test_a_text_without_evidence_stays_as_it_is() -> None:
    assert chat_text(Answer(kind="smalltalk", text="您好。")) == "您好。"
    alone = Answer(kind="lookup", text="**《方案》 二 工程质量**\n\n> 一句。", citations=[citation("二", "一句。", 0)])
    assert chat_text(alone) == alone.text


def test_nothing_in_an_answer_loads_or_runs() -> None:
    assert harmless("<img src=x> ![a](http://evil.example/a.png)") == "&lt;img src=x> !\\[a](http://evil.example/a.png)"


def test_what_is_typed_is_shown_as_typed() -> None:
    assert as_typed("<b>*a*</b>") == r"\<b\>\*a\*\<\/b\>"
    assert as_typed("1. 甲\n    乙") == "1\\. 甲\n乙"


def test_the_panel_escapes_and_groups() -> None:
    quotes = [citation("二/9", "<script>一</script>", 0), citation("三", "二", 9), citation("二/9", "三", 20)]
    panel = evidence_html(Answer(kind="lookup", text="x", citations=quotes))
    assert "<script>" not in panel
    assert panel.count('<span class="pa-clause">二/9</span>') == 1
    assert panel.count("《方案》") == 1


def test_the_panel_marks_what_a_notice_rests_on(assistant: Assistant) -> None:
    answer = assistant.ask(CLAIM)
    noticed = [notice for notice in answer.notices if notice.citation]
    assert noticed
    assert evidence_html(answer).count("pa-marked") == len(noticed)


def test_an_answer_without_citations(assistant: Assistant) -> None:
    assert "没有引用条文" in evidence_html(assistant.ask("你好"))


def test_before_the_first_answer_the_collection_is_listed() -> None:
    texts = [policy.meta for policy in load_policies().values()]
    panel = collection_html(texts)
    assert all(meta.title in panel for meta in texts)
