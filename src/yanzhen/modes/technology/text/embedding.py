"""Nearness of meaning by a sentence-embedding model that the user has on disk."""

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from yanzhen.study import Problem, StudyError

Encoder = Callable[[Sequence[str]], NDArray[np.floating]]
"""Makes (n, K) vectors of n texts."""


def load_model(path: Path) -> Encoder:
    """Load a model of the package sentence-transformers from a folder; nothing is fetched.

    Raises
    ------
    StudyError
        When there is no such folder, it holds no model, or the package is not installed.
    """
    if not path.is_dir():
        raise StudyError(
            [_problem(path, "no such folder", "没有此文件夹", "a model's folder", "模型文件夹")]
        )
    try:
        library = import_module("sentence_transformers")
    except ImportError:
        raise StudyError(
            [
                _problem(
                    path,
                    "a model, but sentence-transformers is not installed",
                    "模型，但未安装 sentence-transformers",
                    "the package sentence-transformers beside it, or no model",
                    "安装 sentence-transformers，或不给模型",
                )
            ]
        ) from None
    try:
        model = library.SentenceTransformer(str(path), local_files_only=True)
    except (OSError, ValueError, KeyError) as error:
        said = str(error).partition("\n")[0]
        raise StudyError(
            [
                _problem(
                    path,
                    f"a folder that sentence-transformers cannot load ({said})",
                    f"sentence-transformers 无法载入的文件夹（{said}）",
                    "a model saved by it: modules.json, config.json, weights, tokenizer",
                    "由其保存的模型：modules.json、config.json、权重、分词器",
                )
            ]
        ) from None

    def encode(texts: Sequence[str]) -> NDArray[np.floating]:
        vectors: NDArray[np.floating] = np.asarray(model.encode(list(texts)))
        return vectors

    return encode


def cosines(
    encode: Encoder,
    texts: tuple[Sequence[str], Sequence[str]],
    pairs: tuple[NDArray[np.integer], NDArray[np.integer]],
) -> NDArray[np.float64]:
    """Cosine of the vectors of each pair of texts, zero where one has no length or they oppose.

    Parameters
    ----------
    encode : the model
    texts : of both sides
    pairs : rows of both sides
    """
    sides = [_unit(np.asarray(encode(side), dtype=np.float64)) for side in texts]
    dots = np.einsum("nk,nk->n", sides[0][pairs[0]], sides[1][pairs[1]])
    near: NDArray[np.float64] = np.maximum(dots, 0.0)
    return near


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    units: NDArray[np.float64] = np.zeros_like(vectors)
    np.divide(vectors, length, out=units, where=length > 0)
    return units


def _problem(path: Path, found: str, found_zh: str, expected: str, expected_zh: str) -> Problem:
    return Problem.at(str(path), "", None, "", (found, found_zh), (expected, expected_zh))
