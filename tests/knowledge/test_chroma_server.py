"""The index with its vectors on a Chroma server: a real one, stopped, hung, emptied and started again."""

from __future__ import annotations

import json
import time

import pytest
from chroma_process import ChromaProcess

import knowledge.chroma_server as chroma_server
from knowledge.errors import IndexDamagedError, IndexStaleError, SettingError, VectorServerError
from knowledge.fallback import FallbackIndex
from knowledge.index import KnowledgeIndex
from knowledge.retriever import Retriever


@pytest.fixture(scope="module")
def process(tmp_path_factory):
    chroma = ChromaProcess(tmp_path_factory.mktemp("chroma"))
    yield chroma
    chroma.stop()


@pytest.fixture
def server(process):
    """A server that runs when a test begins, whatever the one before did."""
    process.stop()
    process.start()
    return process


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(chroma_server, "_PAUSE", 0.0)


@pytest.fixture
def make_index(tmp_path, counting, make_policy, server):
    def make(body=None, data="data", url=server.url):
        policy = make_policy() if body is None else make_policy(body)
        return KnowledgeIndex(tmp_path / data, counting, {"test": policy}, chroma_url=url)

    return make


def collection(index):
    return f"passages-0123456789abcdef-{generation(index).rpartition('-')[2]}"


def generation(index):
    return json.loads((index.folder / "manifest.json").read_text())["generation"]


def test_the_vectors_are_on_the_server(make_index, server, counting):
    index = make_index()
    assert index.build().embedded == len(index.passages)
    assert server.collections()[collection(index)] == len(index.passages)
    assert not list(index.folder.rglob("chroma.sqlite3"))
    again = make_index()
    assert again.build().embedded == 0
    assert (again.status().state, again.status().chroma) == ("ready", server.url)
    for passage in again.passages.values():
        best, similarity = again.dense(counting.encode_query(passage.indexed_text), 1, ["test"])[0]
        assert (best, similarity) == (passage.id, pytest.approx(1, abs=1e-5))
    assert again.verify(None).wrong == ()


def test_a_changed_text_goes_into_a_new_collection(make_index, server, sample, counting):
    first = make_index()
    first.build()
    old = collection(first)
    server.add("of-somebody-else")
    changed = make_index(sample.split("---\n", 2)[2].replace("30万元", "40万元"))
    with pytest.raises(IndexStaleError):
        changed.open()
    counting.embedded.clear()
    assert changed.build().embedded == 1
    held = server.collections()
    assert held[collection(changed)] == len(changed.passages)
    assert old not in held
    assert "of-somebody-else" in held
    server.drop("of-somebody-else")


def test_two_data_folders_share_a_server_and_nothing_else(make_index, server):
    mine, other = make_index(data="mine"), make_index(data="other")
    mine.build()
    other.build()
    mine.build(force=True)
    assert {collection(mine), collection(other)} <= set(server.collections())
    other.open()


def test_what_a_killed_build_left_on_the_server_is_deleted(make_index, server):
    index = make_index()
    left = index.folder / "generation-000000000000"
    left.mkdir(parents=True)
    chroma_server.ServerEngine(server.url).create(left, "0123456789abcdef").close()
    assert "passages-0123456789abcdef-000000000000" in server.collections()
    index.build()
    assert "passages-0123456789abcdef-000000000000" not in server.collections()
    assert not left.exists()


def test_from_the_embedded_chroma_to_a_server_and_back(make_index, counting):
    make_index(url=None).build()
    counting.embedded.clear()
    moved = make_index()
    with pytest.raises(IndexStaleError, match="POLICY_ASSISTANT_CHROMA_URL"):
        moved.open()
    moved.build()
    assert counting.embedded == []  # the vectors go along
    back = make_index(url=None)
    assert back.status().state == "stale"
    back.ensure()
    assert back.status().state == "ready"


def test_keywords_go_on_while_the_server_is_away(make_index, server, counting, caplog):
    index = make_index()
    index.ensure()
    searched = FallbackIndex(index)
    retriever = Retriever(searched, counting)

    def search():
        searched.begin()
        return retriever.search("国家标准"), searched.degraded

    hits, degraded = search()
    assert not degraded
    assert any(hit.dense is not None for hit in hits)
    server.stop()
    hits, degraded = search()
    assert degraded
    assert "国家标准" in hits[0].passage.quote
    assert all(hit.dense is None for hit in hits)
    assert "searching by keywords only" in caplog.text
    with pytest.raises(VectorServerError, match="POLICY_ASSISTANT_CHROMA_URL"):
        index.dense(counting.encode_query("奖"), 3)
    server.start()
    hits, degraded = search()
    assert not degraded
    assert any(hit.dense is not None for hit in hits)


def test_a_start_without_the_server(make_index, server):
    make_index().build()
    server.stop()
    index = make_index()
    index.ensure()
    assert index.keyword("国家标准", 3)
    assert index.status().state == "unreachable"
    with pytest.raises(VectorServerError):
        index.build()
    found = index.verify()
    assert len(found.wrong) == 1
    assert "恢复" in found.remedy
    server.start()
    index.open()


def test_no_index_and_no_server(make_index, server, counting):
    server.stop()
    index = make_index()
    with pytest.raises(VectorServerError):
        index.ensure()
    assert counting.embedded == []  # not after minutes of work


def test_a_server_that_lost_the_collection(make_index, server, counting):
    index = make_index()
    index.ensure()
    server.drop(collection(index))
    searched = FallbackIndex(index)
    assert searched.dense(counting.encode_query("奖"), 3) == []
    assert searched.degraded
    started = make_index()
    assert started.status().state == "damaged"
    with pytest.raises(IndexDamagedError):
        started.open()
    started.ensure()
    assert started.dense(counting.encode_query("奖"), 3)
    # The index that was open all the time finds the new one by itself.
    assert searched.dense(counting.encode_query("奖"), 3)


def test_a_server_that_hangs_is_not_waited_for_long(make_index, server, counting, monkeypatch):
    monkeypatch.setattr(chroma_server, "_PAUSE", 60.0)
    monkeypatch.setattr(chroma_server, "_ANSWER", 1.0)
    monkeypatch.setattr(chroma_server, "_HEARTBEAT", 0.5)
    index = make_index()
    index.ensure()
    server.freeze()
    started = time.monotonic()
    for _ in range(20):
        with pytest.raises(VectorServerError):
            index.dense(counting.encode_query("奖"), 3)
    assert time.monotonic() - started < 5
    with pytest.raises(VectorServerError):
        make_index().open()
    server.thaw()


@pytest.mark.parametrize(
    "url",
    [
        "localhost:8000",
        "http://",
        "http://host",
        "ftp://host:1",
        "http://host:99999",
        "http://host:1/api",
        "http://u:p@host:1",
    ],
)
def test_an_address_that_is_none(tmp_path, counting, make_policy, url):
    with pytest.raises(SettingError, match="POLICY_ASSISTANT_CHROMA_URL"):
        KnowledgeIndex(tmp_path, counting, {"test": make_policy()}, chroma_url=url)
