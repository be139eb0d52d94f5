"""Orderly industrial transfer: plans made by a market, with the certificate that they clear."""

from importlib.metadata import version

__version__ = version("yanzhen")
