"""What agreements come to up to the end of a period: the contracts' settlement, year by year.

The rule is that of `modes.coconstruction.settlement.ledger` and stands nowhere else; here it is
asked up to the end of a year, or of a quarter as if nothing more were paid in its year.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from yanzhen.exchange.settlement.agreement import Agreement
from yanzhen.exchange.settlement.declared import Declared, joined
from yanzhen.exchange.settlement.period import Period
from yanzhen.modes.coconstruction.contract.rounding import Integers
from yanzhen.modes.coconstruction.settlement.ledger import Ledger, settle
from yanzhen.modes.coconstruction.settlement.yearly_sharing import HOME, HOST, THIRD

PARTS = (
    *("central", "local"),
    "recovery",
    *("share_home", "share_third"),
    "top_up",
    "exit",
    *("dividend_home", "dividend_host", "dividend_third"),
)
"""What is booked of a project and year; `local` is what the host's treasury receives, and exit is
of the agreement as a whole."""
OF_WHOLE_YEARS = [PARTS.index("top_up"), PARTS.index("exit")]
"""What is due for a year that is over, and no part of an instalment."""


@dataclass(frozen=True)
class Dues:
    """What an agreement comes to, in fen and units, from its first year on.

    Attributes
    ----------
    period : up to whose end
    first_year : of the columns
    names : of the N projects
    parts : (N + 1, T, P) by `PARTS`; the last row is of the agreement as a whole
    paid, local : (K, N) taxes of the last year as paid, and their local part
    counted : (M, N, T, 2) statistics: home's and host's
    room : (N, 2) what the caps still leave the home at the end, the project's own and the
        agreement's; −1 where there is none
    owed : outlay of the home that is still to be repaid
    """

    period: Period
    first_year: int
    names: tuple[str, ...]
    parts: Integers
    paid: Integers
    local: Integers
    counted: Integers
    room: Integers
    owed: int

    @property
    def years(self) -> range:
        """Calendar years of the columns."""
        return range(self.first_year, self.period.year + 1)


def dues(
    agreements: Sequence[Agreement], declared: Sequence[Declared], period: Period
) -> list[Dues]:
    """Settle agreements together, each over what was declared for it up to the end of a period.

    Raises
    ------
    ContractError
        With everything that is wrong with the contracts and the projects.
    """
    whole = joined(list(declared))
    ledger = settle([agreement.contract for agreement in agreements], whole.projects)
    starts = [*ledger.projects.starts.tolist(), len(ledger.projects.name)]
    parts = _parts(ledger, whole.paid)
    if period.quarter is not None:
        parts[:, period.year - whole.projects.first_year, OF_WHOLE_YEARS] = 0
    last = period.year - whole.projects.first_year
    found = []
    for c, own in enumerate(declared):
        rows = slice(starts[c], starts[c + 1])
        years = slice(own.projects.first_year - whole.projects.first_year, last + 1)
        exits = np.zeros((1, last + 1 - years.start, len(PARTS)), dtype=np.int64)
        exits[0, :, PARTS.index("exit")] = ledger.exit_payment[c, years]
        if period.quarter is not None:
            exits[0, -1, PARTS.index("exit")] = 0
        found.append(
            Dues(
                period,
                own.projects.first_year,
                own.projects.name,
                np.concatenate([parts[rows, years], exits]),
                whole.paid[:, rows, last],
                whole.projects.local_tax[:, rows, last],
                np.moveaxis(ledger.statistics[:, :, rows, years], 1, -1),
                ledger.room[:, rows, last].T,
                int(ledger.owed[c, last]),
            )
        )
    return found


def _parts(ledger: Ledger, paid: Integers) -> Integers:
    """(N, T, parts) what is booked, as `PARTS`."""
    local = ledger.projects.local_tax.sum(axis=0)
    amounts = {
        "central": paid.sum(axis=0) - local,
        "local": local,
        "recovery": ledger.recovered,
        "share_home": ledger.tax[HOME] - ledger.recovered,
        "share_third": ledger.tax[THIRD],
        "top_up": ledger.top_up,
        "exit": np.zeros_like(local),
        "dividend_home": ledger.dividends[HOME],
        "dividend_host": ledger.dividends[HOST],
        "dividend_third": ledger.dividends[THIRD],
    }
    return np.stack([amounts[name] for name in PARTS], axis=-1)
