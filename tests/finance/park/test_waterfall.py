"""The waterfall of a park, against a ledger reckoned by hand."""

from dataclasses import replace

import polars as pl
import pytest

from tests.study.small_finance import small_finance
from yanzhen.finance.park.park_table import park_of
from yanzhen.finance.park.tranches import Tranche, agreed_service, spread
from yanzhen.finance.park.waterfall import Claim, Park, Year, waterfall

BOND = Tranche("bond", 1, 0.04, {2026: 10000}, 2028, 2)
BANK = Tranche("bank", 2, 0.10, {2027: 4000}, 2028, 1)
PARK = Park(
    works={2026: 12000, 2027: 5000},
    income={2027: 1500, 2028: 10000, 2029: 12000},
    operating={2027: 500, 2028: 1000, 2029: 1000},
    given={2026: 3000},
    tranches=(BANK, BOND),
    reserve_share=0.1,
)
# Interest: 200 of the bond in 2026 on half a year; 400 and 200 in 2027, and so on.
YEARS = [
    # year available due paid short reserve cash distributed
    (2026, 0, 200, 200, 0, 60, 740, 0),
    (2027, 1000, 600, 600, 0, 200, 0, 0),
    (2028, 9000, 9800, 9200, 600, 0, 0, 0),
    (2029, 11000, 5260, 5860, 0, 0, 0, 5140),
]
CLAIMS = [
    (2026, "bond", "interest", 1000, 200, 200, 0, 10000),
    (2027, "bond", "interest", 800, 400, 400, 0, 10000),
    (2027, "bank", "interest", 400, 200, 200, 0, 4000),
    (2028, "bond", "interest", 9200, 400, 400, 0, 5000),
    (2028, "bond", "principal", 8800, 5000, 5000, 0, 5000),
    (2028, "bank", "interest", 3800, 400, 400, 0, 600),
    (2028, "bank", "principal", 3400, 4000, 3400, 600, 600),
    (2029, "bond", "interest", 11000, 200, 200, 0, 0),
    (2029, "bond", "principal", 10800, 5000, 5000, 0, 0),
    (2029, "bank", "interest", 5800, 60, 60, 0, 0),
    (2029, "bank", "principal", 5740, 600, 600, 0, 0),
]


def of_years(years: list[Year]) -> list[tuple[int, ...]]:
    return [
        (y.year, y.available, y.due, y.paid, y.short, y.reserve, y.cash, y.distributed)
        for y in years
    ]


def of_claims(claims: list[Claim]) -> list[tuple[int, str, str, int, int, int, int, int]]:
    return [
        (c.year, c.tranche, c.part, c.available, c.due, c.paid, c.short, c.balance) for c in claims
    ]


def test_a_park_is_paid_as_by_hand() -> None:
    years, claims = waterfall(PARK)
    assert of_claims(claims) == CLAIMS
    assert of_years(years) == YEARS


def test_cover_is_by_hand() -> None:
    years, _ = waterfall(PARK)
    cover = [0, 1000 / 600, 9000 / 9800, 11000 / 5260]
    assert [year.dscr for year in years] == pytest.approx(cover)
    # 14,000 owed at a mean of 80/1400; 4,000 of it at 10 %.
    rate = (10000 * 0.04 + 4000 * 0.1) / 14000
    value = 9000 / (1 + rate) + 11000 / (1 + rate) ** 2
    assert [year.llcr for year in years[:2]] == [None, None]
    assert years[2].llcr == pytest.approx(value / 14000)


def test_who_stands_first_is_paid_first() -> None:
    turned = replace(PARK, tranches=(replace(BANK, rank=1), replace(BOND, rank=2)))
    _, claims = waterfall(turned)
    missed = {(claim.year, claim.tranche) for claim in claims if claim.short}
    assert missed == {(2028, "bond")}


def test_two_tranches_of_one_rank_are_refused() -> None:
    with pytest.raises(ValueError, match="one rank"):
        waterfall(replace(PARK, tranches=(BOND, replace(BANK, rank=1))))


@pytest.mark.parametrize("income", [0, 700, 10**6])
def test_no_fen_is_made_or_lost(income: int) -> None:
    park = replace(PARK, income={2028: income, 2029: income})
    years, claims = waterfall(park)
    came = sum(y.drawn + y.given + y.income + y.gap for y in years)
    went = sum(y.works + y.operating + y.paid + y.distributed for y in years)
    assert came == went + years[-1].cash + years[-1].reserve
    drawn = sum(y.drawn for y in years)
    repaid = sum(claim.paid for claim in claims if claim.part == "principal")
    owed = {claim.tranche: claim.balance for claim in claims}
    assert drawn - repaid == sum(owed.values())


def test_what_is_agreed_pays_a_tranche_off() -> None:
    assert agreed_service(BOND) == {2026: 200, 2027: 400, 2028: 5400, 2029: 5200}
    assert spread(100, 2026, 2028) == {2026: 34, 2027: 33, 2028: 33}


def test_a_park_of_a_study_is_read_item_by_item() -> None:
    items = small_finance().tables["park_finance"]
    park = park_of(items, 100.0)
    assert park.works == {2026: 400, 2027: 350, 2028: 250}
    # Rents of 120 in four steps, land sales of 25 a year.
    assert [park.income[year] for year in range(2028, 2034)] == [55, 85, 115, 145, 120, 120]
    assert park.operating[2045] == 20 and park.reserve_share == 0.5
    bond, bank = park.tranches
    assert (bond.rank, bond.drawn, bond.first_repayment, bond.last_year) == (
        1, {2026: 300, 2027: 300}, 2031, 2042,
    )  # fmt: skip
    assert (bank.first_repayment, bank.repayments) == (2030, 7)
    assert park_of(items.filter(pl.col("kind") == "rent"), 100.0).tranches == ()
