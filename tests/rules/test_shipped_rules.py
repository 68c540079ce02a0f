"""The shipped rules hold every award of the three texts, and agree with the texts."""

from __future__ import annotations

import csv
from pathlib import Path

from rules.provenance import CHECKS, check

AWARD_LIST = Path(__file__).parent / "award_list.tsv"


def with_amount(book, policy):
    return [(p, a) for p, a in book.policies[policy].awards() if a.amount.kind != "no_figure"]


def test_rules_and_texts_agree(book, texts):
    assert len(CHECKS) >= 5
    assert check(book, texts) == []


def test_so_many_awards_have_an_amount(book):
    counts = {policy: len(with_amount(book, policy)) for policy in book.policies}
    assert counts == {"changle-2020": 35, "sanmen-145": 0, "taizhou-2017": 65, "taizhou-2021": 58, "zhoushan-2023": 0}


def test_names_levels_and_clauses_are_those_of_the_award_list(book):
    with AWARD_LIST.open(encoding="utf-8", newline="") as file:
        listed = [(r["policy"], r["clause"], r["award"], r["level"]) for r in csv.DictReader(file, delimiter="\t")]
    ruled = [
        # The list names clauses of the 2017 text by their running number alone.
        (policy, p.clause.rpartition("/")[2] if policy == "taizhou-2017" else p.clause, a.name, a.level or "")
        for policy in book.award_policies()
        for p, a in with_amount(book, policy)
    ]
    assert len(listed) == 158
    assert sorted(ruled) == sorted(listed)


def test_awards_without_a_figure_are_those_whose_clause_has_none(book):
    found = [
        (award.id, provision.quote)
        for policy in book.award_policies()
        for provision, award in book.policies[policy].awards()
        if award.amount.kind == "no_figure"
    ]
    assert sorted(award for award, _ in found) == [
        "tz17-exhibition-fee", "tz17-first-set", "tz21-exhibition-fee", "tz21-public-project",
    ]  # fmt: skip
    assert not any("元" in quote or "%" in quote for _, quote in found)


def test_every_award_has_an_id_of_its_own(book):
    ids = [award.id for rules in book.policies.values() for _, award in rules.awards()]
    assert len(ids) == len(set(ids)) == 162


def test_every_cap_is_counted_by_an_award(book):
    for rules in book.policies.values():
        assert {cap.id for cap in rules.caps} == {award.cap for _, award in rules.awards() if award.cap}


def test_only_plans_have_no_award(book):
    assert [p for p, rules in book.policies.items() if rules.in_force.is_plan] == ["sanmen-145", "zhoushan-2023"]
    assert book.award_policies() == ["changle-2020", "taizhou-2017", "taizhou-2021"]


def test_a_repealed_policy_is_in_the_collection(book):
    repeals = [(p, repeal.policy) for p, rules in book.policies.items() for repeal in rules.repeals]
    assert repeals == [("taizhou-2021", "taizhou-2017")]
