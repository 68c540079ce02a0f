"""What each part of the search is worth: the labelled queries again without it.

python -m evals.ablation      # the table, into docs/retrieval.md
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median
from typing import Annotated

import typer

from assistant.pipeline import Assistant
from assistant.query import QueryOptions
from evals.array_index import ArrayIndex, VectorCache
from evals.case_files import SHIPPED, load_cases
from evals.evaluators.ranking import clauses_of, scores
from evals.marked import RETRIEVAL, replace_marked, table
from evals.model import Case, RetrievalCase
from evals.runner import TODAY
from knowledge.encoder import SentenceEncoder
from knowledge.library import load_policies
from knowledge.model import Hit, Passage
from knowledge.passages import passages_of
from knowledge.retriever import DENSE_WEIGHT, KEYWORD_WEIGHT, Retriever
from knowledge.settings import KnowledgeSettings

MEASURES = ("recall@1", "recall@5", "mrr")
_TOP_K = 20
_NOTHING = QueryOptions(subject=False, everyday=0, english=0, awards=0)


@dataclass(frozen=True)
class Variant:
    """Settings of the search under which it is measured."""

    name: str
    queries: QueryOptions = field(default_factory=QueryOptions)
    meaning: bool = True
    """Rank by likeness in meaning."""
    words: bool = True
    """Rank by shared words."""
    narrowed: bool = True
    """Search only the texts that the question can concern."""
    passages: Callable[[Passage], Passage] | None = None
    """What is indexed of a passage; None for what is."""


def _no_headings(passage: Passage) -> Passage:
    return passage.model_copy(update={"headings": ()})


def _embedded_headings(passage: Passage) -> Passage:
    title = load_policies()[passage.policy].meta.title
    return passage.model_copy(update={"indexed_text": " ｜ ".join([title, *passage.headings, passage.indexed_text])})


VARIANTS = (
    Variant("**as it is**"),
    Variant("meaning only", words=False),
    Variant("words only", meaning=False),
    Variant("all texts searched, whatever place or text is named", narrowed=False),
    Variant("place and name of the text left in the question", QueryOptions(subject=False)),
    Variant("no everyday words", QueryOptions(everyday=0)),
    Variant("no English terms", QueryOptions(english=0)),
    Variant("no names of awards", QueryOptions(awards=0)),
    Variant("headings not indexed", passages=_no_headings),
    Variant("title and headings embedded as well", passages=_embedded_headings),
    Variant("the bare question: no part of the above", _NOTHING, narrowed=False),
    Variant("the bare question, meaning only", _NOTHING, narrowed=False, words=False),
    Variant("the bare question, words only", _NOTHING, narrowed=False, meaning=False),
)


@dataclass(frozen=True)
class Measured:
    """Mean scores of the queries that are held out, or of those that are not, and how long one takes."""

    scores: dict[bool, dict[str, float]]
    counts: dict[bool, int]
    milliseconds: float
    """Median, the embedding of the question included."""


def labelled(cases: Iterable[Case]) -> list[Case]:
    """The queries that a clause answers."""
    return [case for case in cases if isinstance(case.form, RetrievalCase) and case.form.clause]


def measured(assistant: Assistant, cases: Sequence[Case]) -> Measured:
    """Runs the labelled queries."""
    texts = load_policies()
    found: dict[bool, list[dict[str, float]]] = {False: [], True: []}
    times: list[float] = []
    assistant.find(cases[0].question, TODAY)  # what is read once is no part of a query
    for case in cases:
        started = time.perf_counter()
        hits = assistant.find(case.question, TODAY)
        times.append((time.perf_counter() - started) * 1000)
        found[case.held_out].append(scores(clauses_of(hits), case.clauses, texts))
    return Measured(
        scores={
            held: {name: mean(one[name] for one in part) for name in MEASURES} for held, part in found.items() if part
        },
        counts={held: len(part) for held, part in found.items()},
        milliseconds=median(times),
    )


def assistant_of(variant: Variant, vectors: VectorCache) -> Assistant:
    """The assistant under the settings of a variant, over an index in memory."""
    policies = load_policies()
    passages = passages_of(policies.values())
    index = ArrayIndex(policies, [variant.passages(p) for p in passages] if variant.passages else passages, vectors)
    retriever = Retriever(
        index,
        vectors.encoder,
        dense_weight=DENSE_WEIGHT if variant.meaning else 0,
        keyword_weight=KEYWORD_WEIGHT if variant.words else 0,
    )

    def search(query: str, policies: list[str] | None) -> list[Hit]:
        return retriever.search(query, policies=policies if variant.narrowed else None, top_k=_TOP_K)

    return Assistant(search, queries=variant.queries)


def main(cases: Annotated[Path, typer.Option("--cases", help="题目所在的文件夹。")] = SHIPPED) -> None:
    """Prints the table and writes it into docs/retrieval.md."""
    queries = labelled(load_cases(cases))
    vectors = VectorCache(SentenceEncoder.from_settings(KnowledgeSettings()))
    rows: list[list[str]] = []
    counts: dict[bool, int] = {}
    for variant in VARIANTS:
        result = measured(assistant_of(variant, vectors), queries)
        counts = result.counts
        shares = [f"{result.scores[held][name]:.3f}" for held in (False, True) for name in MEASURES]
        rows.append([variant.name, *shares, f"{result.milliseconds:.0f}"])
        typer.echo(" ".join(rows[-1]))
    header = ["variant", "recall@1", "recall@5", "MRR", "held out: recall@1", "recall@5", "MRR", "ms"]
    text = (
        f"{counts[False]} labelled queries that are not held out, {counts[True]} held out. ms: median of one query, "
        f"its embedding included.\n\n{table(header, rows)}"
    )
    replace_marked(RETRIEVAL, "ablation", text)


if __name__ == "__main__":
    typer.run(main)
