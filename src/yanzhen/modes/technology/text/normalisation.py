"""Traditional Chinese characters read as the simplified ones.

The table `traditional.csv` has each traditional character beside its first simplified form:
OpenCC's TSCharacters (Apache-2.0, https://github.com/BYVoid/OpenCC), without those outside
U+3400 to U+9FFF. One character stays one character, so places in the text stay what they were.
"""

from functools import lru_cache
from importlib.resources import files

import numpy as np
import polars as pl

from yanzhen.modes.technology.text.hash_table import Codes

FIRST, LAST = 0x3400, 0x9FFF


@lru_cache(maxsize=1)
def _simplified_codes() -> Codes:
    """(LAST − FIRST + 1,) simplified form of each character."""
    table = pl.read_csv(
        files("yanzhen.modes.technology.text").joinpath("traditional.csv").read_bytes()
    )
    codes = np.arange(FIRST, LAST + 1, dtype=np.uint32)
    for traditional, simplified in table.iter_rows():
        codes[ord(traditional) - FIRST] = ord(simplified)
    return codes


def simplified(codes: Codes) -> Codes:
    """Code points of texts with each traditional character in its simplified form.

    Parameters
    ----------
    codes : (n,) code points; those of other writing are left as they are
    """
    chinese = np.flatnonzero((codes >= FIRST) & (codes <= LAST))
    if chinese.size == 0:
        return codes
    folded = codes.copy()
    folded[chinese] = _simplified_codes()[codes[chinese] - FIRST]
    return folded
