"""The measures: a right answer passes all, and each fault is caught by the measure that is there for it."""

from __future__ import annotations

from decimal import Decimal
from math import log2
from typing import Any, get_args

import pytest
from eval_examples import TEXTS, answer, assessment, cite, cite_span, hit, line
from pydantic import TypeAdapter

from assistant.model import Answer, Computation
from evals.evaluators import profiles, ranking
from evals.evaluators.answers import Finding, examine, turn_is_right
from evals.evaluators.grounding import deed, grounded, wanted_deed
from evals.model import NOTHING_PAYABLE, Gold, ListedAward, Outcome, ProfileGold
from evals.profile_cases import NOT_YET
from rules.assessment import MissingFact
from rules.calculator import Result

GOLD: TypeAdapter[Gold] = TypeAdapter(Gold)
HERE = "taizhou-2021:三/（一）/1"
SCOPE = cite("taizhou-2021", "五", "本意见自发文之日起施行")
OLDER = cite("taizhou-2017", "二/（四）", "对获得浙江省政府质量奖、质量奖提名奖的企业")


def gold(**fields: Any) -> Gold:
    return GOLD.validate_python(fields)


def wrong(wanted: Gold, given: Answer) -> set[str]:
    """The measures that an answer falls short of; each says why."""
    findings = examine(wanted, given, TEXTS)
    assert findings
    for name, finding in findings.items():
        assert finding.value or finding.reason, name
    return {name for name, finding in findings.items() if not finding.value}


# ------------------------------------------------------------------ look-ups
LOOKUP = gold(type="answer", clause=[HERE, "taizhou-2021:五"], must_contain=["100万", ["30万", "三十万"]])
TEXT = "分别给予 100 万元、30 万元的奖励。"


@pytest.mark.parametrize(
    ("given", "caught"),
    [
        (answer(TEXT, citations=[cite(), SCOPE]), set()),
        (answer(TEXT.replace("30", "三十"), citations=[cite(), SCOPE]), set()),
        (answer("给予 100 万元的奖励。", citations=[cite(), SCOPE]), {"facts"}),
        (answer("给予 1100 万元、30 万元的奖励。", citations=[cite(), SCOPE]), {"facts"}),
        (answer(TEXT, citations=[cite(clause="四", quote="进一步完善市“质量强市”"), cite(), SCOPE]), {"cited first"}),
        (answer(TEXT, citations=[cite()]), {"cited all"}),
        (answer(TEXT, citations=[SCOPE]), {"cited all"}),
        (answer(TEXT, citations=[cite().model_copy(update={"clause": "三/（一）/2"}), SCOPE]), {"clause named"}),
        (answer(TEXT, citations=[OLDER, cite(), SCOPE]), {"cited first", "right version"}),
        (answer(TEXT, citations=[]), {"cited first", "cited all", "clause named"}),
        (answer(TEXT, citations=[cite(quote="对获得浙江")]), {"cited first", "cited all", "clause named"}),
    ],
)
def test_a_look_up_has_its_facts_and_clauses(given, caught):
    assert wrong(LOOKUP, given) == caught


def test_arithmetic_has_its_sign():
    wanted = gold(type="answer", clause=[HERE], must_contain=[], computed=[500_000])
    assert "computed" not in examine(LOOKUP, answer(), TEXTS)
    for value, caught in ((500_000, set[str]()), (-500_000, {"computed"}), (50_000, {"computed"})):
        step = Computation(operation="difference", operands=[Decimal(1)], value=Decimal(value), unit="yuan")
        assert wrong(wanted, answer(computations=[step])) == caught
    assert wrong(wanted, answer()) == {"computed"}


# ------------------------------------------------------------------ amounts
PAYABLE: dict[str, Any] = {
    "type": "eligibility",
    "outcome": "payable",
    "policy": "taizhou-2021",
    "lines": [{"amount_yuan": 300_000}, {"amount_yuan": 300_000}],
    "adjustments": [{"amount_yuan": -100_000}],
    "total_yuan": 500_000,
    "must_mention": ["50万"],
    "should_mention": [["过期", "有效期"]],
}
SAID = "可以领取 50 万元，文件已过有效期。"


def claim(text: str = SAID, kind: str = "eligibility", **fields: Any) -> Answer:
    """An assessment of two lines less a reduction, as an answer."""
    plain: dict[str, Any] = {
        "total": 500_000,
        "lines": [300_000, 300_000],
        "adjustments": [{"rule": "限额", "clause": "三/（一）/1", "amount_yuan": -100_000}],
    }
    return answer(text, kind, assessment=assessment(**(plain | fields)))


@pytest.mark.parametrize(
    ("given", "caught"),
    [
        (claim(), set()),
        (claim(total=600_000), {"amount"}),
        (claim(total=None), {"amount"}),
        (claim(policy="taizhou-2017"), {"policy"}),
        (claim(policy=None), {"policy"}),
        (claim(outcome="reference_only"), {"outcome"}),
        (claim("可以领取，文件已过有效期。"), {"says so"}),
        (claim("可以领取 50 万元。"), {"warns"}),
        (claim(lines=[600_000]), {"lines"}),
        (claim(lines=[300_000, 200_000]), {"lines"}),
        (claim(lines=[300_000, 300_000, 300_000]), {"lines"}),
        (claim(adjustments=[]), {"adjustments"}),
        (claim(adjustments=[{"rule": "限额", "clause": "一", "amount_yuan": -50_000}]), {"adjustments"}),
        (answer(SAID, "eligibility"), {"amount", "policy", "outcome", "lines", "adjustments"}),
    ],
)
def test_an_amount_is_right_to_the_yuan_and_in_its_parts(given, caught):
    assert wrong(gold(**PAYABLE), given) == caught


def test_a_notice_is_given_as_such():
    wanted = gold(**PAYABLE, notices=["reference_only"])
    notices = [{"kind": kind, "text": "x"} for kind in ("expired", "reference_only")]
    assert wrong(wanted, claim()) == {"notices"}
    assert wrong(wanted, claim().model_copy(update={"notices": answer(notices=notices[:1]).notices})) == {"notices"}
    assert wrong(wanted, claim().model_copy(update={"notices": answer(notices=notices).notices})) == set()


def test_lines_that_are_not_paid_count_for_nothing():
    lines = [line(300_000), line(300_000, "undetermined"), line(300_000, "not_eligible"), line(None, "not_in_policy")]
    assert wrong(gold(**PAYABLE), claim(lines=lines)) == set()
    assert wrong(gold(**PAYABLE), claim(lines=lines[1:])) == {"lines"}


def test_several_reductions_count_together():
    cuts = [{"rule": "x", "clause": "一", "amount_yuan": amount} for amount in (-60_000, -40_000)]
    assert wrong(gold(**PAYABLE), claim(adjustments=cuts)) == set()


def test_what_the_gold_does_not_say_is_not_measured():
    slim = gold(type="eligibility", outcome="payable", total_yuan=500_000)
    assert set(examine(slim, claim(), TEXTS)) == {"amount", "policy", "outcome", "says so"}
    assert wrong(slim, claim(policy="taizhou-2017", lines=[], text="没有说明")) == set()


@pytest.mark.parametrize(
    ("outcome", "accepted"),
    [
        ("payable", {"payable"}),
        ("reference_floor", {"reference_only"}),
        ("ambiguous", {"payable", "depends"}),
        ("cap_exhausted", {"payable", "not_payable"}),
    ],
)
def test_which_outcomes_an_amount_may_have(outcome, accepted):
    wanted = gold(type="eligibility", outcome=outcome, total_yuan=500_000)
    for given in ("payable", "reference_only", "depends", "not_payable", "undetermined"):
        assert wrong(wanted, claim(outcome=given)) == (set() if given in accepted else {"outcome"}), given


def test_an_exhausted_cap_pays_nothing():
    wanted = gold(
        type="eligibility",
        outcome="cap_exhausted",
        total_yuan=0,
        lines=[{"amount_yuan": 100_000}],
        adjustments=[{"amount_yuan": -100_000}],
    )
    cut = [{"rule": "限额", "clause": "一", "amount_yuan": -100_000}]
    given = claim(total=0, lines=[100_000], adjustments=cut, outcome="not_payable")
    assert wrong(wanted, given) == set()
    assert wrong(wanted, claim(total=100_000, lines=[100_000], adjustments=cut)) == {"amount"}


def alternatives(*totals: int) -> list[dict[str, Any]]:
    return [{"reading": f"读法 {total}", "total_yuan": total} for total in totals]


@pytest.mark.parametrize(
    ("given", "caught"),
    [
        (claim(alternatives=alternatives(800_000)), set()),
        (claim(alternatives=alternatives(800_000, 900_000)), set()),
        (claim(), {"amount"}),
        (claim(alternatives=alternatives(900_000)), {"amount"}),
        (claim(total=800_000, alternatives=alternatives(500_000)), {"amount"}),
    ],
)
def test_an_ambiguous_text_gives_the_strictest_total_and_offers_the_others(given, caught):
    wanted = gold(
        type="eligibility", outcome="ambiguous", total_yuan=500_000, acceptable_totals_yuan=[500_000, 800_000]
    )
    assert wrong(wanted, given) == caught


@pytest.mark.parametrize(
    ("given", "caught"),
    [
        (claim(outcome="depends", total=None, alternatives=alternatives(200_000, 1_000_000)), set()),
        (claim(outcome="depends", total=200_000, alternatives=alternatives(1_000_000)), set()),
        (claim(outcome="payable", total=None, alternatives=alternatives(200_000, 1_000_000)), {"amount"}),
        (claim(outcome="depends", total=None, alternatives=alternatives(200_000)), {"amount"}),
        (claim("要看", outcome="depends", total=None, alternatives=alternatives(200_000, 1_000_000)), {"amount"}),
        (answer(SAID, "eligibility"), {"amount"}),
    ],
)
def test_where_the_order_of_filing_decides_every_order_is_told(given, caught):
    orders = [{"filed_first": "甲", "total_yuan": 200_000}, {"filed_first": "乙", "total_yuan": 1_000_000}]
    wanted = gold(type="eligibility", outcome="depends", depends=orders, must_mention=["50万"])
    assert wrong(wanted, given) == caught


# ------------------------------------------------------------------ nothing payable
DENIED = assessment(0, outcome="not_payable")


@pytest.mark.parametrize("outcome", NOTHING_PAYABLE)
@pytest.mark.parametrize(
    ("given", "right"),
    [
        (answer("没有列入。", "eligibility", assessment=DENIED), True),
        (answer("没有列入。", "eligibility", assessment=assessment(None, outcome="not_payable")), True),
        (answer("并没有列入。", "correction"), True),
        (answer("没有列入。", "eligibility", assessment=assessment(outcome="payable")), False),
        (answer("没有列入。", "eligibility", assessment=assessment(0, outcome="payable")), False),
        (answer("没有列入。", "eligibility", assessment=assessment(outcome="not_payable")), False),
        (answer("没有列入。", "correction", assessment=assessment()), False),
        (answer("不能领取。", "eligibility", assessment=DENIED), False),
        (answer("没有列入。", "lookup"), False),
    ],
)
def test_where_nothing_is_paid_it_is_said_and_nothing_promised(outcome, given, right):
    wanted = gold(type="eligibility", outcome=outcome, must_mention=["没有列入"])
    assert wrong(wanted, given) == (set() if right else {"nothing payable"})


@pytest.mark.parametrize("outcome", NOTHING_PAYABLE)
def test_a_place_out_of_reach_may_be_refused(outcome):
    refused = answer("宁波不在收录范围。", "refusal")
    caught = set() if outcome == "not_applicable_region" else {"nothing payable"}
    assert wrong(gold(type="eligibility", outcome=outcome), refused) == caught


# ------------------------------------------------------------------ questions back
@pytest.mark.parametrize("form", [{"type": "clarify"}, {"type": "eligibility", "outcome": "clarify"}])
@pytest.mark.parametrize(
    ("given", "right"),
    [
        (answer("请问是哪个县？", "clarification", questions=["请问是哪个县？", "哪年取得的？"]), True),
        (answer("请问是哪个区、哪一年？", "clarification", questions=["请说明。"]), True),
        (answer("请问是哪个县？", "clarification", questions=["请问是哪个县？"]), False),
        (answer("请问是哪个县？哪年取得的？", "clarification"), False),
        (answer("请问是哪个县？哪年取得的？", "lookup", questions=["哪个县？"]), False),
    ],
)
def test_every_missing_fact_is_asked_for(form, given, right):
    wanted = gold(**form, clarify_any_of=[["哪个县", "哪个区"], ["哪年", "哪一年"]])
    assert wrong(wanted, given) == (set() if right else {"asks back"})


# ------------------------------------------------------------------ refusals
REFUSE: dict[str, Any] = {
    "type": "refuse",
    "must_not_contain": ["万元"],
    "must_not_start_with": ["可以"],
    "should_contain": [["没有", "不在"], "收录"],
}


@pytest.mark.parametrize(
    ("given", "right"),
    [
        (answer("没有收录宁波的文件。", "refusal"), True),
        (answer("没有收录宁波的文件。", "lookup"), True),
        (answer("没有收录宁波的文件。", "clarification"), True),
        (answer("没有收录。", "eligibility", assessment=DENIED), True),
        (answer("没有收录。", "smalltalk"), False),
        (answer("没有收录。", "comparison"), False),
        (answer("没有收录，大概 5 万元。", "refusal"), False),
        (answer("可以，但没有收录。", "refusal"), False),
        (answer("没有。", "refusal"), False),
        (answer("没有收录。", "eligibility", assessment=assessment()), False),
    ],
)
def test_what_is_not_held_is_refused(given, right):
    assert wrong(gold(**REFUSE), given) == (set() if right else {"refuse"})


@pytest.mark.parametrize(
    ("given", "right"),
    [
        (answer("不是，是 100 万元。", "correction"), True),
        (answer("不是，是 100 万元。", "correction", citations=[SCOPE, cite()]), True),
        (answer("不是，是 100 万元。", "lookup"), False),
        (answer("不是，是 100 万元。", "correction", citations=[SCOPE]), False),
        (answer("不是，是 200 万元。", "correction"), False),
        (answer("是的，是 100 万元。", "correction"), False),
    ],
)
def test_a_false_premise_is_corrected_with_the_clause(given, right):
    wanted = gold(
        type="refuse", expected="correct", clause=HERE, should_contain=["100万"], must_not_start_with=["是的"]
    )
    assert wrong(wanted, given) == (set() if right else {"correct"})


def test_a_correction_without_a_clause_needs_none():
    assert wrong(gold(type="refuse", expected="correct"), answer("不是。", "correction", citations=[])) == set()


@pytest.mark.parametrize(
    ("expected", "given", "right"),
    [
        ("clarify", answer("请说明。", "clarification", questions=["哪里？"]), True),
        ("clarify", answer("请说明。", "clarification"), False),
        ("clarify", answer("请说明。", "refusal", questions=["哪里？"]), False),
        ("smalltalk", answer("你好。", "smalltalk"), True),
        ("smalltalk", answer("你好。", "lookup"), False),
    ],
)
def test_what_is_vague_is_asked_and_a_greeting_greeted(expected, given, right):
    assert wrong(gold(type="refuse", expected=expected), given) == (set() if right else {expected})


# ------------------------------------------------------------------ a turn of a dialogue
@pytest.mark.parametrize(
    "name",
    ["amount", "nothing payable", "asks back", "facts", "cited all", "refuse", "correct", "clarify", "smalltalk"],
)
def test_a_turn_is_wrong_where_it_matters(name):
    assert turn_is_right({name: Finding(True), "warns": Finding(True)})
    assert not turn_is_right({name: Finding(False), "warns": Finding(True)})


@pytest.mark.parametrize(
    "name", ["cited first", "clause named", "right version", "policy", "outcome", "lines", "says so", "warns"]
)
def test_a_turn_is_not_wrong_for_what_is_measured_beside(name):
    assert turn_is_right({"facts": Finding(True), name: Finding(False)})


# ------------------------------------------------------------------ sources
def ungrounded(given: Answer, said: str = "") -> set[str]:
    findings = grounded(given, said, TEXTS)
    assert set(findings) == {"figures backed", "quotations verbatim", "quotations whole"}
    return {name for name, finding in findings.items() if not finding.value}


SUM = Computation(
    operation="sum", operands=[Decimal(1_000_000), Decimal(300_000)], value=Decimal(1_300_000), unit="yuan"
)


@pytest.mark.parametrize(
    ("given", "said", "caught"),
    [
        (answer("给予 100 万元、30 万元。"), "", set()),
        (answer("给予 50 万元。"), "", {"figures backed"}),
        (answer("给予 50 万元。"), "有人说是50万", set()),
        (answer("占 50%。"), "", {"figures backed"}),
        (answer("一共 130 万元。"), "", {"figures backed"}),
        (answer("一共 130 万元。", computations=[SUM]), "", set()),
        (answer("一共 140 万元。", computations=[SUM.model_copy(update={"value": Decimal(1_400_000)})]), "", {"figures backed"}),
        (answer("给予 50 万元。", assessment=assessment(500_000)), "", set()),
        (answer("给予 50 万元。", assessment=assessment(500_000, [400_000])), "", {"figures backed"}),
        (answer("没有数字。", citations=[]), "", set()),
        (answer(citations=[cite(), SCOPE.model_copy(update={"start": 0})]), "", {"quotations verbatim"}),
        (answer(citations=[cite(), cite_span(SCOPE.start + 1, SCOPE.end + 1)]), "", {"quotations whole"}),
        (answer(citations=[cite(), OLDER.model_copy(update={"policy": "taizhou-2021"})]), "", {"quotations verbatim"}),
        (answer(citations=[cite(), OLDER.model_copy(update={"policy": "hangzhou-2021"})]), "", {"quotations verbatim"}),
    ],
)  # fmt: skip
def test_every_figure_and_quotation_has_a_source(given, said, caught):
    assert ungrounded(given, said) == caught


# ------------------------------------------------------------------ answered, refused, asked
@pytest.mark.parametrize(
    ("kind", "done"),
    [
        ("eligibility", "answer"), ("lookup", "answer"), ("comparison", "answer"), ("correction", "answer"),
        ("smalltalk", "answer"), ("clarification", "ask"), ("refusal", "refuse"),
    ],
)  # fmt: skip
def test_what_an_answer_does(kind, done):
    assert deed(answer(kind=kind)) == done


def test_what_a_right_answer_does():
    assert wanted_deed(LOOKUP) == "answer"
    assert wanted_deed(gold(type="clarify")) == "ask"
    for outcome in get_args(Outcome):
        wanted = wanted_deed(gold(type="eligibility", outcome=outcome))
        assert wanted == ("ask" if outcome == "clarify" else "answer")
    refusals = {"refuse": "refuse", "clarify": "ask", "correct": "answer", "smalltalk": "answer"}
    assert {name: wanted_deed(gold(type="refuse", expected=name)) for name in refusals} == refusals


# ------------------------------------------------------------------ ranking
def found(*clauses: str) -> list[str]:
    return [f"taizhou-2021:{clause}" for clause in clauses]


@pytest.mark.parametrize(
    ("ranked", "wanted", "scores"),
    [
        (found("五", "二"), found("五"), (1, 1, 1, 1, 1)),
        (found("二", "五"), found("五"), (0, 1, 1, 1 / 2, 1 / log2(3))),
        # Two wanted clauses, first and third: gain 1 + 1/2 against the best, 1 + 1/log2(3).
        (found("五", "二", "四"), found("五", "四"), (1 / 2, 1, 1, 1, 1.5 / (1 + 1 / log2(3)))),
        (found("五", "二", "四"), found("四", "五"), (1 / 2, 1, 1, 1, 1.5 / (1 + 1 / log2(3)))),
        (found(*["二"] * 5, "五"), found("五"), (0, 0, 1, 1 / 6, 1 / log2(7))),
        (found(*["二"] * 10, "五"), found("五"), (0, 0, 0, 1 / 11, 0)),
        (found("二", "一"), found("五"), (0, 0, 0, 0, 0)),
        ([], found("五"), (0, 0, 0, 0, 0)),
        (found("三/（一）/2"), found("三/（一）"), (1, 1, 1, 1, 1)),
        (found("三/（一）"), found("三/（一）/2"), (0, 0, 0, 0, 0)),
        (found("三/（一）/2"), found("（一）/2"), (1, 1, 1, 1, 1)),
        (["taizhou-2017:六"], found("五"), (0, 0, 0, 0, 0)),
        # One clause found answers for both that are wanted; the gain never passes the best.
        (found("三/（一）/2"), found("三/（一）", "三/（一）/2"), (1, 1, 1, 1, 1)),
    ],
)
def test_scores_of_a_ranking(ranked, wanted, scores):
    measured = ranking.scores(ranked, wanted, TEXTS)
    names = ("recall@1", "recall@5", "recall@10", "mrr", "ndcg@10")
    assert measured == pytest.approx(dict(zip(names, scores, strict=True)))


def test_a_clause_is_ranked_by_its_best_passage():
    hits = [hit("taizhou-2021", "五"), hit("taizhou-2021", "二"), hit("taizhou-2021", "五")]
    assert ranking.clauses_of(hits) == found("五", "二")


# ------------------------------------------------------------------ the calculator's table
TABLE: dict[str, Any] = {
    "outcome": "undetermined",
    "total": 500_000,
    "lines": [300_000, "no_figure", "not_eligible"],
    "policy": "taizhou-2021",
    "clause": "三/（一）/1",
    "adjustments": [-100_000],
    "alternatives": [200_000, 800_000],
    "missing": ["level", "rank"],
}


def calculated(missing: tuple[MissingFact, ...] | None = None, **changed: Any) -> Result:
    plain: dict[str, Any] = {
        "total_yuan": 500_000,
        "outcome": "undetermined",
        "lines": [line(300_000), line(None), line(100_000, "not_eligible")],
        "adjustments": [{"rule": "x", "clause": "一", "amount_yuan": -100_000}],
        "alternatives": alternatives(800_000, 200_000),
    }
    facts = missing if missing is not None else (MissingFact(kind="rank"), MissingFact(kind="facet", facet="level"))
    return Result(assessment=assessment(**(plain | changed)), rulings=(), missing=facts)


def differing(wanted: dict[str, Any], result: Result) -> set[str]:
    findings = profiles.compare(ProfileGold.model_validate(wanted), result)
    return {name for name, finding in findings.items() if not finding.value and finding.reason}


@pytest.mark.parametrize(
    ("result", "caught"),
    [
        (calculated(), set()),
        (calculated(total_yuan=499_999), {"amount"}),
        (calculated(total_yuan=None), {"amount"}),
        (calculated(outcome="payable"), {"outcome"}),
        (calculated(policy="taizhou-2017"), {"policy"}),
        (calculated(alternatives=alternatives(200_000)), {"alternatives"}),
        (calculated(adjustments=[]), {"adjustments"}),
        (calculated(missing=()), {"asks back"}),
        (calculated(missing=(MissingFact(kind="rank"), MissingFact(kind="facet", facet="tier"))), {"asks back"}),
        (calculated(lines=[line(300_000), line(None), line(100_000)]), {"lines"}),
        (calculated(lines=[line(None), line(300_000), line(1, "not_eligible")]), {"lines"}),
        (calculated(lines=[line(300_000), line(None), line(1, "not_eligible", clause="五")]), {"clause named"}),
    ],
)
def test_the_calculator_gives_what_the_table_says(result, caught):
    assert differing(TABLE, result) == caught


def test_what_the_table_does_not_say_is_not_compared():
    slim = {"outcome": "undetermined", "total": 500_000, "adjustments": None}
    measured = profiles.compare(ProfileGold.model_validate(slim), calculated())
    assert set(measured) == {"amount", "outcome", "alternatives", "asks back"}
    # Alternatives, missing facts and reductions are none where none are written.
    assert differing({"outcome": "undetermined", "total": 500_000}, calculated()) == {
        "alternatives", "asks back", "adjustments",
    }  # fmt: skip


PAID = {"total_yuan": 500_000, "outcome": "payable", "missing": ()}
NOT_PAID = {"total_yuan": 0, "outcome": "not_payable", "lines": [line(0, "not_eligible")], "missing": ()}
ASKED = {"total_yuan": None, "missing": (MissingFact(kind="beneficiary"),)}
ASKED_MORE = {**ASKED, "missing": (MissingFact(kind="beneficiary"), MissingFact(kind="rank"))}
VARIANTS = {"组织": PAID, "个人": NOT_PAID, "园区": ASKED, NOT_YET: NOT_PAID}


@pytest.mark.parametrize(
    ("named", "changed", "caught"),
    [
        ({}, {}, set()),
        ({"award": "质量管理创新奖"}, {}, {"award named"}),
        ({"level": "省级"}, {}, {"award named"}),
        ({}, {"组织": {**PAID, "total_yuan": 100_000}}, {"beneficiary"}),
        ({}, {"组织": NOT_PAID}, {"beneficiary"}),
        ({}, {"个人": PAID}, {"beneficiary"}),
        ({}, {"个人": {**NOT_PAID, "lines": [line(None, "not_in_policy")]}}, {"beneficiary"}),
        ({}, {"园区": ASKED_MORE}, {"beneficiary"}),
        ({}, {"园区": PAID, "个人": ASKED}, {"beneficiary"}),
        ({}, {NOT_YET: PAID}, {"not yet"}),
        ({}, {NOT_YET: ASKED}, {"not yet"}),
    ],
)
def test_an_award_has_its_name_and_goes_to_whom_the_text_gives_it(named, changed, caught):
    award = ListedAward.model_validate(
        {
            "name": "浙江省政府质量奖",
            "others": {"paid": ["组织"], "not_paid": ["个人"], "asked": ["园区"]},
            "not_yet": "not_paid",
        }
    )
    result = calculated(**{**PAID, "lines": [line(500_000, **named)]})
    variants = {name: calculated(**fields) for name, fields in {**VARIANTS, **changed}.items()}
    wanted = ProfileGold(outcome="payable", total=500_000)
    findings = profiles.compare_award(wanted, award, result, variants)
    assert {name for name, finding in findings.items() if not finding.value and finding.reason} == caught
    assert set(findings) == {"award named", "beneficiary", "not yet"}


def test_who_else_is_paid_is_compared_only_where_the_table_says_so():
    result = calculated(lines=[line(500_000)])
    wanted = ProfileGold(outcome="payable", total=500_000)
    assert set(profiles.compare_award(wanted, ListedAward(name="x"), result, {})) == {"award named"}


def test_no_policy_is_something_that_the_table_can_say():
    assert differing({**TABLE, "policy": None}, calculated()) == {"policy"}
    assert differing({**TABLE, "policy": None}, calculated(policy=None)) == set()
