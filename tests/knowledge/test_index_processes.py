"""One writer among processes, and a build that is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from knowledge.errors import IndexBusyError
from knowledge.index import KnowledgeIndex

ROOT = Path(__file__).parents[2]
# A build in a process of its own, with an encoder that takes its time.
BUILD = """
import json, sys, time
from pathlib import Path
sys.path.insert(0, {tests!r})
from conftest import CountingEncoder
from knowledge.errors import IndexBusyError
from knowledge.index import KnowledgeIndex

class Slow(CountingEncoder):
    def encode_documents(self, texts):
        print("embedding", flush=True)
        time.sleep({seconds})
        return super().encode_documents(texts)

index = KnowledgeIndex(Path({data!r}), Slow(), lock_timeout={wait}, chroma_url={url!r})
try:
    print(json.dumps(vars(index.build())), flush=True)
except IndexBusyError:
    print("busy", flush=True)
"""


@pytest.fixture
def build(tmp_path):
    """Starts a build in another process."""
    started = []

    def start(seconds=0.0, wait=0.1, url=None):
        code = BUILD.format(tests=str(Path(__file__).parent), seconds=seconds, data=str(tmp_path), wait=wait, url=url)
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def wait_for_chunks(process, count):
    for _ in range(count):
        assert process.stdout.readline() == "embedding\n"


def test_a_second_process_waits_and_then_says_so(build, tmp_path, counting):
    first = build(seconds=0.5)
    wait_for_chunks(first, 1)
    assert build().communicate(timeout=60)[0] == "busy\n"
    with pytest.raises(IndexBusyError, match="另一个进程正在建立索引"):
        KnowledgeIndex(tmp_path, counting, lock_timeout=0.1).ensure()
    assert counting.embedded == []
    first.communicate(timeout=120)
    KnowledgeIndex(tmp_path, counting).open()


def test_two_builds_at_once_leave_one_complete_index(build, tmp_path, counting):
    both = [build(seconds=0.05, wait=120), build(seconds=0.05, wait=120)]
    reports = [json.loads(process.communicate(timeout=120)[0].splitlines()[-1]) for process in both]
    index = KnowledgeIndex(tmp_path, counting)
    assert sorted(report["embedded"] for report in reports) == [0, len(index.passages)]
    assert index.verify(None).wrong == ()
    assert len(list(index.folder.glob("generation-*"))) == 1


def test_a_killed_build_is_finished_by_the_next_start(build, tmp_path, counting):
    process = build(seconds=0.3)
    wait_for_chunks(process, 4)  # three chunks are done, the fourth is under way
    process.send_signal(signal.SIGKILL)
    process.wait()
    index = KnowledgeIndex(tmp_path, counting)
    assert index.status().state == "missing"
    index.ensure()
    assert len(counting.embedded) == len(index.passages) - 3 * 64
    assert index.verify(None).wrong == ()
    assert [path.name.split("-")[0] for path in sorted(index.folder.iterdir())] == ["generation", "manifest.json"]


def test_a_build_killed_over_an_index_leaves_it_in_force(build, tmp_path, counting, make_policy):
    small = KnowledgeIndex(tmp_path, counting, {"test": make_policy()})
    small.build()
    process = build(seconds=0.3)
    wait_for_chunks(process, 2)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert small.dense(counting.encode_query("奖"), 1)
    counting.embedded.clear()
    index = KnowledgeIndex(tmp_path, counting)
    index.ensure()
    assert len(counting.embedded) == len(index.passages) - 64
    assert index.verify(None).wrong == ()


def test_a_build_killed_while_writing(tmp_path, counting, monkeypatch):
    """Killed at any moment of the writing: what is left of a generation is never taken for an index."""
    index = KnowledgeIndex(tmp_path, counting)
    code = BUILD.format(tests=str(Path(__file__).parent), seconds=0, data=str(tmp_path), wait=1, url=None)
    for delay in (0.0, 0.2, 0.5):
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        while not list(index.folder.glob("generation-*/chroma")) and process.poll() is None:
            time.sleep(0.005)
        time.sleep(delay)
        process.kill()
        process.communicate()
        assert index.status().state in ("missing", "damaged", "ready")
    index.ensure()
    assert index.verify(None).wrong == ()
    assert len(list(index.folder.glob("generation-*"))) == 1


def test_a_cut_off_file_of_vectors_is_computed_again(tmp_path, counting, make_policy):
    folder = tmp_path / "index" / f"unfinished-{counting.fingerprint}"
    folder.mkdir(parents=True)
    (folder / "a.npz").write_bytes(b"PK\x03\x04cut")
    (folder / "b.npz").write_bytes(b"")
    np.savez(folder / "c.npz", ids=np.array(["stray"]), vectors=np.ones((1, 16), dtype=np.float32))
    index = KnowledgeIndex(tmp_path, counting, {"test": make_policy()})
    assert index.build().embedded == len(index.passages)
    assert not folder.exists()
