"""The economy that a spatial model starts from, in shares and amounts of one year."""

from dataclasses import dataclass

import numpy as np

from yanzhen.accounts.panel import Floats


@dataclass(frozen=True)
class Accounts:
    """What is known of trade, production and tariffs of N regions and S industries in one year.

    Money is in any unit, one for all.

    Attributes
    ----------
    regions, industries : codes
    trade : (S, N, N) what a row's region buys of the industry from a column's, its own included,
        net of tariffs
    output : (N, S) what the regions make; the sums of what they sell
    value_added_share : (N, S) γ, value added per unit of output
    input_share : (N, S, S) γ_nks, purchases of input k (rows) per unit of output of industry s
        (columns); with γ they add up to one
    theta : (S,) θ > 0, trade elasticity: dispersion of productivity, σ − 1 in Armington's form
    tariff : (S, N, N) τ ≥ 0 of the row's region on what it buys from the column's, a rate
    source : what messages call the accounts, such as a file's name
    scale : (S,) φ ≥ 0, elasticity of productivity in an industry's labour in the region, external
        to its enterprises; no economies of scale where not given
    """

    regions: tuple[str, ...]
    industries: tuple[str, ...]
    trade: Floats
    output: Floats
    value_added_share: Floats
    input_share: Floats
    theta: Floats
    tariff: Floats
    source: str = "accounts"
    scale: Floats | None = None


@dataclass(frozen=True)
class Economy:
    """Regions that make, trade and use goods: shares, elasticities and the amounts they belong to.

    Attributes
    ----------
    regions, industries : codes
    trade_share : (S, N, N) π, part of the row region's spending on the industry that goes to the
        column region; rows of zeros where nothing is bought
    value_added_share : (N, S) γ
    input_share : (N, S, S) γ_nks
    final_share : (N, S) α, part of final spending; rows add up to one
    theta : (S,)
    tariff : (S, N, N)
    value_added : (N,) w L, income of labour and of the fixed factor
    deficit : (N,) D, what a region spends beyond its income; they add up to nothing
    income : (N,) I = w L + tariff revenue + D, all that is spent on final uses
    spending : (N, S) X, with tariffs, on inputs and final uses
    output : (N, S) Y, without tariffs
    scale : (S,) φ, external economies of scale
    """

    regions: tuple[str, ...]
    industries: tuple[str, ...]
    trade_share: Floats
    value_added_share: Floats
    input_share: Floats
    final_share: Floats
    theta: Floats
    tariff: Floats
    value_added: Floats
    deficit: Floats
    income: Floats
    spending: Floats
    output: Floats
    scale: Floats


def no_tariff(regions: int, industries: int) -> Floats:
    """(S, N, N) tariffs of zero, in no memory."""
    return np.broadcast_to(np.float64(0.0), (industries, regions, regions))


def inputs_of(input_share: Floats, output: Floats) -> Floats:
    """(N, S) purchases of every input for an output, Σ_s γ_nks Y_ns."""
    inputs: Floats = np.matmul(input_share, output[:, :, None])[:, :, 0]
    return inputs
