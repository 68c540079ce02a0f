"""The search behind the assistant: a Chroma server that goes away and comes back, and a reranker."""

from __future__ import annotations

import pytest
from chroma_process import ChromaProcess
from tiny_models import save_cross_encoder

import knowledge.chroma_server as chroma_server
from assistant.conversation import Conversation
from assistant.pipeline import Assistant
from assistant.service import LazySearch
from knowledge.encoder import SentenceEncoder
from knowledge.errors import KnowledgeError, ModelError, VectorServerError
from knowledge.model import Hits

QUESTION = "舟山的方案里，消费纠纷在线解决机制建设是怎么写的？"
CALCULATED = "椒江企业2022年6月拿了浙江省政府质量奖，能领多少"
WORDS_ONLY = "向量检索暂时不可用，以下结果只按关键词查找"


class Hashing:
    """Vectors from hashes: the mechanics need no model."""

    fingerprint = "0123456789abcdef"

    def encode_documents(self, texts):
        import numpy as np

        return np.stack([self.encode_query(text) for text in texts])

    def encode_query(self, text):
        import hashlib

        import numpy as np

        seed = int.from_bytes(hashlib.sha256(str(text).encode()).digest()[:8])
        vector = np.random.default_rng(seed).normal(size=16)
        return (vector / np.linalg.norm(vector)).astype(np.float32)


@pytest.fixture
def settings(monkeypatch, tmp_path):
    """The settings of the environment, with an encoder that needs no model."""
    monkeypatch.setenv("POLICY_ASSISTANT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(SentenceEncoder, "from_settings", lambda _settings: Hashing())
    monkeypatch.setattr(chroma_server, "_PAUSE", 0.0)
    return lambda name, value: monkeypatch.setenv(f"POLICY_ASSISTANT_{name}", str(value))


@pytest.fixture
def server(tmp_path, settings):
    chroma = ChromaProcess(tmp_path / "chroma")
    chroma.start()
    settings("CHROMA_URL", chroma.url)
    yield chroma
    chroma.stop()


def test_answers_go_on_while_the_server_is_away_and_say_so(server):
    assistant = Assistant(LazySearch())
    conversation = Conversation()
    whole = assistant.ask(QUESTION, conversation)
    assert WORDS_ONLY not in whole.text
    server.stop()
    answer = assistant.ask(QUESTION, conversation)
    assert answer.text.startswith(f"（{WORDS_ONLY}")
    assert answer.citations
    assert answer.citations[0].policy == "zhoushan-2023"
    assert WORDS_ONLY not in assistant.ask(CALCULATED).text  # the calculator needs no search
    server.start()
    assert WORDS_ONLY not in assistant.ask(QUESTION).text


def test_a_start_without_the_server(server):
    LazySearch().open()
    server.stop()
    assert Assistant(LazySearch()).ask(QUESTION).text.startswith(f"（{WORDS_ONLY}")
    hits = Assistant(LazySearch()).find(QUESTION)
    assert hits.degraded
    assert hits


def test_no_index_and_no_server_is_an_error(server):
    server.stop()
    with pytest.raises(VectorServerError, match="POLICY_ASSISTANT_CHROMA_URL"):
        Assistant(LazySearch()).ask(QUESTION)


def test_a_refusal_says_it_too():
    def away(query, policies):
        found = Hits()
        found.degraded = True
        return found

    answer = Assistant(away).ask("舟山的海洋牧场补助怎么申请")
    assert WORDS_ONLY in answer.text


def test_a_search_of_another_make_is_taken_as_whole():
    assert WORDS_ONLY not in Assistant(lambda query, policies: []).ask("舟山的海洋牧场补助怎么申请").text


def test_the_embedded_chroma_has_no_such_mercy(settings, tmp_path):
    import shutil

    search = LazySearch()
    assert search("工程质量", None)
    shutil.rmtree(tmp_path / "data" / "index")
    for _ in range(2):
        with pytest.raises(KnowledgeError, match="policy-assistant index build"):
            search("工程质量", None)
    # A new start rebuilds it from the texts.
    assert LazySearch()("工程质量", None)


def test_no_reranker_unless_it_is_set(settings):
    assert all(hit.rerank is None for hit in LazySearch()("工程质量", None))


def test_the_reranker_that_is_set_orders_what_is_found(settings, tmp_path):
    plain = LazySearch()("工程质量", ["zhoushan-2023"])
    settings("RERANKER", save_cross_encoder(tmp_path / "cross"))
    search = LazySearch()
    ranked = search("工程质量", ["zhoushan-2023"])
    assert {hit.passage.id for hit in ranked} == {hit.passage.id for hit in plain}
    assert [hit.rerank for hit in ranked] == sorted((hit.rerank for hit in ranked), reverse=True)
    assert [hit.score for hit in ranked] == [hit.score for hit in plain]
    assert not ranked.degraded
    assert Assistant(search).ask(QUESTION).text


def test_a_reranker_that_is_not_there_is_told_at_the_start(settings, tmp_path):
    settings("RERANKER", tmp_path / "nowhere")
    with pytest.raises(ModelError, match="POLICY_ASSISTANT_RERANKER"):
        LazySearch().open()
