"""Where the nodes of a network stand: near on the page what is near in the network."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import minimum_spanning_tree, shortest_path

Floats = NDArray[np.float64]
ROUNDS = 300


def backbone(phi: Floats, closest: int) -> Floats:
    """Links worth drawing: those that hold the network together, and the closest pairs.

    The maximum spanning tree with the strongest links added, as Hidalgo et al. (2007) draw it.

    Parameters
    ----------
    phi : (n, n) symmetric, 0 for unrelated
    closest : number of closest pairs to add; pairs as close as the last of them come too

    Returns
    -------
    (n, n) symmetric, phi where drawn and 0 elsewhere
    """
    there = np.triu(phi > 0, k=1)
    # The tree of least cost takes the links of most proximity; a cost of zero would be no link.
    cost = np.where(there, 2.0 - phi, 0.0)
    tree = minimum_spanning_tree(cost).toarray() > 0
    pairs = np.sort(phi[there])[::-1]
    strong = pairs[min(closest, len(pairs)) - 1] if len(pairs) else np.inf
    drawn = (tree | tree.T) | ((phi >= strong) & (there | there.T))
    links: Floats = np.where(drawn, phi, 0.0)
    return links


def layout(links: Floats) -> Floats:
    """Places of the nodes such that distance on the page follows distance along the links.

    Stress Σ_ij d_ij⁻² (|x_i − x_j| − d_ij)², made small by majorisation (Gansner, Koren and
    North 2004), from a circle; the same links give the same places.

    Parameters
    ----------
    links : (n, n) strength, 0 where there is no link

    Returns
    -------
    (n, 2), centred, the longer side along x
    """
    n = len(links)
    length = np.where(links > 0, 1.5 - np.clip(links, 0.0, 1.0), np.inf)
    steps = shortest_path(np.where(np.isfinite(length), length, 0.0), directed=False)
    reached = steps[np.isfinite(steps)]
    d = np.where(np.isfinite(steps), steps, max(float(reached.max()), 1.0) + 1.0)
    np.fill_diagonal(d, 1.0)
    w = d**-2
    np.fill_diagonal(w, 0.0)
    angle = 2 * np.pi * np.arange(n) / max(n, 1)
    x = np.column_stack([np.cos(angle), np.sin(angle)]) * d.max() / 2
    laplacian = np.diag(w.sum(axis=1)) - w
    inverse = np.linalg.pinv(laplacian)
    for _ in range(ROUNDS):
        apart = np.linalg.norm(x[:, None] - x[None], axis=2)
        pull = -w * d / np.where(apart > 1e-9, apart, 1.0)
        np.fill_diagonal(pull, 0.0)
        np.fill_diagonal(pull, -pull.sum(axis=1))
        x = inverse @ pull @ x
    centred = x - x.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    turned: Floats = centred @ axes.T
    # The sign of a singular vector is arbitrary: the first node stands upper right.
    return turned * np.where(turned[0] < 0, -1.0, 1.0) if n else turned
