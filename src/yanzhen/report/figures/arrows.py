"""Arrows between places: bent ribbons with a head, in the map's plane."""

import numpy as np

from yanzhen.report.figures.geography import Geometry, Point

STEPS = 14
BEND = 0.16


def arrow(start: Point, end: Point, width: float, head: float) -> Geometry:
    """Return a bent arrow as a GeoJSON polygon.

    Both directions between two places stay apart, since each bends to its own right.

    Parameters
    ----------
    start, end : places, km
    width : breadth of the shaft, km
    head : least length of the head, km; a broad shaft has a longer one
    """
    a, b = np.array(start), np.array(end)
    along = b - a
    length = float(np.hypot(*along))
    side = np.array([-along[1], along[0]])
    control = (a + b) / 2 + BEND * side
    tip_length = min(head + 1.2 * width, 0.6 * length)
    t = np.linspace(0.0, 1.0 - tip_length / length, STEPS)[:, None]
    path = (1 - t) ** 2 * a + 2 * t * (1 - t) * control + t**2 * b
    tangent = np.gradient(path, axis=0)
    normal = np.column_stack([-tangent[:, 1], tangent[:, 0]])
    normal /= np.hypot(normal[:, 0], normal[:, 1])[:, None]
    half = width / 2
    wing = half + 0.45 * tip_length
    outline = np.vstack(
        [
            path + half * normal,
            path[-1] + wing * normal[-1],
            b,
            path[-1] - wing * normal[-1],
            (path - half * normal)[::-1],
            path[0] + half * normal[0],
        ]
    )
    return {"type": "Polygon", "coordinates": [np.round(outline, 1).tolist()]}
