"""How far up the wanted clauses stand among the clauses found: recall, reciprocal rank, nDCG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log2

from evals.matching import clauses_at
from knowledge.model import Hit, Policy

CUTS = (1, 5, 10)
"""At how many clauses recall is measured."""


def clauses_of(hits: Sequence[Hit]) -> list[str]:
    """``policy:path`` of the clauses that passages stand in, best first, none twice."""
    return list(dict.fromkeys(f"{hit.passage.policy}:{hit.passage.clause}" for hit in hits))


def scores(found: Sequence[str], wanted: Sequence[str], texts: Mapping[str, Policy]) -> dict[str, float]:
    """Recall at each cut, reciprocal rank of the first wanted clause, nDCG at 10; each from 0 to 1.

    Args:
        found: ``policy:path``, best first.
        wanted: The same, of the clauses that answer; a sub-clause counts as the clause.
        texts: The official texts.
    """
    accepted = [_same(clause, texts) for clause in wanted]
    ranks = [next((at for at, clause in enumerate(found, 1) if clause in one), None) for one in accepted]
    present = [rank for rank in ranks if rank is not None]
    measured = {f"recall@{cut}": sum(rank <= cut for rank in present) / len(wanted) for cut in CUTS}
    measured["mrr"] = 1 / min(present) if present else 0.0
    gain = sum(1 / log2(rank + 1) for rank in present if rank <= CUTS[-1])
    best = sum(1 / log2(place + 1) for place in range(1, min(len(wanted), CUTS[-1]) + 1))
    measured["ndcg@10"] = min(1.0, gain / best)
    return measured


def _same(clause: str, texts: Mapping[str, Policy]) -> set[str]:
    policy, _, path = clause.partition(":")
    return {f"{policy}:{one.path}" for one in clauses_at(texts[policy], path)}
