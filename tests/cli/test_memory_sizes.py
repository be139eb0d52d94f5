"""Sizes of memory as people write them."""

import pytest

from yanzhen.cli.memory_sizes import as_size, bytes_of


@pytest.mark.parametrize(
    ("size", "number"),
    [
        ("4GiB", 4 * 2**30),
        ("4G", 4 * 2**30),
        ("512 MiB", 512 * 2**20),
        ("1.5gb", 3 * 2**29),
        ("2T", 2**41),
        ("1000", 1000),
        ("4GiX", None),
        ("-4GiB", None),
        ("", None),
        ("0", None),
        ("much", None),
    ],
)
def test_sizes_are_read(size: str, number: int | None) -> None:
    assert bytes_of(size) == number


@pytest.mark.parametrize("number", [999, 2**20, 3 * 2**29, 571_123_456])
def test_what_is_written_is_read_as_no_less(number: int) -> None:
    written = bytes_of(as_size(number))
    assert written is not None
    assert number <= written <= 1.011 * number
