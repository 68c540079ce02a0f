"""Any single slip in the shipped rules is noticed: by ``check`` against the texts, or by loading."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from rules.loader import load_rules
from rules.provenance import CHECKS, check

BOOK = load_rules()


def noticed(book, texts):
    """Whether ``check`` has a finding; stops at the first."""
    return any(True for one in CHECKS for _ in one(book, texts))


def with_rules(rules):
    return replace(BOOK, policies={**BOOK.policies, rules.policy: rules})


def with_provision(rules, index, **changed):
    provisions = list(rules.provisions)
    provisions[index] = provisions[index].model_copy(update=changed)
    return with_rules(rules.model_copy(update={"provisions": tuple(provisions)}))


def with_amount(rules, index, place, **changed):
    """The book with another amount for one award of one provision."""
    awards = list(rules.provisions[index].awards)
    amount = awards[place].amount.model_copy(update=changed)
    awards[place] = awards[place].model_copy(update={"amount": amount})
    return with_provision(rules, index, awards=tuple(awards))


def provisions(*, awards=1):
    """Each provision of at least so many awards: its rules, its place in them, itself."""
    for rules in BOOK.policies.values():
        for index, provision in enumerate(rules.provisions):
            if len(provision.awards) >= awards:
                yield rules, index, provision


def digit_changes(value):
    """A whole number with each of its digits, in turn, one higher; and ten times as much."""
    digits = str(value)
    for at, digit in enumerate(digits):
        yield int(digits[:at] + str((int(digit) + 1) % 10) + digits[at + 1 :])
    yield value * 10


def each_award(*kinds):
    return [
        pytest.param(rules, index, place, id=award.id)
        for rules, index, provision in provisions()
        for place, award in enumerate(provision.awards)
        if award.amount.kind in kinds
    ]


@pytest.mark.parametrize(("rules", "index", "place"), each_award("fixed", "per_unit"))
def test_a_digit_of_an_amount(texts, rules, index, place):
    yuan = rules.provisions[index].awards[place].amount.yuan
    for changed in digit_changes(yuan):
        assert noticed(with_amount(rules, index, place, yuan=changed), texts), f"{yuan} → {changed}"


@pytest.mark.parametrize(("rules", "index", "place"), each_award("fixed", "per_unit"))
def test_an_amount_that_a_neighbour_has(texts, rules, index, place):
    awards = rules.provisions[index].awards
    own = awards[place].amount.yuan
    for other in awards[max(place - 1, 0) : place + 2]:
        if other.amount.yuan != own:
            assert noticed(with_amount(rules, index, place, yuan=other.amount.yuan), texts), other.id


@pytest.mark.parametrize(("rules", "index", "place"), each_award("share"))
def test_a_digit_of_a_percentage(texts, rules, index, place):
    percent = rules.provisions[index].awards[place].amount.percent
    for changed in digit_changes(int(percent)):
        assert noticed(with_amount(rules, index, place, percent=Decimal(changed)), texts), f"{percent} → {changed}"


CAPS = [pytest.param(rules, at, id=cap.id) for rules in BOOK.policies.values() for at, cap in enumerate(rules.caps)]


@pytest.mark.parametrize(("rules", "at"), CAPS)
def test_a_digit_of_a_cap(texts, rules, at):
    cap = rules.caps[at]
    for changed in digit_changes(cap.yuan):
        caps = list(rules.caps)
        caps[at] = cap.model_copy(update={"yuan": changed})
        assert noticed(with_rules(rules.model_copy(update={"caps": tuple(caps)})), texts), changed


@pytest.mark.parametrize(("rules", "at"), CAPS)
def test_a_cap_that_replies_state_otherwise(texts, rules, at):
    caps = list(rules.caps)
    caps[at] = caps[at].model_copy(update={"text": caps[at].text.replace("万元", "0万元")})
    assert noticed(with_rules(rules.model_copy(update={"caps": tuple(caps)})), texts)


def date_changes(day):
    """The day with one digit of its year, month or day changed, as far as the calendar has it."""
    written = day.isoformat()
    for at, digit in enumerate(written):
        if digit.isdigit():
            for other in "0123456789":
                try:
                    changed = date.fromisoformat(written[:at] + other + written[at + 1 :])
                except ValueError:
                    continue
                if other != digit:
                    yield changed


@pytest.mark.parametrize("policy", BOOK.policies)
@pytest.mark.parametrize("field", ["first_day", "last_day"])
def test_a_digit_of_a_date(texts, policy, field):
    rules = BOOK.policies[policy]
    day = getattr(rules.in_force, field)
    # An open end that gets a day is a change as well.
    changes = list(date_changes(day)) if day else [rules.in_force.first_day + timedelta(days=730)]
    for changed in [*changes, *([None] if day else [])]:
        period = rules.in_force.model_copy(update={field: changed})
        assert noticed(with_rules(rules.model_copy(update={"in_force": period})), texts), f"{day} → {changed}"


def quoted(value, path=()):
    """Paths of all quotations inside a model: (field, index, …)."""
    if hasattr(value, "quote"):
        yield path
    if isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from quoted(item, (*path, index))
    elif hasattr(type(value), "model_fields"):
        for name in type(value).model_fields:
            yield from quoted(getattr(value, name), (*path, name))


def at_path(value, path):
    for step in path:
        value = value[step] if isinstance(step, int) else getattr(value, step)
    return value


def replaced(value, path, new):
    """A model with the part at a path replaced."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        return (*value[:step], replaced(value[step], rest, new), *value[step + 1 :])
    return value.model_copy(update={step: replaced(getattr(value, step), rest, new)})


QUOTATIONS = [
    pytest.param(rules, path, id=f"{rules.policy}-{'.'.join(map(str, path))}")
    for rules in BOOK.policies.values()
    for path in quoted(rules)
]


def test_every_quotation_is_found():
    assert len(QUOTATIONS) >= 120


@pytest.mark.parametrize(("rules", "path"), QUOTATIONS)
def test_a_character_of_a_quotation(texts, rules, path):
    quotation = at_path(rules, path)
    quote = quotation.quote
    ends = (0, len(quote) // 2, len(quote) - 1)
    mutants = {quote[:at] + ("丙" if quote[at] != "丙" else "丁") + quote[at + 1 :] for at in ends}
    mutants |= {quote[: len(quote) // 2] + quote[len(quote) // 2 :].lstrip()[1:], quote + "。。"}
    for changed in mutants - {quote}:
        book = with_rules(replaced(rules, path, quotation.model_copy(update={"quote": changed})))
        assert noticed(book, texts), changed


@pytest.mark.parametrize(("rules", "path"), QUOTATIONS)
def test_a_quotation_of_another_clause(texts, rules, path):
    quotation = at_path(rules, path)
    squeezed = "".join(quotation.quote.split())
    others = [
        clause
        for (policy, clause), text in texts.items()
        # A clause includes its sub-clauses; a territory of one word may stand in several.
        if policy == rules.policy and squeezed not in "".join(text.split())
    ]
    for clause in [others[0], others[-1], "九/（九）"]:
        book = with_rules(replaced(rules, path, quotation.model_copy(update={"clause": clause})))
        assert noticed(book, texts), clause


@pytest.mark.parametrize(
    ("rules", "index", "place"),
    [
        pytest.param(rules, index, place, id=provision.awards[place].id)
        for rules, index, provision in provisions(awards=2)
        for place in range(len(provision.awards) - 1)
        if getattr(provision.awards[place].amount, "yuan", 0) != getattr(provision.awards[place + 1].amount, "yuan", 0)
    ],
)
def test_swapped_amounts_of_neighbours(texts, rules, index, place):
    awards = list(rules.provisions[index].awards)
    left, right = awards[place : place + 2]
    awards[place] = left.model_copy(update={"amount": right.amount})
    awards[place + 1] = right.model_copy(update={"amount": left.amount})
    assert noticed(with_provision(rules, index, awards=tuple(awards)), texts)


PROVISIONS = [
    pytest.param(rules, index, id=provision.awards[0].id)
    for rules, index, provision in provisions()
    # A sentence without a figure leaves no trace; test_shipped_rules counts those.
    if provision.awards[0].amount.kind != "no_figure"
]


@pytest.mark.parametrize(("rules", "index"), PROVISIONS)
def test_a_sentence_that_is_left_out(texts, rules, index):
    left = (*rules.provisions[:index], *rules.provisions[index + 1 :])
    findings = check(with_rules(rules.model_copy(update={"provisions": left})), texts)
    assert any("belongs to no rule" in finding.message for finding in findings)


@pytest.mark.parametrize("policy", BOOK.award_policies())
def test_a_figure_that_is_no_award_must_be_declared(texts, policy):
    rules = BOOK.policies[policy]
    for index in range(len(rules.not_awards)):
        left = (*rules.not_awards[:index], *rules.not_awards[index + 1 :])
        assert noticed(with_rules(rules.model_copy(update={"not_awards": left})), texts)


def test_an_award_that_is_left_out_of_its_sentence(texts):
    """Where every award of a sentence has its own figure, one award fewer is noticed."""
    for rules, index, provision in provisions(awards=2):
        yuans = [getattr(award.amount, "yuan", None) for award in provision.awards]
        for place, yuan in enumerate(yuans):
            if yuans.count(yuan) == 1:
                awards = (*provision.awards[:place], *provision.awards[place + 1 :])
                assert noticed(with_provision(rules, index, awards=awards), texts), provision.awards[place].id


def test_a_word_that_means_two_honours(texts):
    vocabulary = BOOK.vocabulary
    for concept, word in (("pinzibiao", "驰名商标"), ("pinzibiao", "CNAS"), ("green-food", "国标")):
        entry = vocabulary.concepts[concept]
        names = (entry.names[0].model_copy(update={"words": (*entry.names[0].words, word)}), *entry.names[1:])
        concepts = {**vocabulary.concepts, concept: entry.model_copy(update={"names": names})}
        book = replace(BOOK, vocabulary=vocabulary.model_copy(update={"concepts": concepts}))
        assert [f.where for f in check(book, texts)] == [word.lower()]


def test_a_word_that_means_two_facets_of_one_honour(texts):
    vocabulary = BOOK.vocabulary
    entry = vocabulary.concepts["drug-registration"]
    doubled = entry.names[-1].model_copy(update={"words": (*entry.names[-1].words, "创新药")})
    concepts = {
        **vocabulary.concepts,
        "drug-registration": entry.model_copy(update={"names": (*entry.names[:-1], doubled)}),
    }
    book = replace(BOOK, vocabulary=vocabulary.model_copy(update={"concepts": concepts}))
    assert [f.where for f in check(book, texts)] == ["创新药"]


def test_a_changed_text_is_noticed(texts):
    for change in (("150 万元", "151 万元"), ("有效期 2 年", "有效期 3 年"), ("最先申报", "最后申报")):
        changed = {key: text.replace(*change) for key, text in texts.items()}
        assert noticed(BOOK, changed), change


def test_a_new_figure_in_a_text_is_noticed(texts):
    key = ("taizhou-2021", "四")
    changed = {**texts, key: texts[key] + "对作出突出贡献的组织给予 3 万元的奖励。"}
    (finding,) = check(BOOK, changed)
    assert (finding.policy, finding.where) == key
    assert "30000 yuan" in finding.message


def test_a_finding_says_where_and_what(texts):
    rules, index, provision = next(provisions())
    (finding,) = check(with_amount(rules, index, 0, yuan=1), texts)
    assert str(finding).startswith(f"{rules.policy} {provision.awards[0].id}、")
    assert "1 yuan" in str(finding)
