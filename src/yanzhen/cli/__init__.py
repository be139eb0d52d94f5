"""The command line: `demo`, `new`, `check`, `examples`, `plan`."""

from yanzhen.cli.app import main

__all__ = ["main"]
