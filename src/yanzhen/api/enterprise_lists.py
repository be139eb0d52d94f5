"""Lists of enterprises that readers bring, each checked like a table of a study, and ranked."""

import re
import shutil
from functools import lru_cache
from pathlib import Path

import polars as pl

from yanzhen.api.permission import require
from yanzhen.api.problem_details import Refusal
from yanzhen.api.rankings import ranking
from yanzhen.api.result_store import digest_with, write_with
from yanzhen.api.study_archives import LARGEST_UPLOAD, too_large
from yanzhen.market.plan.destinations import Enterprise
from yanzhen.market.problem.formulation import Formulation
from yanzhen.market.problem.market import Prices
from yanzhen.report.tables.enterprise import BEST_SITES
from yanzhen.report.text.words import Lang
from yanzhen.store.ownership.own_folder import own_folder
from yanzhen.study import Problem, Study, check_study, read_study

TABLE = "enterprises"
LISTS = "lists"


class EnterpriseLists:
    """The lists of enterprises in a server's store."""

    def __init__(self, store_folder: Path) -> None:
        self.store_folder = store_folder

    @property
    def folder(self) -> Path:
        """Where the lists of the organisation lie that asks."""
        return own_folder(self.store_folder) / LISTS

    def take(self, key: str, study: Study, content: bytes) -> str:
        """Keep a list in the columns of the table `enterprises`; return its name.

        It is kept whatever is wrong with it, so that its problems can be shown. The name says both
        the list and the figures of the study that it was checked against.

        Parameters
        ----------
        key, study : the study that it is brought to
        content : of a file in any form that a table of a study may have

        Raises
        ------
        Refusal
            413 where it is too large.
        """
        require("make", "lists")
        if len(content) > LARGEST_UPLOAD:
            raise too_large()
        name = digest_with(study, content)
        place = self.folder / key / name
        part = place.with_name(f".{name}.part")
        shutil.rmtree(part, ignore_errors=True)
        write_with(study, TABLE, content, part)
        shutil.rmtree(place, ignore_errors=True)
        part.rename(place)
        return name

    def problems(self, key: str, name: str) -> tuple[Problem, ...]:
        """Return everything that is wrong with a list brought to a study."""
        return _problems(self._place(key, name))

    def read(self, key: str, name: str) -> pl.DataFrame:
        """Return a list without problems."""
        return _read(self._place(key, name))

    def _place(self, key: str, name: str) -> Path:
        require("read", "lists")
        place = self.folder / key / name
        named = re.fullmatch(r"[0-9a-f]{12}", name) and place.parent.parent == self.folder
        if not named or not place.is_dir():
            raise Refusal(404, f"There is no list {name!r}.", f"没有名单“{name}”。")
        return place


def best_sites(
    formulation: Formulation, prices: Prices, listed: pl.DataFrame, lang: Lang
) -> pl.DataFrame:
    """Return where each enterprise of a list would best go.

    Returns
    -------
    pl.DataFrame
        `BEST_SITES`
    """
    rows = []
    for row in listed.iter_rows(named=True):
        own = {key: row[key] for key in ("enterprise", "industry", "origin", "output")}
        try:
            found = ranking(formulation, prices, asked_by(row, formulation))
        except Refusal as refusal:
            rows.append({**own, "lacking": refusal.said(lang)})
            continue
        admitted = found.filter(pl.col("rank").is_not_null()).head(2).to_dicts()
        closed = found.filter(pl.any_horizontal(pl.col("listing", "rule").is_not_null()))
        said: dict[str, object] = {"refused": closed.height}
        if admitted:
            said |= {key: admitted[0][key] for key in ("site", "gain", "probability")}
        if len(admitted) > 1:
            said["second"] = admitted[1]["site"]
        rows.append({**own, **said})
    return BEST_SITES.frame(rows)


def asked_by(row: dict[str, object], formulation: Formulation) -> Enterprise:
    """Return what a row of a list asks: its needs are what it uses over its size."""
    own = formulation.room.size
    size = row[own]
    needs = {
        resource: float(str(row[resource])) / float(str(size))
        for resource in formulation.room.resources
        if size and row.get(resource) is not None and resource != own
    }
    return Enterprise(str(row["industry"]), str(row["origin"]), needs)


@lru_cache(maxsize=8)
def _problems(place: Path) -> tuple[Problem, ...]:
    return check_study(str(place))


@lru_cache(maxsize=8)
def _read(place: Path) -> pl.DataFrame:
    return read_study(str(place)).tables[TABLE]
