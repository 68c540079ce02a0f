"""Proves that texts, keyword index and vectors belong together: every check is made, whatever the others find."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge.encoder import Encoder
from knowledge.errors import (
    IndexDamagedError,
    IndexMissingError,
    IndexStaleError,
    KnowledgeError,
    VectorServerError,
)
from knowledge.generation import KEYWORDS, VECTORS, check_sources
from knowledge.keyword_index import KeywordIndex
from knowledge.manifest import Manifest, hash_of_texts, read_manifest
from knowledge.model import Passage
from knowledge.vector_file import read_vectors
from knowledge.vector_store import ChromaCollection, Engine, Record, differing, place_of

_TOLERANCE = 0.001  # cosine distance; batches of another size round otherwise, by some millionths
_LENGTH = 0.001  # by which a vector may be longer or shorter than 1
_TOP = 10  # places among which a leg must find the passage it is asked for

Passages = Sequence[Passage]


@dataclass(frozen=True)
class Verification:
    """What was compared, and what is wrong."""

    passages: int
    """Passages of the texts in use."""
    compared: tuple[str, ...]
    """What agrees, in Chinese, one line each."""
    wrong: tuple[str, ...]
    """What does not; empty when all is well."""
    remedy: str
    """What to do, in Chinese; empty when all is well."""


def verify_index(
    folder: Path, passages: Passages, encoder: Encoder, engine: Engine, sample: int | None
) -> Verification:
    """Compares an index with the texts.

    Args:
        folder: The index folder.
        passages: The passages of the texts in use.
        encoder: The model in use.
        engine: The Chroma in use.
        sample: How many passages are embedded again; None for all.

    Raises:
        ModelError: when the model cannot be prepared or loaded.
    """
    try:
        manifest = read_manifest(folder)
    except (IndexMissingError, IndexDamagedError) as error:
        return Verification(len(passages), (), (str(error),), _BUILD)
    generation = folder / manifest.generation
    parts = [
        ("政策文本和模型", list(_sources(manifest, passages, encoder, engine))),
        ("关键词索引", list(_keywords(generation / KEYWORDS, passages))),
    ]
    away = ""
    try:
        store = engine.open(generation, manifest.model)
        try:
            same = manifest.model == encoder.fingerprint
            found = _vectors(store, generation / VECTORS, passages, encoder if same else None, sample)
            parts.append(("向量", list(found)))
        finally:
            with suppress(KnowledgeError):
                store.close()
    except VectorServerError as error:
        away = str(error)
    except IndexDamagedError as error:
        parts.append(("向量", [str(error)]))
    wrong = [f"{part}：{finding}" for part, findings in parts for finding in findings]
    return Verification(
        passages=len(passages),
        compared=tuple(_AGREES[part].format(_extent(sample, passages)) for part, findings in parts if not findings),
        wrong=tuple([*wrong, f"向量：{away}"] if away else wrong),
        remedy=_remedy(wrong, away),
    )


_BUILD = "请运行 policy-assistant index build，会按政策文本更新或重建索引。"
_FORCE = "请运行 policy-assistant index build --force，全部重新计算。"
_STALE = "请运行 policy-assistant index build"
_AGREES = {
    "政策文本和模型": "政策文本和模型：与建立索引时相同",
    "关键词索引": "关键词索引：段落齐全，分数与重新建立的相同，能搜到",
    "向量": "向量：段落、文字和位置齐全，{}重新计算相同，能搜到",
}


def _remedy(wrong: Sequence[str], away: str) -> str:
    if not wrong:
        return "请先让 Chroma 服务器恢复，再核对一次。" if away else ""
    # What an opening finds as well is mended by a build; of the rest a build would say that nothing has changed.
    return _BUILD if any(_STALE in finding for finding in wrong) else _FORCE


def _extent(sample: int | None, passages: Passages) -> str:
    return "全部" if sample is None or sample >= len(passages) else f"抽查 {sample} 段"


def _sources(manifest: Manifest, passages: Passages, encoder: Encoder, engine: Engine) -> Iterator[str]:
    try:
        check_sources(manifest, hash_of_texts(passages), encoder.fingerprint, engine)
    except IndexStaleError as error:
        yield str(error)
    if manifest.passages != len(passages):
        yield f"索引记着 {manifest.passages} 段，现有文本 {len(passages)} 段"


def _keywords(folder: Path, passages: Passages) -> Iterator[str]:
    try:
        found = KeywordIndex.load(folder)
    except IndexDamagedError as error:
        yield str(error)
        return
    yield from _difference(set(found.ids), passages)
    if not found.same_as(KeywordIndex.build(passages)):
        yield "词或分数与按现有文本重新建立的不同"
    for passage in _probes(passages):
        if not any(identity == passage.id for identity, _ in found.search(passage.quote, _TOP)):
            yield f"用原文搜不到 {_where(passage)}"


def _vectors(
    store: ChromaCollection, file: Path, passages: Passages, encoder: Encoder | None, sample: int | None
) -> Iterator[str]:
    """What is wrong with the vectors; without the encoder that made them only what can be told from themselves."""
    records = store.records()
    yield from _difference(set(records), passages)
    held = [passage for passage in passages if passage.id in records]
    if not held:
        return
    yield from _contents(records, held)
    yield from _as_written(records, file)
    chosen = held if sample is None else _spread(held, sample)
    lost = [passage for passage in chosen if not _found(store, records[passage.id], passage)]
    if lost:
        yield f"按向量搜不到 {len(chosen)} 段中的 {len(lost)} 段，例如 {_where(lost[0])}"
    if encoder is None:
        return
    differing = list(_recomputed(records, chosen, encoder))
    yield from differing
    for passage in [] if differing else _probes(held):
        if not store.query(encoder.encode_query(passage.quote), _TOP, [passage.policy]):
            yield f"用原文作问句搜不到 {passage.policy} 的任何段落"


def _found(store: ChromaCollection, record: Record, passage: Passage) -> bool:
    nearest = store.query(record.vector, 1, [passage.policy])
    return bool(nearest) and nearest[0][1] >= 1 - _TOLERANCE


def _as_written(records: Mapping[str, Record], file: Path) -> Iterator[str]:
    try:
        bad = differing({identity: record.vector for identity, record in records.items()}, read_vectors(file))
    except IndexDamagedError as error:
        yield str(error)
        return
    if bad:
        yield f"{len(bad)} 段的向量与写入时不同"


def _difference(found: set[str], passages: Passages) -> Iterator[str]:
    expected = {passage.id for passage in passages}
    if expected - found:
        first = next(passage for passage in passages if passage.id not in found)
        yield f"缺少 {len(expected - found)} 段，例如 {_where(first)}"
    if found - expected:
        yield f"多出 {len(found - expected)} 段现有文本里没有的"


def _contents(records: Mapping[str, Record], passages: Passages) -> Iterator[str]:
    for what, bad in (
        ("文字与政策文本不同", [p for p in passages if records[p.id].document != p.indexed_text]),
        ("位置与政策文本不同", [p for p in passages if records[p.id].place != place_of(p)]),
        ("向量长度不是 1", [p for p in passages if abs(np.linalg.norm(records[p.id].vector) - 1) > _LENGTH]),
    ):
        if bad:
            yield f"{len(bad)} 段的{what}，例如 {_where(bad[0])}"


def _recomputed(records: Mapping[str, Record], passages: Passages, encoder: Encoder) -> Iterator[str]:
    fresh = encoder.encode_documents([passage.indexed_text for passage in passages])
    if fresh.shape[1] != len(records[passages[0].id].vector):
        yield f"向量有 {len(records[passages[0].id].vector)} 维，现在的模型给出 {fresh.shape[1]} 维"
        return
    kept = np.stack([records[passage.id].vector for passage in passages])
    # The comparison is written so that a vector with an invalid number fails it.
    far = [p for p, a, b in zip(passages, fresh, kept, strict=True) if not float(a @ b) >= 1 - _TOLERANCE]
    if far:
        yield f"重新计算 {len(passages)} 段，{len(far)} 段的向量不同，例如 {_where(far[0])}"


def _spread(passages: Passages, count: int) -> list[Passage]:
    """Some passages, evenly over the texts."""
    if count >= len(passages):
        return list(passages)
    return [passages[index * len(passages) // count] for index in range(count)]


def _probes(passages: Passages) -> list[Passage]:
    """The longest passage of each text: by its own words it must be found."""
    longest: dict[str, Passage] = {}
    for passage in passages:
        if len(passage.quote) > len(longest.get(passage.policy, passage).quote) or passage.policy not in longest:
            longest[passage.policy] = passage
    return list(longest.values())


def _where(passage: Passage) -> str:
    return f"{passage.policy} {passage.clause}"
