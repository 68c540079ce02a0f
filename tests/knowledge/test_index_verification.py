"""Verification finds every kind of damage, and what it says to do mends it."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

import knowledge.library as library
from knowledge.commands import register
from knowledge.encoder import SentenceEncoder
from knowledge.errors import IndexDamagedError
from knowledge.index import KnowledgeIndex
from knowledge.vector_store import VectorStore, damaged

FINGERPRINT = "0123456789abcdef"


@pytest.fixture
def index(tmp_path, counting, make_policy):
    made = KnowledgeIndex(tmp_path, counting, {"test": make_policy(), "other": make_policy(policy="other")})
    made.build()
    yield made
    made.close()


def generation(index):
    return index.folder / json.loads((index.folder / "manifest.json").read_text())["generation"]


def collection(change):
    """Damage done to the collection itself."""

    def damage(index):
        store = VectorStore(generation(index) / "chroma", FINGERPRINT)
        change(store._collection, next(iter(index.passages.values())))
        store.close()

    return damage


def edit_keywords(name, change):
    def damage(index):
        path = generation(index) / "keywords" / name
        change(path)

    return damage


def shuffle_ids(path):
    ids = json.loads(path.read_text())
    path.write_text(json.dumps(ids[::-1]))


def halve_scores(path):
    np.save(path, np.load(path) / 2)


def another_vector(collection, passage):
    collection.update(ids=[passage.id], embeddings=[np.eye(1, 16, dtype=np.float32)[0]])


def another_document(collection, passage):
    vectors = collection.get(ids=[passage.id], include=["embeddings"])["embeddings"]
    collection.update(ids=[passage.id], embeddings=vectors, documents=["别的文字"])


def longer_vector(collection, passage):
    vector = collection.get(ids=[passage.id], include=["embeddings"])["embeddings"][0]
    collection.update(ids=[passage.id], embeddings=[vector * 3])


def edit_manifest(**fields):
    def damage(index):
        path = index.folder / "manifest.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))

    return damage


DAMAGES = {
    "another vector": (collection(another_vector), "段的向量与写入时不同"),
    "a vector of another length": (collection(longer_vector), "长度不是 1"),
    "another document": (collection(another_document), "文字与政策文本不同"),
    "another place": (collection(lambda c, p: c.update(ids=[p.id], metadatas=[{"start": 999}])), "位置与政策文本不同"),
    "another policy": (
        collection(lambda c, p: c.update(ids=[p.id], metadatas=[{"policy": "x"}])),
        "位置与政策文本不同",
    ),
    "a vector lost": (collection(lambda c, p: c.delete(ids=[p.id])), "缺少 1 段"),
    "a vector too many": (collection(lambda c, p: c.add(ids=["stray"], embeddings=[[1.0] * 16])), "多出 1 段"),
    "keywords of other passages": (edit_keywords("ids.json", shuffle_ids), "与写入时不同"),
    "other scores of keywords": (edit_keywords("data.csc.index.npy", halve_scores), "与写入时不同"),
    "no keywords": (lambda index: shutil.rmtree(generation(index) / "keywords"), "读不出来"),
    "no vectors": (lambda index: shutil.rmtree(generation(index) / "chroma"), "向量库的文件不在"),
    "no copy of the vectors": (lambda index: (generation(index) / "vectors.npz").unlink(), "备份读不出来"),
    "a broken copy of the vectors": (
        lambda index: (generation(index) / "vectors.npz").write_bytes(b"PK\x03\x04"),
        "备份读不出来",
    ),
    "garbled database": (
        lambda index: (generation(index) / "chroma" / "chroma.sqlite3").write_bytes(b"garbled " * 5000),
        "索引已损坏",
    ),
    "no manifest": (lambda index: (index.folder / "manifest.json").unlink(), "manifest.json"),
    "another count": (edit_manifest(passages=1), "索引记着 1 段"),
    "other texts": (edit_manifest(texts="0" * 64), "政策文本在索引建立之后有改动"),
    "another model": (edit_manifest(model="f" * 16), "另一个嵌入模型"),
    "another version of the program": (edit_manifest(keywords=1), "另一个版本"),
    "another Chroma": (edit_manifest(vectors="server"), "POLICY_ASSISTANT_CHROMA_URL"),
}


@pytest.mark.parametrize(("damage", "said"), DAMAGES.values(), ids=DAMAGES)
def test_damage_is_found_and_the_remedy_mends_it(index, damage, said):
    assert index.verify().wrong == ()
    index.close()
    damage(index)
    found = index.verify()
    assert any(said in line for line in found.wrong), found.wrong
    assert "policy-assistant index build" in found.remedy
    index.build(force="--force" in found.remedy)
    again = index.verify(None)
    assert (again.wrong, again.remedy) == ((), "")
    assert len(again.compared) == 3


def test_broken_vectors_are_noticed_at_the_start_and_not_carried_over(index, counting):
    index.close()
    collection(another_vector)(index)
    counting.embedded.clear()
    with pytest.raises(IndexDamagedError, match="向量与写入时不同"):
        index.open()
    index.ensure()
    assert counting.embedded == []  # the copy is whole
    assert index.verify(None).wrong == ()


def test_a_model_that_has_changed_behind_its_name_is_found_by_the_sample(index, monkeypatch):
    before = index._encoder.encode_query
    monkeypatch.setattr(index._encoder, "encode_query", lambda text: -before(text))
    found = index.verify()
    assert any("重新计算" in line for line in found.wrong)
    assert "--force" in found.remedy


def test_keywords_that_were_indexed_in_another_way(index, monkeypatch):
    index.close()
    with monkeypatch.context() as before:
        before.setattr("knowledge.keyword_index._K1", 9)
        index.build(force=True)
    index.open()  # whoever forgets to raise the version is told by the verification
    found = index.verify()
    assert "词或分数" in found.wrong[0]
    assert "--force" in found.remedy
    index.build(force=True)
    assert index.verify().wrong == ()


def test_a_missing_index(tmp_path, counting, make_policy):
    found = KnowledgeIndex(tmp_path, counting, {"test": make_policy()}).verify()
    assert "还没有建立索引" in found.wrong[0]
    assert found.remedy


def test_every_fault_is_told_at_once(index):
    index.close()
    collection(another_vector)(index)
    halve_scores(generation(index) / "keywords" / "data.csc.index.npy")
    wrong = "\n".join(index.verify(None).wrong)
    assert "关键词索引：" in wrong
    assert "向量：" in wrong


def test_verification_changes_nothing(index):
    index.close()
    before = {p: p.read_bytes() for p in index.folder.rglob("*") if p.is_file() and "chroma" not in str(p)}
    index.verify()
    assert {p: p.read_bytes() for p in index.folder.rglob("*") if p.is_file() and "chroma" not in str(p)} == before


def test_the_start_asks_both_legs_and_fails_loudly(index, monkeypatch):
    index.close()
    monkeypatch.setattr(VectorStore, "query", lambda *_: [])
    with pytest.raises(IndexDamagedError, match="按向量搜不到"):
        index.open()
    with pytest.raises(IndexDamagedError, match="按向量搜不到"):
        index.ensure()  # a build does not help; nothing is served


def test_a_database_that_breaks_while_it_is_asked(index, monkeypatch):
    def broken(*_):
        raise damaged("坏了")

    monkeypatch.setattr(VectorStore, "records", broken)
    assert any("坏了" in line for line in index.verify().wrong)


def test_a_broken_graph_of_a_large_collection(tmp_path, counting, make_policy):
    """From a thousand vectors on Chroma keeps their graph in files, and some broken ones would end the process."""
    lines = "".join(f"对获得第{number}号质量奖的企业，给予奖励。\n" for number in range(1, 1201))
    index = KnowledgeIndex(tmp_path, counting, {"test": make_policy(f"一、奖励\n{lines}")})
    index.ensure()
    assert index.verify(20).wrong == ()
    index.close()
    assert index.status().state == "ready"  # asking changes none of the files
    index.close()
    for name in ("link_lists.bin", "data_level0.bin"):
        (graph,) = generation(index).glob(f"chroma/*/{name}")
        content = graph.read_bytes()
        graph.write_bytes(content[: len(content) // 3] + bytes(len(content) - len(content) // 3))
        assert index.status().state == "damaged"
        assert "与写入时不同" in "".join(index.verify().wrong)
        counting.embedded.clear()
        index.ensure()
        assert counting.embedded == []
        index.close()


# ------------------------------------------------------------------ the command, and texts edited on disk
@pytest.fixture
def run(monkeypatch, tmp_path, counting):
    app = typer.Typer()
    register(app)
    monkeypatch.setenv("POLICY_ASSISTANT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(SentenceEncoder, "from_settings", lambda _settings: counting)
    return lambda *words: CliRunner().invoke(app, list(words))


@pytest.fixture
def texts(monkeypatch, tmp_path):
    """A copy of the shipped texts that can be edited; call it after an edit to read them anew."""
    folder = tmp_path / "texts"
    shutil.copytree(library.SHIPPED, folder)
    monkeypatch.setattr(library, "SHIPPED", folder)
    library._shipped.cache_clear()

    def edit(before, after):
        path = folder / "changle-2020.md"
        text = path.read_text("utf-8")
        assert before in text
        path.write_text(text.replace(before, after, 1), "utf-8")
        library._shipped.cache_clear()

    yield edit
    library._shipped.cache_clear()


def test_a_text_edited_while_serving_is_stale_and_rebuilt_at_the_next_start(run, texts, tmp_path, counting):
    serving = KnowledgeIndex(tmp_path / "data", counting)
    serving.ensure()
    assert run("index", "verify").exit_code == 0
    texts("200万元", "300万元")
    status = run("index", "status")
    assert (status.exit_code, "需要更新" in status.stdout) == (1, True)
    verified = run("index", "verify")
    assert verified.exit_code == 1
    assert "政策文本在索引建立之后有改动" in verified.stderr
    assert "policy-assistant index build" in verified.stderr.splitlines()[-1]
    assert serving.dense(counting.encode_query("奖"), 3)  # serves on with the texts that it knows
    counting.embedded.clear()
    started = KnowledgeIndex(tmp_path / "data", counting)
    started.ensure()
    assert ["300万元" in text for text in counting.embedded] == [True]
    assert run("index", "status").exit_code == 0
    # Whoever still runs with the old texts must not answer from the new ones.
    with pytest.raises(Exception, match="请重新启动程序"):
        serving.dense(counting.encode_query("奖"), 3)


def test_verify_says_what_was_compared(run):
    assert run("index", "build").exit_code == 0
    result = run("index", "verify", "--all")
    assert (result.exit_code, result.stderr) == (0, "")
    assert [line.split("：")[0] for line in result.stdout.splitlines()] == [
        "一致　政策文本和模型",
        "一致　关键词索引",
        "一致　向量",
    ]
    found = json.loads(run("index", "verify", "--json").stdout)
    assert (found["wrong"], len(found["compared"])) == ([], 3)


def test_verify_without_an_index(run):
    result = run("index", "verify")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "还没有建立索引" in result.stderr


@pytest.mark.parametrize(
    ("words", "setting", "said"),
    [
        (("verify", "--sample", "0"), {}, "--sample 应至少为 1"),
        (("status",), {"POLICY_ASSISTANT_CHROMA_URL": "localhost"}, "POLICY_ASSISTANT_CHROMA_URL"),
    ],
)
def test_what_is_typed_wrong_is_one_sentence(run, monkeypatch, words, setting, said):
    for name, value in setting.items():
        monkeypatch.setenv(name, value)
    result = run("index", *words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1
