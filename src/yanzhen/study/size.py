"""What the size of an economy is measured by: the one rule, as a study declares it.

Output by default. A study that holds employment, energy use or emissions and no output says so,
`size = "employment"` in `study.toml`. What may move, what moves, the room of the past and every
share of regions and industries are then in that measure and its unit. What the rest of the package
calls `output` of a cell, a block or a move is its size.

Payoffs stay margins on an enterprise's output, which it need not be known to weigh. What they are
worth in money is known only where the size is output: `money_per_size`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Size:
    """A measure of size, and where tables hold it.

    Attributes
    ----------
    measure : column of `activity`
    kind : of its unit, a field of `yanzhen.study.Units`
    resource : of `resources` and of `intensities` that room for it is; of `enterprises` the column
        of one enterprise's size
    moved : column of `moves`, empty where that table has none
    """

    measure: str
    kind: str
    resource: str
    moved: str

    @property
    def status(self) -> str:
        """Column of `activity` that says how its figures came about."""
        return f"{self.measure}_status"

    @property
    def is_money(self) -> bool:
        """Whether a share of it is an amount of money."""
        return self.kind == "money"

    def is_said_by(self, column: str) -> bool:
        """Whether a column of a result says again what the sizes beside it say."""
        stem = {"persons": "jobs", "money": ""}.get(self.kind, self.kind)
        return column in (stem, f"{stem}_arriving", f"{stem}_leaving")

    @property
    def money_per_size(self) -> float:
        """Money that a margin of one on a unit of it is; NaN where nothing tells."""
        return 1.0 if self.is_money else float("nan")


SIZES: Mapping[str, Size] = MappingProxyType(
    {
        "output": Size("output", "money", "output", "output"),
        "employment": Size("employment", "persons", "jobs", "employment"),
        "energy": Size("energy", "energy", "energy", ""),
        "emissions": Size("emissions", "emissions", "emissions", ""),
    }
)
