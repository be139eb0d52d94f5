"""AndersonMixing of fixed-point steps with those before."""

from collections import deque

import numpy as np

from yanzhen.market.problem.market import Floats


class AndersonMixing:
    """Anderson's mixing x⁺ = x + f − (ΔX + ΔF) γ, γ = argmin ‖f − ΔF γ‖ (Anderson 1965).

    Remembers the last `depth` differences of the points and of their steps f.
    """

    def __init__(self, depth: int) -> None:
        self._points: deque[Floats] = deque(maxlen=depth + 1)
        self._steps: deque[Floats] = deque(maxlen=depth + 1)

    def forget(self) -> None:
        """Start again, as after steps of another kind."""
        self._points.clear()
        self._steps.clear()

    def mixed(self, point: Floats, step: Floats, weight: Floats) -> Floats:
        """Next point; the norm is weighted by `weight`."""
        self._points.append(point)
        self._steps.append(step)
        if len(self._points) == 1:
            return point + step
        points = np.diff(np.array(self._points), axis=0).T
        steps = np.diff(np.array(self._steps), axis=0).T
        gamma = np.linalg.lstsq(steps * weight[:, None], step * weight, rcond=None)[0]
        mixed: Floats = point + step - (points + steps) @ gamma
        return mixed
