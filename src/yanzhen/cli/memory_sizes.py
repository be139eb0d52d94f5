"""Sizes of memory as people write them."""

import re

UNITS = {"": 1, "K": 10, "M": 20, "G": 30, "T": 40}


def bytes_of(size: str) -> int | None:
    """Bytes of a size such as `4GiB`, `512 MiB` or `1.5G`, binary either way; None for others."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]?)(?:I?B)?", size.strip().upper())
    if found is None:
        return None
    unit = UNITS[found[2]]
    number = float(found[1]) * (1 if unit == 1 else 2**unit)
    return int(number) if number >= 1 else None


def as_size(number: float) -> str:
    """A number of bytes as people write it, rounded up to a hundredth."""
    for unit in ("TiB", "GiB", "MiB", "KiB"):
        whole = 2 ** UNITS[unit[0]]
        if number >= whole:
            return f"{-(-number * 100 // whole) / 100:g}{unit}"
    return f"{number:g}B"
