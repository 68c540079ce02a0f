"""What the collection does not hold, what it does, and small talk."""

from __future__ import annotations

from assistant.language import language_of
from assistant.model import Answer, Notice
from assistant.turn import Turn
from assistant.understanding.folding import fold
from assistant.understanding.wordlist import has, words


def outside(turn: Turn) -> Answer:
    """A place that no text of the collection covers."""
    places = turn.request.compared_places or ((turn.request.place,) if turn.request.place else ())
    where = f"{'、'.join(place.name for place in places)}的政策" if places else "您问的内容"
    return _not_held(turn, f"{where}不在收录范围内，无法回答。")


def uncovered(turn: Turn) -> list[str]:
    """A sentence for each place named that no award policy can concern; none where policies are named."""
    request, book = turn.request, turn.house.book
    places = request.compared_places or ((request.place,) if request.place else ())
    territories = [t.place for rules in book.policies.values() for t in rules.territories]
    return [
        f"{place.name}的政策不在收录范围内。"
        for place in places
        if not request.policies and not any(one.may_be(place) for one in territories)
    ]


def nothing_found(turn: Turn) -> Answer:
    """No clause of the collection answers the question."""
    return _not_held(turn, "收录的文件里没有找到能回答这个问题的条款，无法回答。")


def no_award(turn: Turn) -> Answer:
    """Money is asked for that no award of the collection gives."""
    return _not_held(turn, "收录的文件里没有列入这一项的奖励或补贴，文中没有写金额。")


def _not_held(turn: Turn, why: str) -> Answer:
    """What is not held, and what is."""
    coverage = turn.house.sources.coverage()
    return Answer(
        kind="refusal",
        text=f"抱歉，{why}{coverage}",
        notices=[Notice(kind="outside_collection", text=coverage)],
    )


def injection(turn: Turn) -> Answer:
    """Instructions hidden in a question are text like any other."""
    return Answer(
        kind="refusal",
        text=f"抱歉，不能提供这类内容，只能回答所收录政策文件里的问题。{turn.house.sources.coverage()}",
    )


def smalltalk(turn: Turn) -> Answer:
    """Who answers, in one sentence."""
    if has(fold(turn.request.question).text, words().thanks):
        return Answer(kind="smalltalk", text="不客气，还有质量奖励政策方面的问题可以接着问。")
    return Answer(
        kind="smalltalk",
        text="您好，我是政策通，可以查质量奖励政策：能领哪些奖励、领多少，条款原文怎么写，新旧文件有什么变化。",
    )


def started_over(question: str, elapsed_ms: float) -> Answer:
    """The conversation was cleared, and nothing else was asked.

    Args:
        question: As typed, for its language.
        elapsed_ms: From question to answer.
    """
    english = language_of(question) == "en"
    text = "Nothing said before counts any more; please ask." if english else "好的，前面说的都不再沿用，请说新的问题。"
    return Answer(kind="smalltalk", text=text, elapsed_ms=elapsed_ms)


def vague(turn: Turn) -> Answer:
    """A question for money that does not say for what: asks for what was not said."""
    request = turn.request
    if request.asks_in_force:
        names = "、".join(turn.house.sources.name(policy) for policy in turn.house.book.policies)
        which = f"问的是哪一份文件（{names}）？"
        return Answer(kind="clarification", text=f"请先说明：{which}", questions=[which])
    questions = ["取得了什么荣誉或认证，是哪一级的？"]
    if request.place is None or request.place.city is None:
        questions.insert(0, "企业（单位）在哪个市、哪个区县？")
    if not request.dated:
        questions.append("是什么时候取得的（具体日期）？")
    asked = "\n".join(f"{number}. {question}" for number, question in enumerate(questions, 1))
    return Answer(kind="clarification", text=f"请先补充以下情况：\n{asked}", questions=questions)
