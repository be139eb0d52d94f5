"""What all workers of a cluster need, in a file that each reads once by what is in it.

Files are pickled, as all that goes to Dask's workers is, and lie in the cache: whoever may write
there, or to the cluster, is trusted. A worker opens none whose contents are not those of its name.
"""

import pickle
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Any, TypeVar
from uuid import uuid4

from threadpoolctl import threadpool_limits

from yanzhen.market.large.shards import checked
from yanzhen.study.caches import WORKERS, cache_folder

T = TypeVar("T")

_held: dict[str, Any] = {}
_lock = Lock()


class _Pickler(pickle.Pickler):
    """Pickles mappings that may not be changed, too."""

    def reducer_override(self, value: Any) -> Any:
        if isinstance(value, MappingProxyType):
            return _not_to_be_changed, (dict(value),)
        return NotImplemented


def _not_to_be_changed(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(mapping)


def put(value: object, folder: Path | None = None) -> Path:
    """Write a value for the workers, named by what is in the file.

    Parameters
    ----------
    folder : the same path on every worker, in the cache unless told
    """
    into = folder or cache_folder() / WORKERS
    into.mkdir(parents=True, exist_ok=True)
    # Other processes, also of other machines, write into the same folder.
    beside = into / f"{uuid4().hex}.part"
    digest = blake2b(digest_size=16)
    try:
        with beside.open("wb") as file:
            _Pickler(file, protocol=pickle.HIGHEST_PROTOCOL).dump(value)
        with beside.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
        return beside.replace(into / f"{digest.hexdigest()}.pickle").resolve()
    finally:
        beside.unlink(missing_ok=True)


def held(path: str, prepared: Callable[[Any], T]) -> T:
    """What a worker made of a file, made once and held until it is asked for another.

    Products of matrices run on one thread from then on: their bits depend on how many share them.

    Parameters
    ----------
    path : of `put`
    prepared : makes of the value what tasks work with
    """
    with _lock:
        if path not in _held:
            _held.clear()
            threadpool_limits(limits=1, user_api="blas")
            with checked(Path(path)).open("rb") as file:
                _held[path] = prepared(pickle.load(file))
        found: T = _held[path]
        return found
