"""Faults of behaviour: what a slip in the program would do. That each changes an answer is for the tests to show."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_UP

from assistant import pipeline, replies
from assistant.replies import comparison, eligibility, text_lookup
from assistant.understanding import awards, folding, understander
from assistant.understanding.model import Request
from evals.mutants.faulty_parts import (
    Unfolded,
    alias_of_another,
    all_policies,
    always_binding,
    another_day,
    best_paid_all,
    first_choice,
    last_filed,
    newest_always,
    other_readings_lost,
    quoted_beside,
    received_ignored,
    shuffled,
    somewhere,
    turned_round,
    without_words,
)
from evals.mutants.patches import (
    Patch,
    answer_with,
    award_without,
    claim_with,
    in_every_module,
    instead,
    no,
    together,
    valued,
    wrapped,
)
from knowledge.index import KnowledgeIndex
from knowledge.model import Hit
from knowledge.retriever import Retriever
from rules import applicability, calculator, judgement, stacking
from rules.judgement import Found


@dataclass(frozen=True)
class BehaviourFault:
    """One fault of the program."""

    id: str
    description: str
    put_in: Patch
    """Assistants that were made before may not have the fault."""
    of_search: bool = False
    """Whether it changes what is found, so that searches must be made anew."""
    of_names: bool = False
    """Whether it changes which names of honours are seen in a text, so that they must be looked for anew."""
    of_money: bool = False
    """Whether it changes nothing but what is paid; then no query finds anything else."""


def _nothing(*_: object, **__: object) -> list[object]:
    return []


def _always(*_: object) -> bool:
    return True


def _never(*_: object) -> bool:
    return False


def _anything(turn: object, hits: list[Hit]) -> bool:
    return bool(hits)


def _silent(text: str) -> list[object]:
    return [object() for _ in text]


def _forgetting(book: object, before: object, now: Request, *_: object) -> Request:
    return now


def _own_words(conversation: object, now: Request, subject: object) -> str:
    return now.question


def _at_one_price(book: object, rules: object, applicant: object, claim: object, first: Found) -> list[Found]:
    return [first]


def _paid(name: str, description: str, put_in: Patch) -> BehaviourFault:
    return BehaviourFault(name, description, put_in, of_money=True)


# ------------------------------------------------------------------ what is paid
_MONEY = (
    _paid("sum of a year", "就高不重复的奖项全部相加", instead(stacking, "_highest_of_year", _nothing)),
    _paid("all of a project", "最优一项变成各项都给", wrapped(stacking, "_one_of_project", best_paid_all)),
    _paid("last filed", "最先申报一项变成最后申报的", wrapped(stacking, "_one_of_project", last_filed)),
    _paid("other readings", "不说条文的其他读法", wrapped(stacking, "_highest_of_year", other_readings_lost)),
    _paid("cap ignored", "不看最高限额", instead(stacking, "_apply_caps", no)),
    _paid("received ignored", "不算以前领过的钱", wrapped(stacking, "_apply_caps", received_ignored)),
    _paid("reference binds", "可参照当成直接适用", wrapped(applicability, "territory_of", always_binding)),
    _paid("newest policy", "不看日期，总用最新的文件", wrapped(calculator, "in_period", newest_always)),
    _paid("gap ignored", "跨出施行期间的日子不算", instead(applicability, "_days_without", _nothing)),
    _paid("fact assumed", "缺的事实取第一种，不问", wrapped(calculator, "judge", first_choice)),
    _paid("beneficiary ignored", "不看奖励对象", instead(judgement, "_check_beneficiary", no)),
    _paid("rank ignored", "不看起草排名", award_without("rank")),
    _paid("result ignored", "不看考核结果", award_without("result")),
    _paid("times ignored", "不看连续次数", award_without("times")),
    _paid("completion ignored", "没有取得也给", claim_with(judgement, "_examine", completed=True)),
    _paid("quantity ignored", "不看数量", claim_with(judgement, "_amount_of", quantity=None)),
    _paid("share rounded up", "按比例的奖励进位取整", valued(judgement, "ROUND_DOWN", ROUND_UP)),
    _paid("further unit", "后续单元按首个单元的标准", instead(judgement, "_with_further", _at_one_price)),
)

# ------------------------------------------------------------------ what is understood
_UNDERSTANDING = (
    BehaviourFault(
        "alias",
        "“行标”记成国家标准",
        alias_of_another("行标", "standard-drafting", {"standard": "national"}),
        of_names=True,
    ),
    BehaviourFault("names by sound", "写成同音字的名称不认识", instead(awards, "_sounds", _silent), of_names=True),
    BehaviourFault("traditional script", "繁体字不认识", instead(folding, "_simplifier", Unfolded)),
    BehaviourFault("relative dates", "相对日期从另一天算起", wrapped(understander, "find_dates", another_day)),
    BehaviourFault("injection", "不拦问题里夹带的指令", without_words("injection")),
    BehaviourFault("premise", "错误的前提不纠正", instead(understander, "_is_tag", _never)),
    BehaviourFault("conversation", "追问时忘记上文", instead(pipeline, "carry_over", _forgetting)),
    BehaviourFault(
        "follow-up search",
        "追问只用本句检索",
        instead(pipeline, "search_text", _own_words),
    ),
)

# ------------------------------------------------------------------ what is found, and whether it answers
_SEARCH = (
    BehaviourFault("keyword leg", "关键词检索失效", instead(KnowledgeIndex, "keyword", _nothing), of_search=True),
    BehaviourFault("dense leg", "语义检索次序打乱", wrapped(KnowledgeIndex, "dense", shuffled), of_search=True),
    BehaviourFault("policy filter", "检索不限文件", wrapped(Retriever, "search", all_policies), of_search=True),
    BehaviourFault("evidence", "找到什么都算够", instead(text_lookup, "enough", _anything)),
    BehaviourFault(
        "outside",
        "范围以外的地方也作答",
        together(
            in_every_module(replies, "uncovered", _nothing),
            wrapped(text_lookup, "narrow", somewhere),
        ),
    ),
    BehaviourFault("no such award", "没有列入的奖励也作答", instead(text_lookup, "_has_budget", _always)),
)

# ------------------------------------------------------------------ what is said
_SAYING = (
    BehaviourFault("state notice", "不提醒失效和废止", in_every_module(replies, "state_notice", no)),
    BehaviourFault("reference notice", "不提醒只是参照", instead(eligibility, "reference_notice", no)),
    BehaviourFault("quotation", "引文错开一个字", quoted_beside(offsets_too=False)),
    BehaviourFault("quotation and place", "引文连同位置错开一个字", quoted_beside(offsets_too=True)),
    BehaviourFault(
        "unbacked figure",
        "答复多出一个没有依据的数字",
        answer_with(lambda answer: {"text": f"{answer.text}\n\n另可领取 7.31 万元。"}, gate=False),
    ),
    BehaviourFault("difference", "比较时高低弄反", wrapped(comparison, "_difference", turned_round)),
    BehaviourFault("citations", "引用次序颠倒", answer_with(lambda answer: {"citations": answer.citations[::-1]})),
    BehaviourFault("questions", "该问的不问", answer_with(lambda answer: {"questions": []})),
    BehaviourFault("enumeration", "各项任务不列出", instead(text_lookup, "enumeration", no)),
)

FAULTS: tuple[BehaviourFault, ...] = (*_MONEY, *_UNDERSTANDING, *_SEARCH, *_SAYING)
"""Every fault of behaviour."""
