"""What the checks pass is reckoned: drawn products give sound ledgers, whatever their terms."""

import math
from datetime import date
from typing import Any

import polars as pl
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from yanzhen.finance.products.cash_flows import cash_flows, unbalanced
from yanzhen.finance.products.contracts import exposure
from yanzhen.finance.products.default import paths
from yanzhen.finance.products.reading import terms_of
from yanzhen.finance.products.terms import PARTIES
from yanzhen.finance.products.value import DiscountRates, product_value
from yanzhen.study import TABLES
from yanzhen.study.cells import TypedTable
from yanzhen.study.limits import check_limits
from yanzhen.study.products import NEEDED, OPTIONAL, check_products
from yanzhen.study.raw import row_numbers
from yanzhen.study.tables import meanings
from yanzhen.study.tables.finance import CONVENTIONS, DAY_COUNTS

RATES = DiscountRates(dict.fromkeys(PARTIES, 0.05), 0.06, 0.12)
SHARED = ("market_rate", "default_rate", "recovery", "recovery_lag_months")
MONTHS = st.sampled_from([1, 3, 6, 12, 24, 36])


@st.composite
def products(draw: st.DrawFn) -> dict[str, Any]:
    """A row of `products`: what its kind needs, and some of what it may say."""
    kind = draw(st.sampled_from(list(NEEDED)))
    optional = [name for name in (*OPTIONAL[kind], *SHARED) if draw(st.booleans())]
    row: dict[str, Any] = {"product": "X", "kind": kind}
    for name in (*NEEDED[kind], *optional):
        column, said = TABLES["products"].columns()[name], meanings("products")[name]
        if said.kind == "choice":
            row[name] = draw(st.sampled_from(said.values))
        elif said.kind == "flag":
            row[name] = draw(st.booleans())
        elif said.kind == "integer":
            row[name] = draw(st.sampled_from([1, 2, 4, 12]) if name[0] == "p" else MONTHS)
        else:
            low, high = column.min, column.max  # type: ignore[attr-defined]
            row[name] = round(draw(st.floats(low, min(high, 2.0))), 4)
    row |= {
        "day_count": draw(st.sampled_from(DAY_COUNTS)),
        "convention": draw(st.sampled_from(CONVENTIONS)),
    }
    return row


def checked(row: dict[str, Any]) -> TypedTable:
    schema = TABLES["products"].create_empty().schema
    frame = pl.DataFrame([row], schema=schema)
    return TypedTable("drawn", "products", frame, row_numbers(1, first=1), frozenset())


@settings(max_examples=60)
@given(
    row=products(),
    amount=st.sampled_from([1, 99, 10**6 + 1, 10**11]),
    start=st.dates(date(2020, 1, 1), date(2032, 12, 31)),
)
def test_a_product_that_is_passed_has_a_ledger_that_adds_up(
    row: dict[str, Any], amount: int, start: date
) -> None:
    table = checked(row)
    assume(not [*check_products({"products": table}), *check_limits(table)])
    terms = terms_of(table.frame.row(0, named=True))
    outcomes = paths(terms, amount, start)
    assert math.isclose(sum(path.probability for path in outcomes), 1.0)
    for path in outcomes:
        assert all(each.amount > 0 for each in path.transfers)
        assert unbalanced(cash_flows("X", path.transfers)).is_empty()
        # Guarantees and advances aside, nobody gets back more than is owed.
        assert path.settled <= path.owed
    assert exposure(terms, amount, start)[-1][1] == 0
    value = product_value(terms, amount, start, RATES)
    assert math.isfinite(value.fund_cost) and math.isfinite(value.support)
    outlay = value.outlay
    assert (outlay.select("paid", "received") >= 0).to_numpy().all() if outlay.height else True
