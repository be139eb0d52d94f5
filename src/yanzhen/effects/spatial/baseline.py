"""From accounts to the economy that a spatial model starts from."""

from dataclasses import replace

import numpy as np

from yanzhen.effects.spatial.checks import require_accounts
from yanzhen.effects.spatial.economy import Accounts, Economy, inputs_of


def economy_of(accounts: Accounts) -> Economy:
    """Shares and amounts of accounts, final uses being what purchases leave beside inputs.

    Where inputs take more of a product than is bought, its final share is negative, and no
    equilibrium is computed of it before `without_negative_uses`.

    Raises
    ------
    StudyError
        With everything that is wrong with the accounts.
    """
    require_accounts(accounts)
    made = accounts.output > 0
    value_added_share = np.where(made, accounts.value_added_share, 1.0)
    input_share = np.where(made[:, None, :], accounts.input_share, 0.0)
    paid = accounts.trade if not accounts.tariff.any() else accounts.trade * (1 + accounts.tariff)
    spending = paid.sum(axis=2).T
    share = np.divide(
        paid, spending.T[:, :, None], out=np.zeros(paid.shape), where=spending.T[:, :, None] > 0
    )
    output = accounts.trade.sum(axis=1).T
    value_added = (value_added_share * output).sum(axis=1)
    bought = accounts.trade.sum(axis=(0, 2))
    deficit = bought - output.sum(axis=1)
    revenue = spending.sum(axis=1) - bought
    income = value_added + revenue + deficit
    final = spending - inputs_of(input_share, output)
    return Economy(
        accounts.regions,
        accounts.industries,
        share,
        value_added_share,
        input_share,
        final / income[:, None],
        accounts.theta,
        accounts.tariff,
        value_added,
        deficit,
        income,
        spending,
        output,
        np.zeros(len(accounts.industries)) if accounts.scale is None else accounts.scale,
    )


def without_negative_uses(economy: Economy) -> Economy:
    """Negative final shares set to zero and the others scaled to add up to one.

    As Caliendo and Parro (2015) do with sales from stocks. Its amounts fit no more: clear it again.
    """
    positive = np.maximum(economy.final_share, 0.0)
    return replace(economy, final_share=positive / positive.sum(axis=1, keepdims=True))
