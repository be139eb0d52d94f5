"""Orderly industrial transfer: plans made by a market, with the certificate that they clear."""

from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yanzhen.study import read_frames as read_frames
    from yanzhen.study import read_study as read_study

__version__ = version("yanzhen")


def __getattr__(name: str) -> object:
    """Import what reads a study when it is asked for, so that help appears at once."""
    if name in ("read_frames", "read_study"):
        import yanzhen.study

        return getattr(yanzhen.study, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
