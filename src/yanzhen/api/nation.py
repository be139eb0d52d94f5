"""The SYNTHETIC nation of a server: cleared once, and again whenever a cap is moved."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

import numpy as np
import polars as pl

from yanzhen.accounts.panel import output_panel
from yanzhen.market.large.nation import read_about, read_nation
from yanzhen.market.large.record import compile_ahead
from yanzhen.market.large.standing_market import Standing, StandingMarket, caps_of
from yanzhen.study import Study, read_study

TOLERANCE = 1e-5


@dataclass(frozen=True)
class NationCaps:
    """A nation's caps and their prices, certified.

    Attributes
    ----------
    study : whose regions the nation's groups are, marked as SYNTHETIC
    regions : of `yanzhen.market.large.standing_market.caps_of`
    standing : prices and certificate
    """

    study: Study
    regions: pl.DataFrame
    standing: Standing


class ServedNation:
    """A nation that readers of the workbench ask what another cap would do.

    One at a time: the others wait. What one reader moves, no other sees; prices that stand are no
    more than where the next search starts.

    Parameters
    ----------
    folder : as `yanzhen synth` writes it

    Raises
    ------
    yanzhen.market.large.nation.NotANation
        When it holds none.
    """

    def __init__(self, folder: Path) -> None:
        about = read_about(folder)
        study = read_study(about.marginals)
        self.folder = folder
        self.title_zh, self.title_en = about.title_zh, about.title_en
        self.study = replace(study, about=replace(study.about, synthetic=True))
        self.regions = output_panel(study).regions
        self._lock = Lock()
        self._market: StandingMarket | None = None
        self._first: NationCaps | None = None

    @property
    def first(self) -> NationCaps | None:
        """The nation under its own caps, None until it has been cleared."""
        return self._first

    def clear(self) -> NationCaps:
        """Clear the nation under its own caps, unless that was done.

        Raises
        ------
        yanzhen.market.equilibrium.newton_dense.NotCleared
            When prices that clear it were not found.
        """
        with self._lock:
            if self._market is None:
                compile_ahead()
                self._market = StandingMarket(read_nation(self.folder), TOLERANCE)
                self._first = self._caps(self._market, self._market.standing)
            assert self._first is not None
            return self._first

    def move(self, shares: Mapping[str, float], tell: Callable[[NationCaps], bool]) -> None:
        """Clear the nation under other caps; each certified answer is told as soon as it is there.

        Parameters
        ----------
        shares : of a region's own cap, by region; the others have their own
        tell : told an answer, says whether a closer one is still wanted

        Raises
        ------
        yanzhen.market.equilibrium.newton_dense.NotCleared
            When prices that clear it were not found.
        """
        self.clear()
        with self._lock:
            assert self._market is not None
            factor = np.array([shares.get(region, 1.0) for region in self.regions])
            for standing in self._market.moved(self._market.market.group_capacity * factor):
                if not tell(self._caps(self._market, standing)):
                    return

    def _caps(self, market: StandingMarket, standing: Standing) -> NationCaps:
        return NationCaps(self.study, caps_of(market.market, standing, self.regions), standing)
