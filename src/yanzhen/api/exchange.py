"""The exchange as pages and programs ask for it: prices, shortlists, who may come."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from yanzhen.api.exchange_answers import (
    ChangingFund,
    ClearingSummary,
    FundNotScreened,
    LeftOut,
    RefusedSite,
    ShortSite,
    ToldCohort,
    ToldShortlist,
)
from yanzhen.api.exchange_clearing import (
    CLEARINGS,
    SUMMARY,
    inputs_of,
    kept_clearing,
    linkage_at,
)
from yanzhen.api.problem_details import Refusal
from yanzhen.api.result_store import current, digest_of
from yanzhen.api.studies import Studies
from yanzhen.exchange.docking.clearing import ExchangeClearing
from yanzhen.exchange.docking.cohorts import listed_cohorts
from yanzhen.exchange.docking.introductions import response_times
from yanzhen.exchange.docking.offers import NotTaken
from yanzhen.exchange.docking.shortlists import (
    TERMS,
    Shortlist,
    funds_that_change,
    prospects,
    shortlist,
)
from yanzhen.exchange.docking.telling import LikelyProject, likely_projects
from yanzhen.exchange.docking.wording import why_left_out
from yanzhen.exchange.listings.kinds import Fund, Project
from yanzhen.exchange.listings.searching import (
    Listing,
    Sought,
    find_listing,
    find_listings,
    list_listings,
)
from yanzhen.market.problem.study_inputs import StudyInputs
from yanzhen.phrasebook import Words
from yanzhen.store.database.connection import Database
from yanzhen.store.people.viewing import current_viewer

MOST_REFUSED = 50
MOST_BESIDE = 200
"""Funds and achievements that are looked through."""


class Exchange:
    """Docking over what is listed on a server.

    Parameters
    ----------
    folder : of the server
    studies : of which the first that everybody sees is cleared over
    database : gives the store
    """

    def __init__(self, folder: Path, studies: Studies, database: Callable[[], Database]) -> None:
        self._folder = folder / CLEARINGS
        self._studies, self._database = studies, database

    def place(self) -> Path:
        """Return where the clearing is kept, whose name is its version.

        Raises
        ------
        Refusal
            404 where nothing was cleared yet.
        """
        found = current(self._folder)
        if found is None:
            raise Refusal(
                404, "The exchange has not been cleared yet.", "交易平台尚未进行撮合出清。"
            )
        return found

    def summary(self) -> ClearingSummary:
        """Return what was cleared and when; refused as `place` is."""
        text = (self.place() / SUMMARY).read_text(encoding="utf-8")
        return ClearingSummary(**json.loads(text))

    def prices(self) -> pl.DataFrame:
        """Return the indicative prices of every site; refused as `place` is."""
        return kept_clearing(self.place()).prices

    def shortlist(self, listing: str) -> ToldShortlist:
        """Return where a project of one's own organisation would go.

        Raises
        ------
        yanzhen.exchange.listings.searching.NoSuchListing
            There is no such listing that one sees.
        Refusal
            404 where nothing was cleared, 409 where the study changed since, or the market cannot
            take the project; 422 where it is no project of one's own.
        """
        viewer, database = current_viewer(), self._database()
        asked = find_listing(database, viewer, listing)
        if not asked.own or not isinstance(asked.content, Project):
            raise _no_own("project", "项目")
        clearing, inputs = self._standing()
        try:
            found = shortlist(clearing, inputs, listing, asked.content)
        except NotTaken as error:
            raise _not_taken("project", why_left_out(str(error), error.resource)) from None
        refused = found.refused.head(MOST_REFUSED)
        known = find_listings(database, viewer, [*found.sites["site"], *refused["site"]])
        known = {each: seen for each, seen in known.items() if seen.docked}
        about = inputs.study.about
        return ToldShortlist(
            clearing.on,
            found.staying,
            _known(found.staying_low),
            _known(found.staying_high),
            found.draws,
            found.output,
            about.size_unit,
            about.units.money,
            self._sites(found.sites, found.output * found.money_per_size, found.unevaluated, known),
            found.refused.height,
            [
                RefusedSite(
                    row["site"], known[row["site"]].content.name, row["listing"], row["rule"]
                )
                for row in refused.iter_rows(named=True)
                if row["site"] in known
            ],
            *self._funds(found, inputs, asked.content),
            self._cohorts(clearing, inputs, asked),
            {
                each.id: each.content.name
                for each in self._beside("achievement", asked.content.industry)
            },
        )

    def prospects(self, listing: str) -> tuple[LikelyProject, ...]:
        """Return who may come to a site of one's own organisation, as far as that may be told.

        Raises
        ------
        yanzhen.exchange.listings.searching.NoSuchListing, Refusal
            As `shortlist`.
        """
        asked = find_listing(self._database(), current_viewer(), listing)
        if not asked.own or asked.kind != "site":
            raise _no_own("site", "承接地")
        left_out = self.left_out(listing)
        if left_out.whole:
            raise _not_taken("site", left_out.reasons[0])
        return likely_projects(self._database(), prospects(kept_clearing(self.place()), listing))

    def left_out(self, listing: str) -> LeftOut:
        """Return what the clearing left out of a listing of one's own, and why.

        Raises
        ------
        yanzhen.exchange.listings.searching.NoSuchListing
            There is no such listing that one sees.
        Refusal
            404 where nothing was cleared yet, 422 where it is none of one's own.
        """
        asked = find_listing(self._database(), current_viewer(), listing)
        if not asked.own:
            raise _no_own("listing", "条目")
        clearing = kept_clearing(self.place())
        rows = clearing.left_out.filter(listing=listing)
        resources = rows.group_by("reason", maintain_order=True).agg(
            pl.col("resource").drop_nulls().str.join(", ")
        )
        reasons = tuple(why_left_out(reason, of or "") for reason, of in resources.iter_rows())
        whole = listing not in clearing.terrain.room.sites["site"]
        return LeftOut(whole and bool(reasons), reasons)

    def _funds(
        self, found: Shortlist, inputs: StudyInputs, project: Project
    ) -> tuple[list[ChangingFund], list[FundNotScreened]]:
        """Funds that would change where a project goes, and those of which nobody can say."""
        funds = self._beside("fund", "")
        named = {each.id: each.content.name for each in funds}
        listed = [(each.id, each.content) for each in funds if isinstance(each.content, Fund)]
        screen = funds_that_change(found, inputs, project, listed)
        return (
            [
                ChangingFund(row["fund"], named[row["fund"]], row["site"], row["added_probability"])
                for row in screen.changing.iter_rows(named=True)
            ],
            [
                FundNotScreened(row["fund"], named[row["fund"]], row["reason"])
                for row in screen.not_screened.iter_rows(named=True)
            ],
        )

    def _cohorts(
        self, clearing: ExchangeClearing, inputs: StudyInputs, asked: Listing
    ) -> list[ToldCohort] | None:
        linkage = linkage_at(clearing, inputs)
        if linkage is None:
            return None
        others = [each for each in self._beside("project", "") if each.id != asked.id]
        seen = {
            each.id: each.content for each in (asked, *others) if isinstance(each.content, Project)
        }
        found = listed_cohorts(clearing, inputs, asked.id, seen.items(), linkage)
        sites = find_listings(self._database(), current_viewer(), [each.site for each in found])
        return [
            ToldCohort(
                each.lead,
                list(each.suppliers),
                {member: seen[member].name for member in (each.lead, *each.suppliers)},
                each.site,
                sites[each.site].content.name,
                each.value,
                each.beyond,
                each.apart,
                each.together,
                each.strength_needed,
            )
            for each in found
            if each.site in sites
        ]

    def _sites(
        self,
        found: pl.DataFrame,
        money: float,
        unevaluated: pl.DataFrame,
        known: dict[str, Listing],
    ) -> list[ShortSite]:
        rows = [row for row in found.iter_rows(named=True) if row["site"] in known]
        of = {known[row["site"]].organisation for row in rows}
        responses = response_times(self._database(), of)
        return [
            ShortSite(
                rank,
                row["site"],
                known[row["site"]].content.name,
                known[row["site"]].own,
                known[row["site"]].organisation_name,
                row["region"],
                row["kilometres"],
                row["gain"],
                row["gain_low"],
                row["gain_high"],
                _times(row["gain"], money),
                _times(row["gain_low"], money),
                _times(row["gain_high"], money),
                row["probability"],
                row["probability_low"],
                row["probability_high"],
                row["first_share"],
                {term: row[term] for term in TERMS},
                unevaluated.filter(site=row["site"])["requirement"].unique().sort().to_list(),
                list(getattr(known[row["site"]].content, "gates", ())),
                known[row["site"]].stale_since,
                responses.get(known[row["site"]].organisation),
            )
            for rank, row in enumerate(rows, start=1)
        ]

    def _standing(self) -> tuple[ExchangeClearing, StudyInputs]:
        """The clearing, and the study that it is of as it was."""
        place = self.place()
        study = self._studies.read(self.summary().study)
        if not place.name.startswith(_digest(study)):
            raise Refusal(
                409,
                "The study changed since the exchange was cleared; clear it anew.",
                "撮合出清之后研究数据已有变动，请重新出清。",
            )
        return kept_clearing(place), inputs_of(study)

    def _beside(self, kind: str, industry: str) -> tuple[Listing, ...]:
        """Listings of a kind that docking takes."""
        sought = Sought(kind=kind, industry=industry)
        found = list_listings(self._database(), current_viewer(), sought, limit=MOST_BESIDE)
        return tuple(each for each in found.listings if each.docked)


def _digest(study: Any) -> str:
    """The digest of the study at hand, made once."""
    if not _DIGESTS or _DIGESTS[0][0] is not study:
        _DIGESTS[:] = [(study, digest_of(study))]
    return _DIGESTS[0][1]


_DIGESTS: list[tuple[Any, str]] = []


def _times(figure: float | None, money: float) -> float | None:
    return None if figure is None else _known(figure * money)


def _known(figure: float) -> float | None:
    return figure if math.isfinite(figure) else None


def _no_own(kind: str, kind_zh: str) -> Refusal:
    return Refusal(422, f"This is no {kind} of your organisation.", f"这不是本单位的{kind_zh}。")


def _not_taken(kind: str, why: Words) -> Refusal:
    kind_zh = {"project": "项目", "site": "承接地"}[kind]
    return Refusal(
        409,
        f"The market cannot take the {kind}: {why[0]}.",
        f"市场无法纳入该{kind_zh}：{why[1]}。",
    )
