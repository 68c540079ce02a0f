"""What to ask for a missing fact, with the choices that the rules know."""

from __future__ import annotations

from rules.assessment import MissingFact
from rules.loader import RuleBook


def question_for(book: RuleBook, fact: MissingFact) -> str:
    """One question in Chinese for one missing fact."""
    match fact.kind:
        case "place":
            return "企业（单位）在哪个市、哪个区县？"
        case "date":
            return "是什么时候取得的？请说具体日期，尽量到年、月、日（取得时间不同，适用的文件不同）。"
        case "facet":
            choices = "、".join(fact.choices)
            return book.vocabulary.facets[fact.facet or ""].ask.format(choices=choices) + "？"
        case "rank":
            return f"在起草单位中排名第几，是不是第一起草单位？（条款只奖{'、'.join(fact.choices)}）"
        case "result":
            return f"考核（评审）结果是什么级别，是否{'、'.join(fact.choices)}？"
        case "times":
            return f"是第几次连续通过？（条款要求连续 {'、'.join(fact.choices)} 次）"
        case "beneficiary":
            return f"申报主体是不是{'、'.join(fact.choices)}？"
        case "cost":
            return f"{'、'.join(fact.choices)}是多少元？"
