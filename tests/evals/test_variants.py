"""Generated questions: what they are made of, and how they are judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from typer.testing import CliRunner

from app import build_app
from evals.model import CaseError
from evals.variants.generator import PHRASINGS, generate, load_phrasings
from evals.variants.run import run_variants, summary
from rules.loader import load_rules
from rules.model import Fixed, Share

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize("path", sorted(PHRASINGS.parent.glob("phrasings*.yaml")), ids=lambda path: path.stem)
def test_every_award_is_phrased(path):
    book = load_rules()
    phrased = {variant.award for variant in generate(book, load_phrasings(path), 1)}
    payable = {
        award.id
        for rules in book.policies.values()
        for _, award in rules.awards()
        if isinstance(award.amount, Fixed | Share)
    }
    assert payable <= phrased


def test_a_seed_makes_the_same_questions():
    book, phrasings = load_rules(), load_phrasings()
    assert generate(book, phrasings, 1, 3) == generate(book, phrasings, 1, 3) != generate(book, phrasings, 1, 4)


def test_five_thousand_questions():
    assert len(generate(load_rules(), load_phrasings(), 7)) >= 5000


def test_a_sample_is_answered_exactly_and_backed():
    book = load_rules()
    outcomes = run_variants(book, generate(book, load_phrasings(), 7)[::29], TODAY)
    assert sum(one.exact for one in outcomes) / len(outcomes) >= 0.97
    assert all(one.backed for one in outcomes)


def test_a_wrong_expectation_is_noticed():
    book = load_rules()
    (variant, *_) = generate(book, load_phrasings(), 1)
    (right,) = run_variants(book, [variant], TODAY)
    (wrong,) = run_variants(book, [replace(variant, yuan=1)], TODAY)
    assert (right.exact, wrong.exact) == (True, False)
    assert "50.0%" in summary([right, wrong]).splitlines()[-1]


def test_phrasings_of_an_unknown_award(tmp_path):
    text = PHRASINGS.read_text("utf-8").replace("award: 中国质量奖\n", "award: 没有这个奖\n", 1)
    path = tmp_path / "phrasings.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(CaseError, match="没有这个奖"):
        generate(load_rules(), load_phrasings(path), 1)


def test_the_command_tells_a_file_that_is_not_there(tmp_path):
    result = CliRunner().invoke(build_app(), ["eval", "variants", "--phrasings", str(tmp_path / "none.yaml")])
    assert result.exit_code == 2
    assert "none.yaml" in result.output
    assert "Traceback" not in result.output
