"""Small texts and an encoder without a model, for tests of mechanics."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from knowledge.encoder import Vectors
from knowledge.model import Policy
from knowledge.parser import parse_text

FRONT = "---\nid: {id}\ntitle: 关于试验的意见\ndocument_number: null\nissuing_authority: null\nsource: 试验\n---\n"
BODY = """各部门：
为了试验，提出如下意见。
一、奖励
（一）质量。对获得市质量奖的企业，给予10万元的奖励；对获得省质量奖的企业，给予20万元的奖励。
（二）标准。对制定国家标准的单位，给予30万元的奖励。
二、附则
本意见自印发之日起施行，有效期二年。
"""


@dataclass
class CountingEncoder:
    """Vectors from hashes, and a record of what was embedded."""

    fingerprint: str = "0123456789abcdef"
    embedded: list[str] = field(default_factory=list[str])

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        self.embedded.extend(texts)
        return np.stack([self.encode_query(text) for text in texts])

    def encode_query(self, text: str) -> Vectors:
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
        vector = np.random.default_rng(seed).normal(size=16)
        return (vector / np.linalg.norm(vector)).astype(np.float32)


@pytest.fixture
def counting() -> CountingEncoder:
    return CountingEncoder()


@pytest.fixture
def make_policy() -> Callable[..., Policy]:
    """Parses a body with front matter before it; the body starts on line 8 of the file."""

    def make(body: str = BODY, policy: str = "test") -> Policy:
        return parse_text(FRONT.format(id=policy) + body, f"{policy}.md")

    return make


@pytest.fixture
def sample() -> str:
    """A small text with front matter, called ``test``."""
    return FRONT.format(id="test") + BODY
