"""Other models than the bundled one: their prompts, their indexes, and no network."""

from __future__ import annotations

import json
import shutil
import socket

import numpy as np
import pytest
import typer
from tiny_models import SIZE, save_cross_encoder, save_sentence_model
from typer.testing import CliRunner

from knowledge.commands import register
from knowledge.encoder import SentenceEncoder
from knowledge.errors import IndexStaleError, ModelError
from knowledge.index import KnowledgeIndex
from knowledge.model import Hit
from knowledge.passages import passages_of
from knowledge.prompts import E5, Prompts, prompts_of
from knowledge.reranker import Reranker
from knowledge.settings import KnowledgeSettings


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A model that stores prompts of its own."""
    return save_sentence_model(tmp_path_factory.mktemp("models") / "tiny", {"query": "问：", "passage": "文："})


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory):
    return save_cross_encoder(tmp_path_factory.mktemp("models") / "cross")


@pytest.fixture
def offline(monkeypatch):
    """Any connection is an error; gives the addresses that were tried."""
    tried = []

    def refuse(_socket, address):
        tried.append(address)
        raise OSError("no network in this test")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *address, **_: refuse(None, address))
    return tried


# ------------------------------------------------------------------ prompts
@pytest.mark.parametrize(
    ("stored", "name", "settings", "expected"),
    [
        (None, "bge-small-zh", (None, None), Prompts()),
        ({"query": "", "document": ""}, "bge-small-zh", (None, None), Prompts()),
        ({"query": "问：", "document": "文："}, "bge-small-zh", (None, None), Prompts("问：", "文：")),
        ({"query": "问：", "passage": "文："}, "bge-small-zh", (None, None), Prompts("问：", "文：")),
        ({"query": "问：", "corpus": "文："}, "intfloat/e5-base-v2", (None, None), Prompts("问：", "文：")),
        (None, "intfloat/multilingual-e5-small", (None, None), E5),
        ({"query": None, "document": None}, "E5_large", (None, None), E5),
        ({"query": "", "document": ""}, "/models/e5-large", (None, None), E5),
        (None, "multilingual-e5-large-instruct", (None, None), Prompts()),
        (None, "some5-model", (None, None), Prompts()),
        (None, "e5-small", ("Q: ", None), Prompts("Q: ", "passage: ")),
        ({"query": "问：", "document": "文："}, "x", ("none", "None"), Prompts()),
        ({"query": 3, "document": ["文"]}, "x", (None, None), Prompts()),
    ],
)
def test_prompts_set_then_stored_then_of_the_family(tmp_path, stored, name, settings, expected):
    if stored is not None:
        (tmp_path / "config_sentence_transformers.json").write_text(json.dumps({"prompts": stored}))
    assert prompts_of(tmp_path, name, *settings) == expected


@pytest.mark.parametrize("content", ["", "[]", "{", '{"prompts": 3}', "{}"])
def test_a_configuration_without_prompts(tmp_path, content):
    (tmp_path / "config_sentence_transformers.json").write_text(content)
    assert prompts_of(tmp_path, "x") == Prompts()


def test_prompts_reach_the_model(model, tmp_path):
    plain = SentenceEncoder(tmp_path, str(model), query_prompt="none", document_prompt="none")
    stored = SentenceEncoder(tmp_path, str(model))
    chosen = SentenceEncoder(tmp_path, str(model), query_prompt="请检索", document_prompt="政策：")
    assert stored.encode_query("奖励") == pytest.approx(plain.encode_query("问：奖励"), abs=1e-5)
    assert stored.encode_documents(["奖励"]) == pytest.approx(plain.encode_documents(["文：奖励"]), abs=1e-5)
    assert chosen.encode_query("奖励") == pytest.approx(plain.encode_query("请检索奖励"), abs=1e-5)
    assert chosen.encode_documents(["奖励"]) == pytest.approx(plain.encode_documents(["政策：奖励"]), abs=1e-5)
    assert plain.encode_documents(["奖励"]).shape == (1, SIZE)


def test_the_fingerprint_follows_model_and_prompts(model, tmp_path):
    other = save_sentence_model(tmp_path / "other", {"query": "问：", "passage": "文："}, seed=7)
    found = [
        SentenceEncoder(tmp_path).fingerprint,
        SentenceEncoder(tmp_path, query_prompt="none").fingerprint,
        SentenceEncoder(tmp_path, str(model)).fingerprint,
        SentenceEncoder(tmp_path, str(other)).fingerprint,
        SentenceEncoder(tmp_path, str(model), query_prompt="请检索").fingerprint,
        SentenceEncoder(tmp_path, str(model), document_prompt="请检索").fingerprint,
    ]
    assert len(set(found)) == len(found)
    said_again = SentenceEncoder(tmp_path, str(model), query_prompt="问：", document_prompt="文：")
    assert said_again.fingerprint == found[2]
    assert SentenceEncoder(tmp_path, query_prompt=E5.query).fingerprint == found[0]


def test_settings_name_model_and_prompts(model, tmp_path, monkeypatch):
    for name, value in {
        "DATA_DIR": str(tmp_path),
        "EMBEDDING_MODEL": str(model),
        "EMBEDDING_QUERY_PROMPT": "query: ",
        "EMBEDDING_DOCUMENT_PROMPT": "passage: ",
    }.items():
        monkeypatch.setenv(f"POLICY_ASSISTANT_{name}", value)
    made = SentenceEncoder.from_settings(KnowledgeSettings())
    same = SentenceEncoder(tmp_path, str(model), query_prompt="query: ", document_prompt="passage: ")
    assert made.fingerprint == same.fingerprint


# ------------------------------------------------------------------ another index for another model
@pytest.mark.parametrize("prompt", [None, "请检索"])
def test_another_model_or_prompt_gets_a_new_collection(model, tmp_path, make_policy, counting, prompt):
    def made(encoder):
        return KnowledgeIndex(tmp_path / "data", encoder, {"test": make_policy()})

    encoder = SentenceEncoder(tmp_path, str(model), query_prompt=prompt)
    before = counting if prompt is None else SentenceEncoder(tmp_path, str(model))
    made(before).ensure()
    index = made(encoder)
    with pytest.raises(IndexStaleError, match="另一个嵌入模型"):
        index.open()
    # Until the new one is complete, the old one is in force.
    seen = []
    index.build(lambda done, total: seen.append(made(before).status().state))
    assert set(seen) == {"ready"}
    assert made(before).status().state == "stale"
    assert index.verify(None).wrong == ()
    first = next(iter(index.passages.values()))
    assert index.dense(encoder.encode_documents([first.indexed_text])[0], 1)[0][0] == first.id


def test_a_model_that_computes_no_numbers(model, tmp_path, monkeypatch):
    class Broken:
        def encode_document(self, texts, **_):
            return np.full((len(texts), 4), np.nan)

    encoder = SentenceEncoder(tmp_path, str(model))
    monkeypatch.setattr(encoder, "_loaded", Broken)
    with pytest.raises(ModelError, match="无效的数"):
        encoder.encode_documents(["奖"])


# ------------------------------------------------------------------ models that are not there
@pytest.mark.parametrize(
    "name", ["no-such-model", "intfloat/multilingual-e5-large", "../nowhere", "模型", "a/b/c", "."]
)
def test_an_unknown_model_is_one_sentence_and_no_connection(offline, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("POLICY_ASSISTANT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("POLICY_ASSISTANT_EMBEDDING_MODEL", name)
    app = typer.Typer()
    register(app)
    result = CliRunner().invoke(app, ["index", "build"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("错误：")
    assert "POLICY_ASSISTANT_EMBEDDING_MODEL" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert offline == []


@pytest.mark.parametrize("missing", ["model.safetensors", "config.json", "tokenizer.json"])
def test_a_model_that_is_not_whole_is_one_sentence_and_no_connection(offline, model, tmp_path, missing):
    folder = tmp_path / "cut"
    shutil.copytree(model, folder)
    (folder / missing).unlink()
    with pytest.raises(ModelError, match="无法加载") as caught:
        SentenceEncoder(tmp_path, str(folder)).encode_query("奖")
    assert "\n" not in str(caught.value)
    assert offline == []


# ------------------------------------------------------------------ reranker
@pytest.fixture
def hits(make_policy):
    return [
        Hit(passage=passage, score=10.0 - place, dense=0.9, keyword=None)
        for place, passage in enumerate(passages_of([make_policy()]))
    ]


def test_the_reranker_orders_anew(cross_encoder, hits):
    from sentence_transformers import CrossEncoder

    ranked = Reranker(cross_encoder).rank("国家标准给多少", hits)
    assert {hit.passage.id for hit in ranked} == {hit.passage.id for hit in hits}
    assert [hit.score for hit in ranked] == [hit.score for hit in hits]
    said = [hit.rerank for hit in ranked]
    assert all(score is not None and 0 < score < 1 for score in said)
    assert said == sorted(said, reverse=True)
    logits = CrossEncoder(str(cross_encoder), device="cpu").predict(
        [("国家标准给多少", hit.passage.indexed_text) for hit in hits]
    )
    best = hits[int(np.argmax(logits))]
    assert ranked[0].passage.id == best.passage.id
    assert ranked[0].dense == best.dense


def test_nothing_to_rank_loads_nothing(tmp_path):
    assert Reranker(tmp_path / "nowhere").rank("奖", []) == []


def test_a_reranker_that_is_not_there(offline, tmp_path, hits):
    (tmp_path / "empty").mkdir()
    for name, said in (("nowhere", "没有这个文件夹"), ("empty", "无法加载")):
        with pytest.raises(ModelError, match=said) as caught:
            Reranker(tmp_path / name).rank("奖", hits)
        assert "POLICY_ASSISTANT_RERANKER" in str(caught.value)
        assert "\n" not in str(caught.value)
    assert offline == []


def test_a_model_of_classes_is_no_reranker(tmp_path, hits):
    with pytest.raises(ModelError, match="一个有效的数"):
        Reranker(save_cross_encoder(tmp_path / "three", labels=3)).rank("奖", hits)
