"""Random coefficients as finite classes of choosers, each with tastes of its own."""

from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from yanzhen.accounts.panel import Floats
from yanzhen.history.choices import Choices, chooser_log_likelihood
from yanzhen.history.conditional import ConditionalLogit, fit_conditional

MOST_ROUNDS = 500
ENOUGH = 1e-8


@dataclass(frozen=True)
class Classes:
    """Tastes of each class, and how many belong to it.

    `class_blocks` makes blocks of the market of them.

    Attributes
    ----------
    fitted : of each class, at its members' weights; standard errors are given the classes
    shares : (C,) π_c
    membership : (I, C) chance that a chooser belongs to each class
    log_likelihood : Σ_i log Σ_c π_c Π_j P_ijc^n_ij
    """

    fitted: tuple[ConditionalLogit, ...]
    shares: Floats
    membership: Floats
    log_likelihood: float


def fit_classes(choices: Choices, classes: int, seed: int) -> Classes:
    """Estimate classes by expectation and maximisation (Train 2008).

    Parameters
    ----------
    choices : who chose what; a row that counts several choices is one chooser choosing repeatedly
    classes : number of classes
    seed : of the memberships that it starts from
    """
    random = np.random.default_rng(seed)
    membership = random.dirichlet(np.ones(classes), size=len(choices.cell))
    before = -np.inf
    for _ in range(MOST_ROUNDS):
        fitted = tuple(fit_conditional(choices, weight=membership[:, c]) for c in range(classes))
        share = membership.mean(axis=0)
        joint = np.log(share) + np.column_stack(
            [chooser_log_likelihood(choices, each.estimates) for each in fitted]
        )
        each_chooser = logsumexp(joint, axis=1)
        membership = np.exp(joint - each_chooser[:, None])
        now = float(each_chooser.sum())
        if now - before <= ENOUGH * abs(now):
            break
        before = now
    return Classes(fitted, share, membership, now)
