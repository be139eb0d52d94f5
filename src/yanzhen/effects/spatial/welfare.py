"""Where a change of welfare comes from."""

from dataclasses import dataclass

import numpy as np

from yanzhen.accounts.panel import Floats
from yanzhen.effects.spatial.economy import Economy
from yanzhen.effects.spatial.equilibrium import Equilibrium


@dataclass(frozen=True)
class WelfareParts:
    """First-order parts of the change of a region's welfare, as parts of its income.

    Attributes
    ----------
    terms_of_trade : (N,) what it sells got dearer, less what it buys
    volume_of_trade : (N,) tariff revenue from buying more
    terms_with, volume_with : (N, N) the same by the region in the column
    terms_in, volume_in : (N, S) the same by industry
    """

    terms_of_trade: Floats
    volume_of_trade: Floats
    terms_with: Floats
    volume_with: Floats
    terms_in: Floats
    volume_in: Floats

    @property
    def welfare(self) -> Floats:
        """(N,) their sum, the first-order change of welfare."""
        return self.terms_of_trade + self.volume_of_trade


def welfare_parts(found: Equilibrium) -> WelfareParts:
    """Parts of welfare by terms and volume of trade (Caliendo and Parro 2015, section 2).

        Σ_s Σ_i (E_nis Δc_ns − M_nis Δc_is) / I_n + Σ_s Σ_i τ_nis M_nis (ΔM_nis − Δc_is) / I_n

    E is what n sells to i and M what it buys there, before the shock and net of tariffs; Δ is the
    proportional change x̂ − 1, as in their Table 2. First order: the sum differs from
    the change of real income by more the larger the shock. Deficits, labour and productivity that
    change from outside are in neither part.
    """
    before, after = found.before, found.after
    regions, industries = before.output.shape
    terms_with = np.zeros((regions, regions))
    volume_with = np.zeros((regions, regions))
    terms_in, volume_in = np.zeros((regions, industries)), np.zeros((regions, industries))
    for s in range(industries):
        bought = _net_purchases(before, s)
        later = _net_purchases(after, s)
        dearer = np.where(before.output[:, s] > 0, found.changes.cost[:, s] - 1, 0.0)
        grown = np.divide(later, bought, out=np.ones_like(bought), where=bought > 0) - 1
        terms = bought.T * dearer[:, None] - bought * dearer
        volume = before.tariff[s] * bought * (grown - dearer)
        terms_with, volume_with = terms_with + terms, volume_with + volume
        terms_in[:, s], volume_in[:, s] = terms.sum(axis=1), volume.sum(axis=1)
    income = before.income[:, None]
    return WelfareParts(
        (terms_with / income).sum(axis=1),
        (volume_with / income).sum(axis=1),
        terms_with / income,
        volume_with / income,
        terms_in / income,
        volume_in / income,
    )


def real_wage_by_trade(found: Equilibrium) -> Floats:
    """(N,) change of real wages by what regions still buy at home (Caliendo and Parro 2015).

        log(ŵ_n / P̂_n) = Σ_s α_ns [−log π̂_nns / (θ_s γ_ns)
                          − Σ_k γ_nks log(P̂_nk / P̂_ns) / γ_ns]

    Equal to the change found where nothing but trade costs changes and every product that a region
    buys is made there too; NaN for regions without such a product.
    """
    before, after = found.before, found.after
    home = np.diagonal(before.trade_share, axis1=1, axis2=2).T
    home_after = np.diagonal(after.trade_share, axis1=1, axis2=2).T
    used = before.final_share > 0
    ratio = np.divide(home_after, home, out=np.full(home.shape, np.nan), where=home > 0)
    price = np.log(found.changes.price)
    linked = np.einsum("nks,nk->ns", before.input_share, price)
    linked -= before.input_share.sum(axis=1) * price
    terms = -np.log(ratio) / before.theta - linked
    parts = np.where(used, before.final_share * terms / before.value_added_share, 0.0)
    change: Floats = np.exp(parts.sum(axis=1))
    return change


def gains_from_trade(found: Equilibrium) -> Floats:
    """(N,) λ̂^(−1/θ) − 1 of one industry (Arkolakis, Costinot and Rodríguez-Clare 2012).

    λ is the share of spending on what is made at home. Equal to the change of real income where
    trade costs alone change, trade is balanced, and there are neither inputs nor tariffs.

    Raises
    ------
    ValueError
        Of several industries.
    """
    if len(found.before.industries) != 1:
        raise ValueError(
            f"the formula is of one industry, not of {len(found.before.industries)}; "
            "see real_wage_by_trade"
        )
    home = np.diagonal(found.after.trade_share[0]) / np.diagonal(found.before.trade_share[0])
    gains: Floats = home ** (-1 / found.before.theta[0]) - 1
    return gains


def _net_purchases(economy: Economy, s: int) -> Floats:
    """(N, N) what the row's region buys of an industry from the column's, net of tariffs."""
    spent = economy.trade_share[s] * economy.spending[:, s][:, None]
    return np.asarray(spent / (1 + economy.tariff[s]))
