"""Continuation in σ: a market whose choices are all but certain is cleared from a blurred one."""


def halved(first: float, sigma: float) -> list[float]:
    """Values of σ, halved from a first one down to the market's own, which is the last."""
    sigmas = []
    while first > sigma:
        sigmas.append(first)
        first *= 0.5
    return [*sigmas, sigma]
