"""Scenarios beside a plan: those that come with the package and those that a reader supposes."""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from yanzhen.api.permission import require
from yanzhen.api.pictures import keep_picture, kept_picture
from yanzhen.api.plans import PLANS
from yanzhen.api.problem_details import Refusal
from yanzhen.api.result_store import current, digest_of, keep, kept, written
from yanzhen.api.run_folder import MANIFEST, take_run
from yanzhen.api.versions import Version
from yanzhen.market.counterfactuals.comparison import Comparison
from yanzhen.market.counterfactuals.scenario import Scenario, example_scenarios, read_scenario
from yanzhen.market.plan.plan import Plan
from yanzhen.pipeline import COMPARED, Progress, run_plan
from yanzhen.pipeline.storage import load, read_json, store
from yanzhen.report.document.writing import write_text
from yanzhen.report.figures.difference_map import difference_map
from yanzhen.report.figures.scenarios import race_subsidies, who_gains, who_receives
from yanzhen.report.findings.scenarios import scenario_findings
from yanzhen.report.tables.scenarios import regions_beside, scenario_tables
from yanzhen.report.tables.table import Table
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import LANGUAGES, Lang
from yanzhen.store.ownership.own_folder import own_folder

COMPARISONS = "comparisons"
SCENARIOS = "scenarios"
WORKBOOK = "comparison.xlsx"
HOLDING = ("cap", "price_floor")
"""Instruments that hold a resource, which has to be named."""
DELETED = "deleted"
MOST_DELETED = 10
"""Deleted scenarios of a study that can come back."""


@dataclass(frozen=True)
class Instrument:
    """A policy that a reader supposes.

    Attributes
    ----------
    instrument : one of `yanzhen.study.tables.rules.INSTRUMENTS`
    value : in the units of the study's table `policies`
    macro_regions : whose regions pay or take it, each of them
    places : regions, groups of them (what lies above them) or sites that do, each of them; every
        place without either
    industry : whose enterprises; all without one
    resource : that a cap or a price floor holds; the measure of size without one
    """

    instrument: str
    value: float
    macro_regions: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    industry: str = ""
    resource: str = ""

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Rows of the table `policies`."""
        every: list[dict[str, Any]] = [
            *({"macro_region": each} for each in self.macro_regions),
            *({"place": each} for each in self.places),
        ]
        return [
            {
                "policy": f"own-{number}" if every[1:] else "own",
                "instrument": self.instrument,
                "value": float(self.value),
                **where,
                **({"industry": self.industry} if self.industry else {}),
                **({"unit": self.resource} if self.resource and self.instrument in HOLDING else {}),
            }
            for number, where in enumerate(every or [{}], start=1)
        ]


def make_comparison(store_folder: Path, subject: Mapping[str, str], progress: Progress) -> Version:
    """Set scenarios beside a study's plan and write the comparison; the work of a job.

    Parameters
    ----------
    store_folder : of the server
    subject : study (key), source and scenarios (names, separated by commas)
    progress : called with the stage that begins and the share done
    """
    names = subject["scenarios"].split(",")
    sources = [scenario_source(store_folder, subject["study"], name) for name in names]
    folder = _folder(store_folder, subject["study"], names)

    def tell(stage: str, share: float) -> None:
        progress(stage, share * 0.9)

    out = take_run(folder)
    run = run_plan(subject["source"], out, "zh", tell, draws=0, scenarios=sources)
    comparison = run.comparison
    assert comparison is not None
    progress("pictures", 0.9)

    def write(part: Path) -> None:
        keep(run.plan, part)
        store(comparison, part / "comparison", part.name)
        book = (out / COMPARED / WORKBOOK).read_bytes()
        (part / WORKBOOK).write_bytes(book)
        for lang in LANGUAGES:
            reader = Reader(run.plan.study, lang)
            keep_picture(part, "who_gains", lang, who_gains(run.plan, comparison, reader))
            keep_picture(part, "who_receives", lang, who_receives(comparison, reader))
            for name in comparison.scenarios["scenario"]:
                changed = difference_map(run.plan, comparison, name, reader)
                keep_picture(part, f"difference-{name}", lang, changed)
            for name in comparison.races["scenario"]:
                race = race_subsidies(comparison, name, reader)
                keep_picture(part, f"race-{name}", lang, race)

    key = str(read_json(out / MANIFEST)["key"])[:8]
    return written(folder / "kept", f"{digest_of(run.plan.study)}-{key}", write)


def scenario_source(store_folder: Path, study: str, name: str) -> str:
    """Return the file of a study's own scenario, or the name of one that comes with the package.

    Raises
    ------
    Refusal
        404 where there is no such scenario.
    """
    return name if name in example_scenarios() else str(_own(store_folder, study, name))


def _own(store_folder: Path, study: str, name: str) -> Path:
    found = {path.stem: path for path in (store_folder / SCENARIOS / study).glob("own-*.toml")}
    if name not in found:
        raise Refusal(404, f"There is no scenario {name!r}.", f"没有情景“{name}”。")
    return found[name]


class Comparisons:
    """The comparisons of a server's store, by study and scenarios."""

    def __init__(self, store_folder: Path) -> None:
        self.store_folder = store_folder

    @property
    def store(self) -> Path:
        """The folder of the organisation that asks."""
        return own_folder(self.store_folder)

    def scenarios(self, study: str) -> list[Scenario]:
        """Return the scenarios that can be compared: the package's, then those of the study."""
        sources: list[str | Path] = [*example_scenarios(), *self._own_files(study)]
        return [read_scenario(each) for each in sources]

    def scenarios_after(self, study: str, after: str, most: int) -> list[Scenario]:
        """Return some of the scenarios that can be compared, by name; no other file is read.

        Parameters
        ----------
        after : name behind which they begin
        most : scenarios
        """
        sources: dict[str, str | Path] = {name: name for name in example_scenarios()}
        sources |= {path.stem: path for path in self._own_files(study)}
        names = sorted(name for name in sources if name > after)
        return [read_scenario(sources[name]) for name in names[:most]]

    def own(self, study: str) -> list[str]:
        """Return the names of the scenarios that were supposed of a study."""
        return [path.stem for path in self._own_files(study)]

    def drop(self, study: str, name: str) -> None:
        """Delete a scenario that was supposed of a study; the last ten deleted can come back.

        Raises
        ------
        Refusal
            404 where there is none of that name.
        """
        require("remove", "scenarios")
        path = _own(self.store, study, name)
        place = path.parent / DELETED
        place.mkdir(exist_ok=True)
        path.replace(place / path.name)
        os.utime(place / path.name)
        for older in self._deleted_files(study)[MOST_DELETED:]:
            older.unlink()

    def deleted(self, study: str) -> list[Scenario]:
        """Return the scenarios that can come back, the last deleted first."""
        return [read_scenario(path) for path in self._deleted_files(study)]

    def restore(self, study: str, name: str) -> None:
        """Bring back a scenario that was deleted.

        Raises
        ------
        Refusal
            404 where none of that name was, or too many after it.
        """
        require("make", "scenarios")
        found = {path.stem: path for path in self._deleted_files(study)}
        if name not in found:
            raise Refusal(
                404, f"There is no deleted scenario {name!r}.", f"没有删除的情景“{name}”。"
            )
        found[name].replace(self.store / SCENARIOS / study / found[name].name)

    def _deleted_files(self, study: str) -> list[Path]:
        found = (self.store / SCENARIOS / study / DELETED).glob("own-*.toml")
        return sorted(found, key=lambda path: path.stat().st_mtime_ns, reverse=True)

    def _own_files(self, study: str) -> list[Path]:
        return sorted((self.store / SCENARIOS / study).glob("own-*.toml"))

    def suppose(self, study: str, instrument: Instrument, title_zh: str, title_en: str) -> str:
        """Keep an instrument as a scenario of a study; return its name.

        Raises
        ------
        yanzhen.study.StudyError
            With everything that is wrong with it.
        """
        require("make", "scenarios")
        # What JSON writes of a text, a number or a truth is what TOML reads.
        tables = [
            "\n".join(
                ["[[policies]]"]
                + [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in row.items()]
            )
            for row in instrument.rows
        ]
        titles = [
            f"title_zh = {json.dumps(title_zh, ensure_ascii=False)}",
            f"title_en = {json.dumps(title_en, ensure_ascii=False)}",
        ]
        text = "\n".join([*titles, "", *tables, ""])
        name = f"own-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
        path = self.store / SCENARIOS / study / f"{name}.toml"
        write_text(path, text)
        try:
            read_scenario(path)
        except Exception:
            path.unlink()
            raise
        return name

    def exists(self, study: str, names: Sequence[str]) -> bool:
        """Whether scenarios were compared, and for the figures that the plan at hand is of."""
        return self._kept(study, names) is not None

    def place(self, study: str, names: Sequence[str]) -> Path:
        """Return the folder of a comparison.

        Raises
        ------
        Refusal
            404 where it has not been made.
        """
        found = self._kept(study, names)
        if found is None:
            said = ", ".join(names)
            raise Refusal(
                404, f"{said} has not been compared for {study!r}.", f"“{study}”尚未比较{said}。"
            )
        return found

    def _kept(self, study: str, names: Sequence[str]) -> Path | None:
        found = current(_folder(self.store, study, names) / "kept")
        plan = current(self.store / PLANS / study / "kept")
        if found is None or plan is None:
            return found
        return found if _figures(found) == _figures(plan) else None

    def findings(self, study: str, names: Sequence[str], lang: Lang) -> list[str]:
        """Return what each scenario does, in sentences."""
        plan, comparison = _comparison(self.place(study, names))
        return scenario_findings(plan, comparison, Reader(plan.study, lang))

    def tables(self, study: str, names: Sequence[str], lang: Lang) -> dict[str, Table]:
        """Return every table that is not empty."""
        plan, comparison = _comparison(self.place(study, names))
        reader = Reader(plan.study, lang)
        found = [regions_beside(comparison, reader), *scenario_tables(comparison, reader)]
        return {table.key: table for table in found if table.rows}

    def plan(self, study: str, names: Sequence[str]) -> Plan:
        """Return the plan that the scenarios are set beside."""
        return _comparison(self.place(study, names))[0]

    def pictures(self, study: str, names: Sequence[str]) -> list[str]:
        """Return the names of the pictures."""
        _, comparison = _comparison(self.place(study, names))
        races = [f"race-{name}" for name in comparison.races["scenario"]]
        differences = [f"difference-{name}" for name in comparison.scenarios["scenario"]]
        return ["who_gains", *differences, "who_receives", *races]

    def picture(self, study: str, names: Sequence[str], figure: str, lang: Lang) -> dict[str, Any]:
        """Return a picture: title, reading, aspect, spec."""
        return kept_picture(self.place(study, names), figure, lang)


def _figures(version: Path) -> str:
    """Return the digest of the study that a kept version is of, with which its name begins."""
    return version.name.partition("-")[0]


def _folder(store_folder: Path, study: str, names: Sequence[str]) -> Path:
    digest = hashlib.sha256(",".join(names).encode()).hexdigest()[:12]
    return store_folder / COMPARISONS / study / digest


@lru_cache(maxsize=4)
def _comparison(place: Path) -> tuple[Plan, Comparison]:
    return kept(Plan, place), load(Comparison, place / "comparison")
