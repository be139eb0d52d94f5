"""Agreements with what was declared for them, drawn or SYNTHETIC, and their settlement."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st

from tests.modes.random_contracts import projects, sound_contracts
from yanzhen.exchange.settlement.agreement import Agreement
from yanzhen.exchange.settlement.books import Books
from yanzhen.exchange.settlement.declared import Declared, through
from yanzhen.exchange.settlement.dues import dues
from yanzhen.exchange.settlement.period import Period
from yanzhen.exchange.settlement.statement import Statement
from yanzhen.modes.coconstruction.contract.terms import Contract
from yanzhen.modes.coconstruction.contract.terms_toml import write_terms
from yanzhen.modes.coconstruction.settlement.projects import Projects

YEARLY = ("local_tax", "profit", "statistics", "outlay")


@dataclass(frozen=True)
class Drawn:
    """A contract with projects whose years are divided into four quarters."""

    contract: Contract
    rows: Projects
    central: np.ndarray
    seed: int

    @property
    def agreement(self) -> Agreement:
        c = self.contract
        text = write_terms(c.terms)
        return Agreement("deal", c.home, c.host, c.start_year, text, c.exit_notice, True)

    def until(self, period: Period) -> Declared:
        """What is known up to the end of a period; later quarters of its year are nothing."""
        cut = through(Declared(self.rows, self.rows.local_tax + self.central), period.year)
        if period.quarter is None:
            return cut
        rng = np.random.default_rng(self.seed)

        def so_far(amounts: np.ndarray) -> np.ndarray:
            part = rng.integers(0, 5, size=amounts.shape[:-1]) * (period.quarter or 4) // 4
            partial = amounts.copy()
            partial[..., -1] = amounts[..., -1] * part // 4
            return partial

        changed = {name: so_far(getattr(cut.projects, name)) for name in YEARLY}
        partial = replace(cut.projects, **changed)
        return Declared(partial, partial.local_tax + so_far(cut.paid - cut.projects.local_tax))


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    rows = draw(projects())
    contract = draw(sound_contracts)
    # A statement follows another from the first year that was declared.
    contract = replace(contract, start_year=rows.first_year)
    if contract.exit_notice is not None:
        contract = replace(contract, exit_notice=rows.first_year + draw(st.integers(0, 5)))
    seed = draw(st.integers(0, 2**32 - 1))
    central = np.random.default_rng(seed).integers(0, 90, size=rows.local_tax.shape)
    return Drawn(contract, rows, np.where(rows.local_tax > 0, central, 0), seed)


def settled(books: Books, declared: Drawn, periods: Sequence[Period]) -> list[Statement]:
    """Issue the statements of periods, one after another, on what is declared now."""
    found = []
    for period in periods:
        quarters = [
            dues([books.agreement], [declared.until(quarter)], quarter)[0]
            for quarter in books.quarters_of(period.year)
        ]
        now = dues([books.agreement], [declared.until(period)], period)[0]
        found.append(books.issue(now, quarters))
    return found
