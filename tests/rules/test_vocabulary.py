"""The words for the honours, and how facets refine each other."""

from __future__ import annotations

import pytest

from rules.vocabulary import compatible


@pytest.mark.parametrize(
    ("known", "wanted", "can_be"),
    [
        (None, "local", True), ("local", None, True), ("local", "local", True),
        ("local", "local/provincial", True), ("local/provincial", "local", True),
        ("local/provincial", "local/municipal", False), ("national", "provincial", False),
        ("new", "new/innovative", True), ("ne", "new/innovative", False), ("local/prov", "local/provincial", False),
    ],
)  # fmt: skip
def test_a_value_can_be_one_that_refines_it(known, wanted, can_be):
    assert compatible(known, wanted) is can_be


def test_every_award_can_be_named_by_a_word(book):
    for rules in book.policies.values():
        for _, award in rules.awards():
            for concept in (award.concept, *award.includes):
                assert any(group.words for group in book.vocabulary.concepts[concept].names), award.id


def test_what_names_imply_and_what_is_unmarked_exists(book):
    vocabulary = book.vocabulary
    for concept in vocabulary.concepts.values():
        assert set(concept.facets) <= set(vocabulary.facets)
        for group in concept.names:
            for facet, value in group.implies.items():
                assert facet in concept.facets
                assert value in vocabulary.facets[facet].values
    for facet in vocabulary.facets.values():
        assert facet.unmarked is None or facet.unmarked in facet.values
        assert "{choices}" in facet.ask


def test_labels_tell_concepts_and_values_apart(book):
    labels = [concept.label for concept in book.vocabulary.concepts.values()]
    assert len(labels) == len(set(labels))
    for facet in book.vocabulary.facets.values():
        values = [value.label for value in facet.values.values()]
        assert len(values) == len(set(values))
    assert book.vocabulary.label("level", "national") == "国家级"
