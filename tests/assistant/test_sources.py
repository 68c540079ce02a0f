"""Citations: verbatim, where they stand, and nothing that is not there."""

from __future__ import annotations

import pytest

from assistant.sources import Sources
from knowledge.library import load_policies


@pytest.fixture(scope="module")
def sources(book):
    return Sources(load_policies(), book)


def test_a_quotation_is_given_as_it_stands(sources):
    found = sources.cite("taizhou-2021", "三/（一）/1", "分别给予100万元、30万元的奖励")
    assert "".join(found.quote.split()) == "分别给予100万元、30万元的奖励"
    assert sources.policies["taizhou-2021"].body[found.start : found.end] == found.quote
    assert (found.clause, found.document_number) == ("三/（一）/1", "台政发〔2021〕4号")


def test_a_quotation_of_a_sub_clause_stands_in_its_clause(sources):
    found = sources.cite("changle-2020", "三/（二）", "每项给予20万元经费资助")
    assert sources.policies["changle-2020"].body[found.start : found.end] == found.quote


@pytest.mark.parametrize(
    ("clause", "quote"), [("三/（一）/1", "给予41万元的奖励"), ("四", "有效期 2 年"), ("九", "有效期 2 年"), ("五", "")]
)
def test_nothing_is_cited_that_does_not_stand_there(sources, clause, quote):
    with pytest.raises(KeyError):
        sources.cite("taizhou-2021", clause, quote)


def test_a_stretch_belongs_to_the_clause_in_which_it_starts(sources):
    whole = sources.cite("taizhou-2021", "五", "同一项目符合多项补助的，按最先申报一项执行")
    again = sources.cite_span("taizhou-2021", whole.start, whole.end)
    assert again == whole


def test_every_quotation_of_the_rules_can_be_cited(sources, book):
    for rules in book.policies.values():
        quotations = [
            *rules.territories,
            rules.in_force,
            *rules.repeals,
            *rules.funding,
            *rules.caps,
            *rules.provisions,
        ]
        for quotation in (*quotations, rules.interpreter, rules.non_stacking):
            if quotation is not None:
                found = sources.cite(rules.policy, quotation.clause, quotation.quote)
                assert "".join(found.quote.split()) == "".join(quotation.quote.split())


def test_titles_carry_the_number_where_there_is_one(sources):
    assert sources.title("taizhou-2021").endswith("（台政发〔2021〕4号）")
    assert "None" not in sources.title("changle-2020")


def test_coverage_names_every_place_and_text(sources, book):
    said = sources.coverage()
    assert "台州市" in said
    assert "长乐区" in said
    for policy in book.policies:
        if policy not in book.award_policies():
            assert sources.name(policy) in said
