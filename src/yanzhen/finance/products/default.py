"""Default by year of survival: what is paid if it happens in each year, and how likely that is.

Of those alive at the start of a year a constant share defaults in it. A default in a year means
that nothing that falls due after its start is paid; what is owed at its start is called at its end,
and recoveries come in after the lag. Years are those from the start of the product.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yanzhen.finance.products.cash_flows import Transfer, flows_of
from yanzhen.finance.products.contracts import agreed_transfers, default_transfers, exposure
from yanzhen.finance.products.schedule import months_after, payment_days
from yanzhen.finance.products.terms import Terms


@dataclass(frozen=True)
class Path:
    """What is paid if the default is in one year, or if there is none.

    Attributes
    ----------
    year : of the default, counted from 1; None without one
    survival : probability of being alive at its start
    probability : of this path
    called : day of the call; None without default
    owed : fen, at the start of that year
    settled : fen, what the provider then receives less what it pays: calls, recourse, recoveries
    transfers : all payments
    """

    year: int | None
    survival: float
    probability: float
    called: date | None
    owed: int
    settled: int
    transfers: tuple[Transfer, ...]


def paths(terms: Terms, amount: int, start: date) -> tuple[Path, ...]:
    """Return what can happen to a product, the paths' probabilities summing to one."""
    agreed, owed_from = agreed_transfers(terms, amount, start), exposure(terms, amount, start)
    alive, found = 1.0, []
    years = -(-terms.months // 12) if terms.risk.default_rate else 0
    for year in range(1, years + 1):
        begin, called = payment_days(start, [12 * year - 12, 12 * year], terms.calendar)
        recovered = months_after(called, terms.risk.recovery_lag_months)
        made = tuple(each for each in agreed if each.on <= begin)
        owed = next(owed for since, owed in reversed(owed_from) if since <= begin)
        after = default_transfers(terms, owed, called, recovered)
        back = sum(flows_of([terms.provider], after).values())
        probability = alive * terms.risk.default_rate
        found.append(Path(year, alive, probability, called, owed, back, made + after))
        alive -= probability
    return (*found, Path(None, alive, alive, None, 0, 0, agreed))


def expected_flows(parties: Sequence[str], outcomes: Sequence[Path]) -> dict[date, float]:
    """Return what parties together are expected to receive less what they pay, by day, in fen."""
    net: dict[date, float] = {}
    for path in outcomes:
        for day, amount in flows_of(parties, path.transfers).items():
            net[day] = net.get(day, 0.0) + path.probability * amount
    return dict(sorted(net.items()))
