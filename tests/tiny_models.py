"""Models made on the fly: random, small, and complete enough for sentence-transformers to load."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from knowledge.library import load_policies

SIZE = 32
"""Numbers in a vector of a tiny model."""


def save_sentence_model(folder: Path, prompts: dict[str, str] | None = None, seed: int = 0) -> Path:
    """A sentence-transformers model of one layer; its prompts are stored as given."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertModel

    torch.manual_seed(seed)
    inner = folder.with_name(f"{folder.name}-transformer")
    BertModel(_config()).save_pretrained(inner)
    _tokenizer().save_pretrained(inner)
    modules: Any = [Transformer(str(inner), max_seq_length=128), Pooling(SIZE, pooling_mode="mean"), Normalize()]
    SentenceTransformer(modules=modules).save(str(folder), create_model_card=False)
    config = folder / "config_sentence_transformers.json"
    stored = json.loads(config.read_text("utf-8"))
    stored["prompts"] = prompts if prompts is not None else {"query": "", "document": ""}
    config.write_text(json.dumps(stored), "utf-8")
    return folder


def save_cross_encoder(folder: Path, labels: int = 1) -> Path:
    """A cross-encoder of one layer."""
    import torch
    from transformers import BertForSequenceClassification

    torch.manual_seed(1)
    BertForSequenceClassification(_config(num_labels=labels)).save_pretrained(folder)
    _tokenizer().save_pretrained(folder)
    return folder


def _config(**options: Any) -> Any:
    from transformers import BertConfig

    return BertConfig(
        vocab_size=len(_vocabulary()),
        hidden_size=SIZE,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=SIZE,
        max_position_embeddings=512,
        **options,
    )


def _vocabulary() -> dict[str, int]:
    signs = sorted({sign for policy in load_policies().values() for sign in policy.body if not sign.isspace()})
    letters = [chr(code) for code in range(0x21, 0x7F)]
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys([*letters, *signs])]
    pieces += [f"##{letter}" for letter in letters if letter.isalnum()]
    return {piece: number for number, piece in enumerate(pieces)}


def _tokenizer() -> Any:
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    library: Any = Tokenizer
    words = _vocabulary()
    tokenizer = library(models.WordPiece(words, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", words["[CLS]"]), ("[SEP]", words["[SEP]"])],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        unk_token="[UNK]",
        pad_token="[PAD]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
        model_max_length=512,
    )
