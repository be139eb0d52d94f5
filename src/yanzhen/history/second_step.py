"""Site constants on attributes of sites: weighted least squares, or instruments the user names."""

from dataclasses import dataclass

import numpy as np

from yanzhen.accounts.panel import Floats
from yanzhen.history.conditional import ConditionalLogit, NotIdentified


@dataclass(frozen=True)
class SiteTastes:
    """Tastes for what sites have in common for all choosers.

    Attributes
    ----------
    names : constant, then the attributes
    estimates, errors : (P,), errors robust to heteroscedasticity
    covariance : (P, P)
    """

    names: tuple[str, ...]
    estimates: Floats
    errors: Floats
    covariance: Floats


def site_tastes(
    fitted: ConditionalLogit,
    names: tuple[str, ...],
    attributes: Floats,
    instruments: Floats | None = None,
) -> SiteTastes:
    """Explain the constants δ_j of a fitted model by attributes of the sites.

    Weights are the inverse variances of δ_j; the first site, whose constant is zero by choice, is
    left out and its level goes into the constant. With instruments Z the estimates are two-stage
    least squares, (Xᵀ W Z (Zᵀ W Z)⁻¹ Zᵀ W X)⁻¹ Xᵀ W Z (Zᵀ W Z)⁻¹ Zᵀ W δ.

    Parameters
    ----------
    fitted : with constants of sites
    names : (L,) of the attributes
    attributes : (J, L)
    instruments : (J, M) exogenous attributes among them, M ≥ L

    Raises
    ------
    NotIdentified
        If the attributes, or what instruments say of them, are collinear.
    """
    constants = [k for k, name in enumerate(fitted.names) if name.startswith("site ")]
    delta = fitted.estimates[constants]
    weight = 1 / np.diag(fitted.robust)[constants]
    rows = attributes[1:]
    x = np.column_stack([np.ones(len(rows)), rows])
    z = x if instruments is None else np.column_stack([np.ones(len(rows)), instruments[1:]])
    root = np.sqrt(weight)[:, None]
    x, z, y = x * root, z * root, delta * root[:, 0]
    fitted_x = z @ np.linalg.lstsq(z, x, rcond=None)[0]
    scale = np.sqrt((fitted_x**2).sum(axis=0))
    scaled = fitted_x / np.where(scale > 0, scale, 1.0)
    if np.linalg.svd(scaled, compute_uv=False)[-1] < 1e-8:
        raise NotIdentified(("site attributes " + ", ".join(names),))
    bread = np.linalg.inv(fitted_x.T @ fitted_x)
    estimates = bread @ fitted_x.T @ y
    residual = y - x @ estimates
    freedom = len(y) / max(len(y) - x.shape[1], 1)
    scores = fitted_x * residual[:, None]
    covariance = freedom * bread @ (scores.T @ scores) @ bread
    return SiteTastes(("constant", *names), estimates, np.sqrt(np.diag(covariance)), covariance)
