"""Why an industry may or may not come to a place, as a notebook shows it."""

from dataclasses import dataclass
from functools import cached_property

import polars as pl
from markupsafe import Markup

from yanzhen.market.plan.plan import Plan
from yanzhen.notebook.words import word
from yanzhen.phrasebook import Language
from yanzhen.report.findings.why import pair_gates, why
from yanzhen.report.text.reader import Reader


@dataclass(frozen=True, repr=False)
class WhyResult:
    """Why an industry may or may not come to a place, and why it does.

    Attributes
    ----------
    plan : that is asked
    industry, place, origin : codes; no origin where the move was not asked for
    lang : language of the sentences
    """

    plan: Plan
    industry: str
    place: str
    origin: str | None
    lang: Language

    @cached_property
    def findings(self) -> list[str]:
        """The answer in sentences: the gates first, then the move and its reasons."""
        reader = Reader(self.plan.study, self.lang)
        return why(self.plan, self.industry, self.place, self.origin, reader)

    @property
    def gates(self) -> pl.DataFrame:
        """Every gate that the pair meets, with title, article and source of its rule."""
        return pair_gates(self.plan, self.industry, self.place)

    @property
    def moves(self) -> pl.DataFrame:
        """The moves that are listed, of the origin where one was asked for."""
        return self._of_pair(self.plan.moves)

    @property
    def reasons(self) -> pl.DataFrame:
        """The reasons of these moves, which sum to their gain."""
        return self._of_pair(self.plan.reasons)

    def _of_pair(self, frame: pl.DataFrame) -> pl.DataFrame:
        asked = {"industry": self.industry, "destination": self.place}
        if self.origin is not None:
            asked["origin"] = self.origin
        return frame.filter(**asked)

    def __repr__(self) -> str:
        return "\n".join([*self.findings, word(self.lang, "text.why")])

    def _repr_html_(self) -> str:
        rows = Markup("").join(Markup("<li>{}</li>").format(said) for said in self.findings)
        return str(Markup("<ul>{}</ul><p>{}</p>").format(rows, word(self.lang, "text.why")))
