"""The main job: from a study to a plan and its report, stage by stage, restartable.

Every stage writes its result beside, then renames it into `stages/`, with a key made of the
inputs' hashes, the parameters, the versions and the stage before. A run killed anywhere goes on
from the last finished stage; the same inputs give the same bytes (timings go to `run.json`).
"""

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol, TypeVar, get_args, get_origin, get_type_hints

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from yanzhen import report
from yanzhen.accounts.carried_forward import CarriedForward, carry_forward
from yanzhen.accounts.completion import Completion, complete
from yanzhen.accounts.panel import Panel, output_panel, without_regions
from yanzhen.advantage.attraction import Attraction, attraction
from yanzhen.market.certificate import certify
from yanzhen.market.choice import choose, group_demand, site_demand
from yanzhen.market.clearing import Clearing, clear
from yanzhen.market.formulation import Formulation, formulate
from yanzhen.market.instance import Prices
from yanzhen.market.places import net_by_macro_region
from yanzhen.market.plan import Plan, make_plan
from yanzhen.study import Study, read_study
from yanzhen.study.assumptions import parameter_values, used_parameters

SEED = 20220114
"""Order in which cells are hidden when the completion is tested."""
TOLERANCE = 1e-6
LIBRARIES = ("yanzhen", "polars", "numpy", "scipy", "altair", "xlsxwriter")
Progress = Callable[[str, float], None]
T = TypeVar("T")
SHARE_DONE = {"accounts": 0.1, "advantage": 0.2, "market": 0.3, "report": 0.6}


class Stage(Protocol):
    """Gives a stage's result, made now or recalled."""

    def __call__(self, name: str, kind: type[T], make: Callable[[], T]) -> T: ...


@dataclass(frozen=True)
class Accounts:
    """Result of the stage `accounts`."""

    panel: Panel
    completion: Completion
    past: CarriedForward | None


@dataclass(frozen=True)
class Cleared:
    """Result of the stage `market`: clearing prices, and who gains without flagged regions."""

    prices: Prices
    steps: int
    without_flagged: pl.DataFrame


@dataclass(frozen=True)
class PlanRun:
    """A finished run.

    Attributes
    ----------
    folder : where everything was written
    plan : the plan
    summary : headline figures, JSON-able
    certificate_passed : whether the market's prices were proved to clear it
    """

    folder: Path
    plan: Plan
    summary: dict[str, object]
    certificate_passed: bool


def run_plan(study_path: str, out: Path, lang: report.Lang, progress: Progress) -> PlanRun:
    """Make the plan of a study and write its report.

    Parameters
    ----------
    study_path : folder, workbook, database or name of an example
    out : folder of the result, made if it is not there
    lang : zh or en, language of the report
    progress : called with the name of the stage that begins and the share done

    Raises
    ------
    StudyError
        When the study cannot be used.
    yanzhen.market.clearing.NotCleared
        When prices that clear the market were not found.
    """
    timings: dict[str, float] = {}
    began = time.perf_counter()
    progress("study", 0.0)
    study = read_study(study_path)
    parameters = used_parameters(study)
    inputs = {name: _table_hash(table) for name, table in sorted(study.tables.items())}
    inputs["study.toml"] = hashlib.sha256(repr(study.about).encode()).hexdigest()
    inputs["parameters"] = _table_hash(parameters)
    versions = {name: version(name) for name in LIBRARIES}
    key = _hash({"inputs": inputs, "versions": versions, "seed": SEED, "tolerance": TOLERANCE})
    timings["study"] = time.perf_counter() - began

    def stored(name: str, kind: type[T], make: Callable[[], T]) -> T:
        progress(name, SHARE_DONE[name])
        start = time.perf_counter()
        folder = out / "stages" / name
        if (folder / "stage.json").exists() and _json(folder / "stage.json")["key"] == key:
            result = load(kind, folder)
        else:
            result = make()
            store(result, folder, key)
        timings[name] = time.perf_counter() - start
        return result

    plan = _plan(study, parameters, stored)
    progress("report", SHARE_DONE["report"])
    start = time.perf_counter()
    if not _reported(out, key, lang):
        (out / "manifest.json").unlink(missing_ok=True)
        report.write(plan, out, lang)
        manifest = {
            "key": key,
            "study": {"title_zh": study.about.title_zh, "title_en": study.about.title_en},
            "synthetic": study.about.synthetic,
            "inputs": inputs,
            "parameters": parameter_values(parameters),
            "versions": versions,
            "seed": SEED,
            "certificate": {**plan.certificate.checks, "tolerance": TOLERANCE},
            "language": lang,
            "outputs": _output_hashes(out),
        }
        _write_json(out / "manifest.json", manifest)
    timings["report"] = time.perf_counter() - start
    timings["total"] = time.perf_counter() - began
    _write_json(out / "run.json", {"seconds": timings, "study": study.path})
    progress("done", 1.0)
    return PlanRun(out, plan, summary(plan), plan.certificate.passed)


def plan_study(study: Study) -> Plan:
    """Make the plan of a study in memory, writing nothing; for notebooks.

    Raises
    ------
    StudyError
        When the study cannot be used.
    yanzhen.market.clearing.NotCleared
        When prices that clear the market were not found.
    """
    return _plan(study, used_parameters(study), lambda name, kind, make: make())


def _plan(study: Study, parameters: pl.DataFrame, stage: Stage) -> Plan:
    """Run the stages between a study and its plan; `stage` keeps or recalls their results.

    Matrix products run on one thread: their rounding depends on how many share the work.
    """
    with threadpool_limits(limits=1, user_api="blas"):
        return _plan_on_one_thread(study, parameters, stage)


def _plan_on_one_thread(study: Study, parameters: pl.DataFrame, stage: Stage) -> Plan:
    values = parameter_values(parameters)
    accounts, offered, formulation = _formulated(study, values, stage)
    cleared = stage(
        "market", Cleared, lambda: _market(study, accounts, offered, formulation, values)
    )
    return make_plan(
        study,
        accounts.panel,
        accounts.completion,
        accounts.past,
        offered,
        formulation,
        _clearing(formulation, cleared),
        parameters,
        cleared.without_flagged,
    )


def summary(plan: Plan) -> dict[str, object]:
    """Headline figures of a plan, with their units."""
    units = plan.study.about.units
    moving = float(plan.moves["output"].to_numpy().sum())
    return {
        "study": plan.study.about.title_en,
        "study_zh": plan.study.about.title_zh,
        "synthetic": plan.study.about.synthetic,
        "period": list(plan.period),
        "money_unit": units.money,
        "moving_output": moving,
        "moving_share": moving / float(plan.regions["output"].to_numpy().sum()),
        "macro_regions": plan.macro_regions.to_dicts(),
        "largest_moves": plan.moves.head(10).to_dicts(),
        "scarce_sites": plan.prices.filter(pl.col("binding")).to_dicts(),
        "certificate": {**plan.certificate.checks, "tolerance": plan.certificate.tolerance},
        "certificate_passed": plan.certificate.passed,
    }


def formulated(study: Study) -> Formulation:
    """Set up the market of a study without clearing it.

    Raises
    ------
    StudyError
        When the study cannot be used.
    """
    values = parameter_values(used_parameters(study))
    return _formulated(study, values, lambda name, kind, make: make())[2]


def _formulated(
    study: Study, values: dict[str, float], stage: Stage
) -> tuple[Accounts, Attraction, Formulation]:
    accounts = stage("accounts", Accounts, lambda: _accounts(study))
    offered = stage(
        "advantage", Attraction, lambda: _advantage(study, accounts, values["access_decay"])
    )
    return accounts, offered, formulate(study, accounts.panel, accounts.past, offered, values)


def _accounts(study: Study) -> Accounts:
    panel = output_panel(study)
    past = carry_forward(panel) if len(panel.years) > 1 else None
    return Accounts(panel, complete(panel, SEED), past)


def _advantage(study: Study, accounts: Accounts, access_decay: float) -> Attraction:
    return attraction(study, accounts.panel, accounts.completion.output[:, :, -1], access_decay)


def _market(
    study: Study,
    accounts: Accounts,
    offered: Attraction,
    formulation: Formulation,
    values: dict[str, float],
) -> Cleared:
    clearing = clear(formulation.market, TOLERANCE)
    return Cleared(
        clearing.prices,
        clearing.steps,
        _without_flagged(study, accounts, offered, values),
    )


def _without_flagged(
    study: Study, accounts: Accounts, offered: Attraction, values: dict[str, float]
) -> pl.DataFrame:
    """Net arrivals by macro-region of the market that leaves flagged regions out altogether."""
    flagged = study.about.flagged_regions
    panel = accounts.panel
    if not flagged or not study.tables["sites"].is_empty():
        return pl.DataFrame(schema={"macro_region": pl.String, "net_without": pl.Float64})
    rest = without_regions(panel, flagged)
    keep = np.array([region not in flagged for region in panel.regions])
    past = carry_forward(rest) if len(panel.years) > 1 else None
    formulation = formulate(study, rest, past, offered.of_regions(keep), values)
    clearing = clear(formulation.market, TOLERANCE)
    return net_by_macro_region(formulation, clearing)


def _clearing(formulation: Formulation, cleared: Cleared) -> Clearing:
    """What happens at stored prices, with the certificate made anew."""
    market = formulation.market
    choice = choose(market, cleared.prices)
    demand = site_demand(market, choice)
    return Clearing(
        cleared.prices,
        choice,
        demand,
        group_demand(market, demand),
        certify(market, cleared.prices, TOLERANCE),
        cleared.steps,
    )


def store(result: object, folder: Path, key: str) -> None:
    """Write a stage's result beside its folder, then put it in place whole."""
    beside = folder.with_name(folder.name + ".part")
    for leftover in (beside, folder):
        if leftover.exists():
            shutil.rmtree(leftover)
    beside.mkdir(parents=True)
    _store_fields(result, beside)
    _write_json(beside / "stage.json", {"key": key})
    beside.rename(folder)


def load(kind: type[T], folder: Path) -> T:
    """Read a result that `store` wrote; arrays, frames and nested dataclasses by field."""
    hints = get_type_hints(kind)
    plain = _json(folder / "values.json")
    parts: dict[str, Any] = {}
    for field in fields(kind):  # type: ignore[arg-type]
        hint, path = hints[field.name], folder / field.name
        nested = [option for option in (hint, *get_args(hint)) if is_dataclass(option)]
        if field.name in plain:
            value = plain[field.name]
            parts[field.name] = tuple(value) if get_origin(hint) is tuple else value
        elif nested and path.is_dir():
            parts[field.name] = load(nested[0], path)  # type: ignore[arg-type]
        elif path.with_suffix(".parquet").exists():
            parts[field.name] = pl.read_parquet(path.with_suffix(".parquet"))
        else:
            parts[field.name] = np.load(path.with_suffix(".npy"))
    return kind(**parts)


def _store_fields(result: object, folder: Path) -> None:
    plain: dict[str, object] = {}
    for field in fields(result):  # type: ignore[arg-type]
        value, path = getattr(result, field.name), folder / field.name
        if isinstance(value, pl.DataFrame):
            value.write_parquet(path.with_suffix(".parquet"))
        elif isinstance(value, np.ndarray):
            np.save(path.with_suffix(".npy"), value)
        elif is_dataclass(value):
            path.mkdir()
            _store_fields(value, path)
        else:
            plain[field.name] = value
    _write_json(folder / "values.json", plain)


def _output_hashes(out: Path) -> dict[str, str]:
    """Hash of every file of the report, by its path in the folder."""
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file()
        and path.name not in ("manifest.json", "run.json")
        and "stages" not in path.relative_to(out).parts
    }


def _reported(out: Path, key: str, lang: str) -> bool:
    """Whether the folder already holds this very report, every file as it was written."""
    if not (out / "manifest.json").exists():
        return False
    manifest = _json(out / "manifest.json")
    same = manifest["key"] == key and manifest["language"] == lang
    return same and bool(manifest["outputs"] == _output_hashes(out))


def _write_json(path: Path, content: Mapping[str, object]) -> None:
    beside = path.with_name(path.name + ".part")
    beside.write_text(
        json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    beside.replace(path)


def _json(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _table_hash(table: pl.DataFrame) -> str:
    return hashlib.sha256(table.write_csv().encode()).hexdigest()


def _hash(content: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
