"""Hierarchies of codes, such as provinces in macro-regions in the country."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from yanzhen.phrasebook import Language, Words, in_language


class NoTree(ValueError):
    """Codes and parents that make no tree with one root; `codes` are those at fault."""

    def __init__(self, codes: tuple[str, ...]) -> None:
        super().__init__(f"no tree with one root: {', '.join(map(str, codes))}")
        self.codes = codes


@dataclass(frozen=True)
class Hierarchy:
    """A tree of codes.

    Attributes
    ----------
    parents : code to the code above it, None for the root
    names : code to its name in English and Chinese; a code that is missing is its own name

    Raises
    ------
    NoTree
        There is no root, or several, a parent is no code, or codes lie in a circle.
    """

    parents: Mapping[str, str | None]
    names: Mapping[str, Words]

    def __post_init__(self) -> None:
        roots = tuple(code for code, above in self.parents.items() if above is None)
        if len(roots) != 1:
            raise NoTree(roots)
        lost = tuple(code for code in self.parents if not self._reaches(code, roots[0]))
        if lost:
            raise NoTree(lost)

    def _reaches(self, code: str, root: str) -> bool:
        at: str | None = code
        for _ in range(len(self.parents)):
            if at == root:
                return True
            at = self.parents.get(at) if at is not None else None
        return False

    @cached_property
    def root(self) -> str:
        """The code of all."""
        return next(code for code, above in self.parents.items() if above is None)

    @cached_property
    def leaves(self) -> frozenset[str]:
        """The codes that are no other's parent."""
        return frozenset(self.parents) - {each for each in self.parents.values() if each}

    def path(self, code: str) -> tuple[str, ...]:
        """Return the codes from the root down to a code."""
        path = [code]
        while (above := self.parents[path[-1]]) is not None:
            path.append(above)
        return tuple(reversed(path))

    def above(self, depth: int | None = None) -> pl.DataFrame:
        """Return each leaf with each code that it counts in.

        Parameters
        ----------
        depth : levels below the root that are shown, None for all
        """
        reach = None if depth is None else depth + 1
        pairs = [(leaf, code) for leaf in sorted(self.leaves) for code in self.path(leaf)[:reach]]
        return pl.DataFrame(pairs, schema={"leaf": pl.String, "code": pl.String}, orient="row")

    def name(self, code: str, language: Language) -> str:
        """Return the name of a code."""
        return in_language(self.names[code], language) if code in self.names else code


def flat(codes: tuple[str, ...], root: str) -> Hierarchy:
    """Return the hierarchy of codes that have nothing above them but all."""
    return Hierarchy({root: None, **dict.fromkeys(codes, root)}, {})
