"""What home, host and third party of a contract are worth together, and Shapley's division of it.

No coalition without both home and host has a contract: it is worth nothing. Home and host alone
carry the contract out without the third party: its share of every ratio is the host's, who keeps
what the terms give nobody else, and nothing is topped up.
"""

from dataclasses import replace

from yanzhen.modes.coconstruction.contract.terms import Split, Terms
from yanzhen.modes.coconstruction.gains.bargaining import shapley
from yanzhen.modes.coconstruction.gains.gains import Case, Gains, gains

PARTIES = ("home", "host", "third")


def without_third_party(terms: Terms) -> Terms:
    """Terms as home and host alone can carry them out."""
    alone = terms.with_splits(lambda split: Split(split.home, split.host + split.third))
    return replace(alone, third_party="", top_up=None)


def coalition_worth(case: Case, whole: Gains) -> dict[frozenset[str], float]:
    """Worth of every coalition of home, host and third party, fen.

    A third party named nowhere in the terms adds nothing to any coalition.

    Parameters
    ----------
    case : the contract
    whole : its gains
    """
    terms = case.contract.terms
    alone = replace(case, contract=replace(case.contract, terms=without_third_party(terms)))
    found = dict.fromkeys(
        (
            frozenset(name for k, name in enumerate(PARTIES) if number >> k & 1)
            for number in range(1, 8)
        ),
        0.0,
    )
    found[frozenset(PARTIES[:2])] = gains(alone).joint
    found[frozenset(PARTIES)] = whole.joint + whole.third
    return found


def shapley_division(case: Case, whole: Gains) -> dict[str, float]:
    """Shapley value of each party to a contract, fen; it sums to the gain of all together.

    Of two parties each has half of the joint gain.

    Parameters
    ----------
    case, whole : as in `coalition_worth`
    """
    if not case.contract.terms.has_third_party:
        return dict.fromkeys(PARTIES[:2], whole.joint / 2)
    return shapley(PARTIES, coalition_worth(case, whole).__getitem__)
