"""Parks as a study has them: the table `park_finance`, in fen by year."""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from yanzhen.finance.park.tranches import Tranche, spread
from yanzhen.finance.park.waterfall import Park
from yanzhen.finance.products.schedule import part_of
from yanzhen.study.tables.finance import DEBTS, GIVEN, WORKS

Row = Mapping[str, Any]


def park_of(items: pl.DataFrame, fen: float) -> Park:
    """Return a park.

    Parameters
    ----------
    items : its checked rows of the table `park_finance`
    fen : in one unit of the study's money
    """
    rows = items.to_dicts()
    reserves = [row["reserve_share"] for row in rows if row["kind"] == "reserve"]
    rents, sales = _of(rows, ("rent",)), _of(rows, ("land_sales",))
    return Park(
        works=_summed(_spread(row, fen) for row in _of(rows, WORKS)),
        income=_summed([*(_let(row, fen) for row in rents), *(_spread(row, fen) for row in sales)]),
        operating=_summed(_yearly(row, fen) for row in _of(rows, ("operating",))),
        given=_summed(_spread(row, fen) for row in _of(rows, GIVEN)),
        tranches=tuple(_tranche(row, fen) for row in _of(rows, DEBTS)),
        reserve_share=sum(reserves),
    )


def _of(rows: Iterable[Row], kinds: Iterable[str]) -> list[Row]:
    return [row for row in rows if row["kind"] in kinds]


def _amount(row: Row, fen: float) -> int:
    return round(float(row["amount"]) * fen)


def _last(row: Row) -> int:
    return int(row["from_year"] if row["to_year"] is None else row["to_year"])


def _spread(row: Row, fen: float) -> dict[int, int]:
    return spread(_amount(row, fen), row["from_year"], _last(row))


def _yearly(row: Row, fen: float) -> dict[int, int]:
    return dict.fromkeys(range(row["from_year"], _last(row) + 1), _amount(row, fen))


def _let(row: Row, fen: float) -> dict[int, int]:
    """Rents by year, of one part more of the space in each year until all is let."""
    steps, full = row["lease_up_years"] or 1, _amount(row, fen)
    years = range(row["from_year"], _last(row) + 1)
    return {year: part_of(full, min(k / steps, 1.0)) for k, year in enumerate(years, 1)}


def _tranche(row: Row, fen: float) -> Tranche:
    grace = row["grace_years"] or 0
    return Tranche(
        row["item"],
        row["rank"],
        row["rate"],
        _spread(row, fen),
        _last(row) + grace + 1,
        row["tenor_years"] - grace,
    )


def _summed(flows: Iterable[Mapping[int, int]]) -> dict[int, int]:
    total: dict[int, int] = {}
    for each in flows:
        for year, amount in each.items():
            total[year] = total.get(year, 0) + amount
    return dict(sorted(total.items()))
