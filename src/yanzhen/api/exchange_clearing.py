"""Clearings of the exchange as a server keeps them: one for all organisations, made by a worker."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from yanzhen.api.result_store import digest_of, written
from yanzhen.api.versions import Version
from yanzhen.exchange.docking.clearing import ExchangeClearing, clear_listed
from yanzhen.exchange.docking.offers import live_listings
from yanzhen.exchange.listings.content import columns_of
from yanzhen.exchange.listings.freshness import today
from yanzhen.market.problem.study_inputs import StudyInputs, study_inputs
from yanzhen.modes.chain.network.cohorts import Linkage
from yanzhen.modes.chain.network.linkage import study_linkage
from yanzhen.pipeline.storage import load, store
from yanzhen.report.document.writing import write_text
from yanzhen.store.database.connection import Database
from yanzhen.study import Study, StudyError, read_study

CLEARINGS = Path("exchange") / "clearings"
SUMMARY = "summary.json"


def make_clearing(
    server: Mapping[str, str],
    _: Path,
    subject: Mapping[str, str],
    progress: Callable[[str, float], None],
) -> Version:
    """Clear the market over what is listed and write it; the work of a job.

    Parameters
    ----------
    server : folder of the server and address of its database
    subject : study (key) and source
    progress : called with the stage that begins and the share done

    Raises
    ------
    yanzhen.exchange.docking.clearing.NothingToClear
        No site or no project is listed that the market can take.
    yanzhen.market.problem.no_prices.NoPrices
        Prices that clear the market were not found.
    yanzhen.study.StudyError
        The study cannot be used.
    """
    progress("listings", 0.0)
    study, on = read_study(subject["source"]), today()
    database = Database(server["database"])
    try:
        listed = live_listings(database, on)
    finally:
        database.close()
    digest = sha256(on.isoformat().encode())
    for listing, content in listed:
        digest.update(f"{listing} {columns_of(content)['content_hash']}\n".encode())
    cleared = clear_listed(study_inputs(study), listed, on, progress)

    def write(part: Path) -> None:
        store(cleared, part / "result", part.name)
        said = {
            "study": subject["study"],
            "on": cleared.on,
            "sites": cleared.terrain.room.sites.height,
            "projects": told_count(cleared.projects.height),
            "status": cleared.status,
            "certificate": cleared.certificate.checks,
            "tolerance": cleared.certificate.tolerance,
            "passed": cleared.certificate.passed,
        }
        write_text(part / SUMMARY, json.dumps(said))

    name = f"{digest_of(study)}-{digest.hexdigest()[:16]}"
    return written(Path(server["folder"]) / CLEARINGS, name, write)


def told_count(projects: int) -> int | None:
    """Return how many projects took part as everybody is told: in tens, None for fewer than ten.

    From one clearing to the next an exact count would tell whether one more made a price.
    """
    return projects // 10 * 10 or None


def kept_clearing(place: Path) -> ExchangeClearing:
    """Return the clearing in a folder; the newest is remembered."""
    return _clearing(place)


def inputs_of(study: Study) -> StudyInputs:
    """Return what the market of a study is formulated from, measured once for the study at hand."""
    if not _INPUTS or _INPUTS[0].study is not study:
        _INPUTS[:] = [study_inputs(study)]
    return _INPUTS[0]


_INPUTS: list[StudyInputs] = []


def linkage_at(clearing: ExchangeClearing, inputs: StudyInputs) -> Linkage | None:
    """Return what trade within the sites of a clearing is worth, measured once for both at hand.

    None where the study has no input-output table that says so.
    """
    if not _LINKAGES or _LINKAGES[0][0] is not clearing or _LINKAGES[0][1] is not inputs:
        found: Linkage | None = None
        with suppress(StudyError):
            found = study_linkage(inputs, clearing.terrain.room.sites["region"].to_list())
        _LINKAGES[:] = [(clearing, inputs, found)]
    return _LINKAGES[0][2]


_LINKAGES: list[tuple[ExchangeClearing, StudyInputs, Linkage | None]] = []


@lru_cache(maxsize=2)
def _clearing(place: Path) -> ExchangeClearing:
    return load(ExchangeClearing, place / "result")
