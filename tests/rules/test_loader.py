"""The rule book: files that must agree with each other."""

from __future__ import annotations

import shutil

import pytest

from rules.errors import RuleFileError, RulesError
from rules.loader import SHIPPED, load_rules


@pytest.fixture
def folder(tmp_path):
    """A copy of the shipped rule files."""
    shutil.copytree(SHIPPED / "policies", tmp_path / "policies")
    for name in ("vocabulary.yaml", "places.yaml"):
        shutil.copy(SHIPPED / name, tmp_path)
    return tmp_path


@pytest.fixture
def edit(folder):
    """Replaces one piece of text in one file; returns the line on which it stands."""

    def change(file, old, new):
        path = folder / file
        text = path.read_text("utf-8")
        assert text.count(old) == 1, f"{old} stands {text.count(old)} times"
        path.write_text(text.replace(old, new), "utf-8")
        return text[: text.index(old)].count("\n") + 1

    return change


def problem(folder, file, line):
    """What loading says, after it was checked that it names file and line."""
    with pytest.raises(RuleFileError) as caught:
        load_rules(folder)
    assert str(caught.value).startswith(f"{(folder / file).resolve()}:{line}: ")
    return str(caught.value)


def test_a_copy_is_the_same_book(folder, book):
    assert load_rules(folder) == book


def test_a_book_is_read_once(book):
    assert load_rules() is load_rules(SHIPPED) is book


AWARD = (
    "{id: tz21-quality-brand-zone, name: 全国质量品牌提升示范区, concept: quality-brand-zone, amount: {yuan: 400000}}"
)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "concept: quality-brand-zone",
            "concept: quality-brand-zones",
            "'quality-brand-zones' is not in vocabulary.yaml",
        ),
        (
            "concept: quality-brand-zone",
            "concept: quality-brand-zone, includes: [nothing]",
            "'nothing' is not in vocabulary",
        ),
        (
            "concept: quality-brand-zone",
            "concept: quality-brand-zone, facets: {level: national}",
            "'level' is not one of",
        ),
        ("concept: quality-brand-zone", "concept: quality-award, facets: {level: galactic}", "level: 'galactic'"),
        ("{yuan: 400000}", "{yuan: 400000}, cap: ceiling", "cap 'ceiling' is not one of ['pinzibiao']"),
        ("{yuan: 400000}", "{yuan: 400000}, further: tz99", "further 'tz99' is not the id"),
    ],
)
def test_what_an_award_names_must_exist(folder, edit, old, new, words):
    line = edit("policies/taizhou-2021.yaml", AWARD, AWARD.replace(old, new))
    message = problem(folder, "policies/taizhou-2021.yaml", line)
    assert "award tz21-quality-brand-zone" in message
    assert words in message


def test_ids_are_unique(folder, edit):
    edit("policies/taizhou-2021.yaml", AWARD, AWARD.replace("tz21-quality-brand-zone", "tz21-cnas"))
    with pytest.raises(RuleFileError, match=r"taizhou-2021\.yaml:\d+: award tz21-cnas: id stands twice"):
        load_rules(folder)


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("{yuan: 400000.5}", "400000.5"),
        ("{yuan: -400000}", "-400000"),
        ("{yuan: 40万}", "40万"),
        ("{yaun: 400000}", "yaun"),
    ],
)
def test_an_amount_that_is_none_is_refused_with_its_line(folder, edit, new, words):
    line = edit("policies/taizhou-2021.yaml", AWARD, AWARD.replace("{yuan: 400000}", new))
    assert words in problem(folder, "policies/taizhou-2021.yaml", line)


def test_a_file_must_be_named_after_its_policy(folder):
    (folder / "policies" / "taizhou-2021.yaml").rename(folder / "policies" / "taizhou-2022.yaml")
    assert "must be the name of the file" in problem(folder, "policies/taizhou-2022.yaml", 1)


@pytest.mark.parametrize("file", ["vocabulary.yaml", "places.yaml", "policies/sanmen-145.yaml"])
def test_each_file_must_be_sound(folder, file):
    (folder / file).write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in problem(folder, file, 1)


@pytest.mark.parametrize("file", ["vocabulary.yaml", "places.yaml"])
def test_each_file_must_be_there(folder, file):
    (folder / file).unlink()
    assert "cannot be read" in problem(folder, file, 1)


def test_a_key_of_the_vocabulary_that_is_not_known(folder, edit):
    line = edit("vocabulary.yaml", "label: 驰名商标\n", "label: 驰名商标\n    colour: red\n")
    assert "colour" in problem(folder, "vocabulary.yaml", line + 1)


def test_a_concept_that_stands_twice(folder, edit):
    line = edit("vocabulary.yaml", "  well-known-trademark:\n", "  pinzibiao:\n")
    assert "“pinzibiao” stands twice" in problem(folder, "vocabulary.yaml", line)


def test_a_facet_that_a_concept_lost_is_noticed_by_its_awards(folder, edit):
    edit("vocabulary.yaml", "facets: [certificate]", "facets: []")
    with pytest.raises(RuleFileError, match=r"award tz21-pinzibiao-first: facet 'certificate'"):
        load_rules(folder)


@pytest.mark.parametrize(
    ("entry", "old", "new", "words"),
    [
        ("drug-registration", "implies: {drug: generic}", "implies: {drug: generics}", "'generics'"),
        ("drug-registration", "implies: {drug: generic}", "implies: {drugs: generic}", "drugs"),
        ("tier", "unmarked: main", "unmarked: mian", "'mian'"),
        ("quality-award", "facets: [level, tier, recipient]", "facets: [level, tier, recipient, colour]", "'colour'"),
    ],
)
def test_what_the_vocabulary_names_must_exist(folder, edit, entry, old, new, words):
    """The line is that of the entry that names it."""
    edit("vocabulary.yaml", old, new)
    lines = (folder / "vocabulary.yaml").read_text("utf-8").splitlines()
    message = problem(folder, "vocabulary.yaml", lines.index(f"  {entry}:") + 1)
    assert f"{entry}: " in message
    assert words in message


def test_awards_caps_and_policies_by_their_ids(book):
    rules, provision, award = book.award("tz21-pinzibiao-first")
    assert (rules.policy, provision.clause, award.cap) == ("taizhou-2021", "三/（一）/1", "pinzibiao")
    assert book.cap("taizhou-2021", "pinzibiao").yuan == 500000
    with pytest.raises(KeyError):
        book.award("tz99")
    assert book.policies_with("pollution-free-product") == ["taizhou-2017", "taizhou-2021"]


def test_every_error_of_the_package_has_one_root():
    assert issubclass(RuleFileError, RulesError)
