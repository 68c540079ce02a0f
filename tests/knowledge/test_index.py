"""Building, updating and repairing the index: real Chroma, vectors without a model."""

from __future__ import annotations

import json
import shutil

import pytest
from filelock import FileLock

from knowledge.errors import (
    DataFolderError,
    IndexBusyError,
    IndexDamagedError,
    IndexMissingError,
    IndexStaleError,
    ModelError,
)
from knowledge.index import KnowledgeIndex
from knowledge.vector_store import VectorStore


@pytest.fixture
def make_index(tmp_path, counting, make_policy):
    """An index of the small text, or of the one given, in a data folder of the test."""

    def make(policy=None, **options):
        return KnowledgeIndex(tmp_path, counting, {"test": policy or make_policy()}, **options)

    return make


def generation(index):
    return index.folder / json.loads((index.folder / "manifest.json").read_text())["generation"]


def test_builds_once_and_embeds_nothing_again(make_index, counting):
    index = make_index()
    reports = []
    report = index.build(lambda done, total: reports.append((done, total)))
    assert (report.embedded, report.kept, report.removed) == (len(index.passages), 0, 0)
    assert sorted(counting.embedded) == sorted(passage.indexed_text for passage in index.passages.values())
    assert reports[-1] == (len(index.passages), len(index.passages))
    manifest = (index.folder / "manifest.json").read_bytes()
    assert make_index().build().embedded == 0
    assert len(counting.embedded) == len(index.passages)
    assert (index.folder / "manifest.json").read_bytes() == manifest


def test_a_changed_text_embeds_only_its_passages(make_index, make_policy, counting, sample):
    make_index().build()
    counting.embedded.clear()
    changed = make_policy(sample.split("---\n", 2)[2].replace("30万元", "40万元"))
    with pytest.raises(IndexStaleError, match="有改动"):
        make_index(changed).open()
    index = make_index(changed)
    report = index.build()
    assert (report.embedded, report.removed) == (1, 1)
    assert ["40万元" in text for text in counting.embedded] == [True]
    assert set(VectorStore(generation(index) / "chroma", counting.fingerprint).vectors()) == set(index.passages)


def test_a_moved_passage_is_not_embedded_again(make_index, make_policy, counting, sample):
    make_index().build()
    counting.embedded.clear()
    make_index(make_policy("市政府文件编号第一号\n" + sample.split("---\n", 2)[2])).build()
    assert [text.rpartition("｜ ")[2] for text in counting.embedded] == ["市政府文件编号第一号"]


def test_another_model_embeds_everything(make_index, counting):
    make_index().build()
    counting.fingerprint = "fedcba9876543210"
    assert make_index().status().state == "stale"
    index = make_index()
    assert index.build().embedded == len(index.passages)


def test_missing(make_index):
    index = make_index()
    with pytest.raises(IndexMissingError, match="policy-assistant index build"):
        index.open()
    assert index.status().state == "missing"
    index.ensure()
    assert index.status().state == "ready"


def garble_sqlite(folder):
    (folder / "chroma" / "chroma.sqlite3").write_bytes(b"garbled " * 5000)


def cut_manifest(folder):
    path = folder.parent / "manifest.json"
    path.write_text(path.read_text()[:40])


def miscount(folder):
    path = folder.parent / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "passages": 1}))


def lose_vectors(folder):
    store = VectorStore(folder / "chroma", "0123456789abcdef")
    store._collection.delete(ids=store._collection.get(limit=1)["ids"])
    store.close()


def lose_keywords(folder):
    path = folder / "keywords" / "ids.json"
    path.write_text(json.dumps(json.loads(path.read_text())[1:]))


DAMAGES = {
    "garbled sqlite": garble_sqlite,
    "no sqlite": lambda folder: (folder / "chroma" / "chroma.sqlite3").unlink(),
    "no manifest": lambda folder: (folder.parent / "manifest.json").unlink(),
    "broken manifest": cut_manifest,
    "count does not agree": miscount,
    "vectors missing": lose_vectors,
    "no keyword index": lambda folder: shutil.rmtree(folder / "keywords"),
    "broken keyword index": lambda folder: (folder / "keywords" / "ids.json").write_text("["),
    "keywords missing": lose_keywords,
    "no generation": shutil.rmtree,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_index_is_noticed_and_rebuilt_in_the_same_process(make_index, counting, damage):
    index = make_index()
    index.build()
    index.open()
    mine = index.folder / "mine.txt"
    mine.write_text("not the program's")
    index.close()
    damage(generation(index))
    with pytest.raises(IndexDamagedError, match="policy-assistant index build"):
        index.open()
    assert index.status().state == "damaged"
    index.ensure()
    assert index.status().state == "ready"
    assert len(index.dense(counting.encode_query("奖"), 100)) == len(index.passages)
    assert mine.exists()
    assert len(list(index.folder.glob("generation-*"))) == 1


def test_damage_to_an_open_index_does_not_stay_hidden(make_index, counting):
    index = make_index()
    index.ensure()
    shutil.rmtree(generation(index))
    (index.folder / "manifest.json").unlink()
    with pytest.raises((IndexDamagedError, IndexMissingError)):
        index.dense(counting.encode_query("奖"), 3)
    index.ensure()
    assert index.dense(counting.encode_query("奖"), 3)


def test_what_broke_while_open_is_looked_at_afresh(make_index, counting):
    index = make_index()
    index.ensure()
    store = VectorStore(generation(index) / "chroma", counting.fingerprint)
    store._client.delete_collection(f"passages-{counting.fingerprint}")
    store.close()
    with pytest.raises(IndexDamagedError):
        index.dense(counting.encode_query("奖"), 3)
    index.ensure()
    assert index.dense(counting.encode_query("奖"), 3)


def test_a_moved_text_gets_its_new_places_without_embedding(make_index, make_policy, counting, sample):
    make_index().build()
    moved = make_index(make_policy(sample.split("---\n", 2)[2].replace("\n", "\n\n")))
    assert moved.status().state == "stale"
    assert moved.build().embedded == 0
    assert moved.status().state == "ready"


def test_an_open_index_follows_a_build_by_another(make_index, make_policy, counting, sample):
    mine, other = make_index(), make_index()
    mine.ensure()
    other.build(force=True)
    assert len(mine.dense(counting.encode_query("奖"), 100)) == len(mine.passages)


def test_one_writer_at_a_time(make_index, tmp_path):
    index = make_index(lock_timeout=0.05)
    with FileLock(tmp_path / "index.lock"), pytest.raises(IndexBusyError, match="另一个进程正在建立索引"):
        index.build()
    index.build()


def test_an_interrupted_build_leaves_the_old_index_in_force(make_index, make_policy, counting, sample, monkeypatch):
    make_index().build()
    changed = make_policy(sample.split("---\n", 2)[2].replace("30万元", "40万元"))

    def fail(texts):
        raise ModelError("模型坏了")

    monkeypatch.setattr(counting, "encode_documents", fail)
    with pytest.raises(ModelError):
        make_index(changed).build()
    make_index().open()


@pytest.mark.parametrize("name", ["data", "data/index"])
def test_a_folder_that_cannot_be_written(tmp_path, counting, make_policy, name):
    # A file where the folder should be: permissions mean nothing to root, who runs tests in containers.
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("")
    index = KnowledgeIndex(tmp_path / "data", counting, {"test": make_policy()})
    with pytest.raises(DataFolderError) as caught:
        index.build()
    assert str(tmp_path / "data") in str(caught.value)
    assert "POLICY_ASSISTANT_DATA_DIR" in str(caught.value)


def test_the_vector_store_finds_the_nearest_exactly(make_index, counting):
    index = make_index()
    index.ensure()
    for passage in index.passages.values():
        best, similarity = index.dense(counting.encode_query(passage.indexed_text), 1)[0]
        assert best == passage.id
        assert similarity == pytest.approx(1, abs=1e-5)


def test_no_policy_allowed_finds_nothing(make_index, counting):
    index = make_index()
    index.ensure()
    assert index.dense(counting.encode_query("奖"), 5, []) == []
    assert index.keyword("奖励", 5, []) == []
