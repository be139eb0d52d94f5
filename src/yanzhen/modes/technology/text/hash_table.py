"""Tables from 64-bit hashes to numbers, for compiled code; 0 marks an empty place."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
Codes = NDArray[np.uint32]

SEED = np.uint64(0xCBF29CE484222325)
PRIME = np.uint64(0x100000001B3)
MIX = np.uint64(0xFF51AFD7ED558CCD)
ONE = np.uint64(1)
SHIFT = np.uint64(32)


@njit(cache=True, inline="always")
def hashed(state, code):  # type: ignore[no-untyped-def]
    """Hash of a text that is one character longer (Fowler, Noll and Vo's scheme FNV-1a)."""
    return (state ^ np.uint64(code)) * PRIME


@njit(cache=True, inline="always")
def mixed(state, salt):  # type: ignore[no-untyped-def]
    """Hash that differs by salt and never is zero."""
    h = (state ^ (np.uint64(salt) * MIX)) * MIX
    h ^= h >> SHIFT
    return h | ONE


@njit(cache=True)
def slot_of(keys, key):  # type: ignore[no-untyped-def]
    """Place of a key in a table, or the empty place where it belongs."""
    mask = np.uint64(keys.size - 1)
    slot = (key >> np.uint64(1)) & mask
    while keys[slot] != 0 and keys[slot] != key:
        slot = (slot + ONE) & mask
    return np.int64(slot)


def empty_keys(count: int) -> Hashes:
    """Keys of a table for so many entries, at most half full."""
    size = 1 << max(4, int(2 * count).bit_length())
    return np.zeros(size, dtype=np.uint64)


def hash_of(text: str, salt: int) -> int:
    """Hash that compiled code gives to the same characters."""
    state = int(SEED)
    for code in map(ord, text):
        state = ((state ^ code) * int(PRIME)) & 0xFFFFFFFFFFFFFFFF
    h = ((state ^ (salt * int(MIX) & 0xFFFFFFFFFFFFFFFF)) * int(MIX)) & 0xFFFFFFFFFFFFFFFF
    return (h ^ (h >> 32)) | 1


def codes_of(texts: list[str]) -> tuple[Codes, NDArray[np.int64]]:
    """Code points of all texts one after another, and (n + 1,) where each begins."""
    starts = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum([len(text) for text in texts], out=starts[1:])
    joined = "".join(texts).encode("utf-32-le", errors="surrogatepass")
    # Numba compiles anew for what is read only; over a bytearray all codes are of one type.
    return np.frombuffer(bytearray(joined), dtype=np.uint32), starts
