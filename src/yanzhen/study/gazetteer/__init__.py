"""Places of China by name and code: provinces, prefectures, counties."""

from yanzhen.study.gazetteer.places import LEVELS, places

__all__ = ["LEVELS", "places"]
