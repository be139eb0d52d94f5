"""What a change of costs does to all prices, passed on from sector to sector."""

from yanzhen.accounts.extraction import Factorisation, prices_for
from yanzhen.accounts.input_output import Floats


def cost_push(
    economy: Factorisation, primary: Floats, imported: Floats, import_prices: Floats
) -> Floats:
    """Prices when costs are passed on in full (Leontief price model, Miller and Blair, 2.6).

        p′ = p′ A + pᵐ′ Aᵐ + v′,   so   p′ = (pᵐ′ Aᵐ + v′)(I − A)⁻¹,

    all relative to the year of the table, where they are 1.

    Parameters
    ----------
    economy : I − A of domestic flows
    primary : (n,) v, value added per unit of output at its new cost
    imported : (n, n) Aᵐ, imported inputs per unit of output
    import_prices : (n,) pᵐ

    Returns
    -------
    (n,) p
    """
    return prices_for(economy, primary + import_prices @ imported)
