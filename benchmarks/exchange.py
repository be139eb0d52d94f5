"""Docking over 50,000 SYNTHETIC live listings: the nightly clearing, and one project's shortlist.

    python benchmarks/exchange.py [SITES PROJECTS]

Listings are made in an SQLite store of a temporary folder, spread over the regions and industries
of the study `china-provinces`.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

import numpy as np
from sqlalchemy import update

from yanzhen.exchange.docking.clearing import clear_listed
from yanzhen.exchange.docking.listed_market import market_industries
from yanzhen.exchange.docking.offers import live_listings
from yanzhen.exchange.docking.shortlists import prospects, shortlist
from yanzhen.exchange.listings.keeping import make_listings
from yanzhen.exchange.listings.kinds import Content, Need, Project, Room, Site
from yanzhen.exchange.listings.searching import Sought, find_listing, list_listings
from yanzhen.market.large.peak_memory import peak_memory
from yanzhen.market.problem.study_inputs import StudyInputs, study_inputs
from yanzhen.store.database.connection import sqlite_url
from yanzhen.store.database.listing_tables import listings
from yanzhen.store.people.opening import open_store
from yanzhen.store.people.viewer import LOCAL
from yanzhen.study import read_study

T = TypeVar("T")
TIMES = 20


def main(sites: int, projects: int) -> None:
    """Fill a store, clear it, and ask for shortlists."""
    inputs = timed("study", lambda: study_inputs(read_study("china-provinces")))
    with tempfile.TemporaryDirectory() as folder:
        database = open_store(sqlite_url(Path(folder) / "store.sqlite"))
        made = timed(
            "listings made", lambda: make_listings(database, LOCAL, offers(inputs, sites, projects))
        )
        with database.writing() as connection:
            connection.execute(update(listings).values(state="published", published=1))
        on = date(2026, 12, 1)
        live = timed("listings read", lambda: live_listings(database, on))
        print(f"{len(live):,} live listings: {sites:,} sites, {projects:,} projects")
        found = timed("clearing", lambda: clear_listed(inputs, live, on))
        print(f"certificate passed: {found.certificate.passed}; {found.certificate.checks}")
        scarce = found.prices.filter(premium=0.0).height
        print(f"{found.prices.height - scarce:,} of {found.prices.height:,} prices are premiums")
        took = []
        for listing in made[sites :: max(1, projects // TIMES)][:TIMES]:
            start = time.perf_counter()
            content = find_listing(database, LOCAL, listing).content
            assert isinstance(content, Project)
            shortlist(found, inputs, listing, content)
            took.append(time.perf_counter() - start)
        print(f"shortlist: median {1e3 * np.median(took):.0f} ms, most {1e3 * max(took):.0f} ms")
        timed("prospects of a site", lambda: prospects(found, made[0]))
        sought = Sought(said="synthetic 4999")
        timed("search by words", lambda: list_listings(database, LOCAL, sought))
        timed("first page", lambda: list_listings(database, LOCAL, Sought(kind="site"), limit=100))
        database.close()
    print(f"peak memory {peak_memory() / 1e9:.1f} GB")


def offers(inputs: StudyInputs, sites: int, projects: int) -> list[Content]:
    """Return SYNTHETIC sites, then projects, whose output is 1.5 times the room."""
    random = np.random.default_rng(0)
    regions, industries = inputs.panel.regions, market_industries(inputs)
    found: list[Content] = []
    for number in range(sites):
        room = Room("output", float(random.lognormal(2.0, 0.5)), "100 million CNY")
        land = Room("land", float(random.uniform(20, 200)), "ha", 20.0, "10,000 CNY", one_off=True)
        found.append(
            Site(
                name=f"SYNTHETIC site {number}",
                expires_on="2999-12-31",
                region=str(random.choice(regions)),
                room=(room, land),
            )
        )
    whole = sum(each.room[0].amount or 0.0 for each in found if isinstance(each, Site))
    shares = random.lognormal(0.0, 1.0, projects)
    for number, share in enumerate(shares / shares.sum()):
        output = float(1.5 * whole * share)
        found.append(
            Project(
                name=f"SYNTHETIC project {number}",
                expires_on="2999-12-31",
                industry=str(random.choice(industries)),
                origin=str(random.choice(regions)),
                needs=(
                    Need("output", output, "100 million CNY"),
                    Need("land", output * float(random.uniform(2, 20)), "ha"),
                ),
            )
        )
    return found


def timed(what: str, do: Callable[[], T]) -> T:
    """Do something and say how long it took."""
    start = time.perf_counter()
    found = do()
    print(f"{what}: {time.perf_counter() - start:.2f} s", flush=True)
    return found


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    main(*(given or [5_000, 45_000]))
