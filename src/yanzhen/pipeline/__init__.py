"""The main job: from a study to a plan and its report, stage by stage, restartable.

Every stage writes its result beside, then renames it into `stages/`, with a key made of the
inputs' hashes, the parameters, the versions, the package's sources and the stage before. A run
killed anywhere goes on from the last finished stage; the same inputs give the same bytes (timings
go to `run.json`).
"""

import hashlib
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol, TypeVar

import polars as pl
from threadpoolctl import threadpool_limits

from yanzhen.advantage.attraction import LocationalAdvantage
from yanzhen.market.counterfactuals.comparison import Comparison
from yanzhen.market.counterfactuals.extensions import Openings, opened, require_openings
from yanzhen.market.counterfactuals.scenario import Scenario
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.plan.draws import SEED
from yanzhen.market.plan.plan import Plan, make_plan
from yanzhen.market.plan.uncertainty import DRAWS, Uncertainty, uncertainty
from yanzhen.market.problem.formulation import Formulation, formulate
from yanzhen.market.problem.labels import require_room
from yanzhen.market.problem.study_inputs import StudyInputs, study_inputs
from yanzhen.market.problem.tolerance import TOLERANCE
from yanzhen.modes.chain import ChainAnalysis, Guard
from yanzhen.modes.coconstruction.surveys.plan_survey import PlanSurvey
from yanzhen.pipeline.analyses import analysis_chapters, look_further
from yanzhen.pipeline.chains import chapters, look_into_chains
from yanzhen.pipeline.cooperation import (
    agreed_terms,
    cooperation_chapters,
    look_into_cooperation,
)
from yanzhen.pipeline.effects import computed, in_effects, look_into_effects, refusal_chapters
from yanzhen.pipeline.goals import look_into_goals
from yanzhen.pipeline.headlines import compared, in_chains, summary
from yanzhen.pipeline.scenarios import compare_scenarios, read_scenarios, scenario_hashes
from yanzhen.pipeline.share_done import SHARE_DONE
from yanzhen.pipeline.stages import (
    Accounts,
    MarketStage,
    at_prices,
    clear_market,
    measure_accounts,
    measure_advantage,
)
from yanzhen.pipeline.storage import (
    content_hash,
    load,
    output_hashes,
    read_json,
    sources_hash,
    store,
    stored_key,
    table_hash,
    write_json,
)
from yanzhen.report.analyses.plan import write_plan
from yanzhen.report.analyses.scenarios import write_comparison
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import Lang
from yanzhen.study import Study, read_study, require_checked
from yanzhen.study.assumptions import parameter_values, used_parameters

COMPARED = "scenarios"
"""Folder of the comparison within that of a plan."""
LIBRARIES = ("yanzhen", "polars", "numpy", "scipy", "altair", "xlsxwriter")
Progress = Callable[[str, float], None]
T = TypeVar("T")


class Stage(Protocol):
    """Gives a stage's result, made now or recalled; `make` is given what tells its progress."""

    def __call__(
        self, name: str, kind: type[T], make: Callable[[Callable[[float], None]], T]
    ) -> T: ...


@dataclass(frozen=True)
class PlanRun:
    """A finished run.

    Attributes
    ----------
    folder : where everything was written
    plan : the plan
    comparison : of the scenarios with the plan, None without scenarios
    chains : before and after the plan, None where the study has no accounts for them
    cooperation : which mode is for whom at the plan, None where the study does not say enough
    analyses : others that the report has a chapter of, by name
    summary : headline figures, JSON-able
    certificate_passed : whether the prices of the market, and of every scenario's, were proved to
        clear it
    """

    folder: Path
    plan: Plan
    comparison: Comparison | None
    chains: ChainAnalysis | None
    cooperation: PlanSurvey | None
    analyses: Mapping[str, Any]
    summary: dict[str, object]
    certificate_passed: bool


# Kept whole: the stages in their order, each kept under all that it rests on.
def run_plan(
    study_path: str,
    out: Path,
    lang: Lang,
    progress: Progress,
    draws: int = DRAWS,
    scenarios: Sequence[str] = (),
    guard: Guard | None = None,
    foretell: Callable[[float], None] = lambda seconds: None,
) -> PlanRun:
    """Make the plan of a study and write its report.

    Parameters
    ----------
    study_path : folder, workbook, database or name of an example
    out : folder of the result, made if it is not there
    lang : zh or en, language of the report
    progress : called with the name of the stage that is at work and the share done
    draws : of parameters and room, for the intervals; none for none
    scenarios : files of scenarios, or names of those that come with the package, to set beside the
        plan
    guard : limits on the security of supply that the plan may not break
    foretell : called with the seconds that draws will take, once the first of many regions is done

    Raises
    ------
    StudyError
        When the study or a scenario cannot be used.
    yanzhen.market.equilibrium.newton_dense.NotCleared
        When prices that clear the market were not found.
    """
    timings: dict[str, float] = {}
    began = time.perf_counter()
    progress("study", SHARE_DONE["study"])
    study = read_study(study_path)
    parameters = used_parameters(study)
    supposed = read_scenarios(scenarios, study, parameters["parameter"].to_list())
    inputs = {name: table_hash(table) for name, table in sorted(study.tables.items())}
    inputs["study.toml"] = hashlib.sha256(repr(study.about).encode()).hexdigest()
    inputs["parameters"] = table_hash(parameters)
    versions = {name: version(name) for name in LIBRARIES}
    key = content_hash(
        {
            "inputs": inputs,
            "versions": versions,
            "sources": sources_hash(),
            "seed": SEED,
            "tolerance": TOLERANCE,
            "draws": draws,
        }
    )
    timings["study"] = time.perf_counter() - began
    guard = guard or Guard()
    with_scenarios = content_hash({"plan": key, "scenarios": scenario_hashes(supposed)})
    with_guard = content_hash({"plan": key, "guard": asdict(guard)})
    with_agreements = content_hash({"plan": key, "agreements": agreed_terms(study)})
    whole = content_hash(
        {"scenarios": with_scenarios, "guard": with_guard, "agreements": with_agreements}
    )
    kept = _kept(study, out, progress, timings)
    made = _plan(study, parameters, kept(key), draws, supposed, kept(with_scenarios), foretell)
    plan, comparison = made.plan, made.comparison
    chains = look_into_chains(made.cleared, guard, kept(with_guard))
    cooperation = look_into_cooperation(plan, made.cleared, kept(with_agreements))
    effects = look_into_effects(made.cleared, plan.uncertainty, kept(key))
    analyses = look_further(study, kept(key)) | computed(effects)
    analyses |= look_into_goals(made.cleared, plan.uncertainty, kept(key))
    progress("report", SHARE_DONE["report"])
    start = time.perf_counter()
    if not _reported(out, whole, lang):
        reader = Reader(plan.study, lang)
        (out / "manifest.json").unlink(missing_ok=True)
        further = [
            *chapters(chains, reader),
            *cooperation_chapters(cooperation, reader),
            *analysis_chapters(analyses, reader),
            *refusal_chapters(effects, reader),
        ]
        write_plan(plan, out, reader, further)
        if (out / COMPARED).exists():
            shutil.rmtree(out / COMPARED)
        if comparison is not None:
            write_comparison(plan, comparison, out / COMPARED, reader)
        manifest = {
            "key": whole,
            "study": {"title_zh": study.about.title_zh, "title_en": study.about.title_en},
            "synthetic": study.about.synthetic,
            "inputs": inputs,
            "parameters": parameter_values(parameters),
            "versions": versions,
            "seed": SEED,
            "draws": draws,
            "scenarios": scenario_hashes(supposed),
            "guard": asdict(guard),
            "certificate": {**plan.certificate.checks, "tolerance": TOLERANCE},
            "language": lang,
            "outputs": output_hashes(out),
        }
        write_json(out / "manifest.json", manifest)
    timings["report"] = time.perf_counter() - start
    timings["total"] = time.perf_counter() - began
    write_json(out / "run.json", {"seconds": timings, "study": study.path})
    progress("done", SHARE_DONE["done"])
    certified = comparison is None or bool(comparison.scenarios["certified"].all())
    said = summary(plan) | ({} if comparison is None else {"scenarios": compared(comparison)})
    found = chains if isinstance(chains, ChainAnalysis) else None
    said |= in_effects(effects) | ({} if found is None else {"chains": in_chains(found)})
    agreed = cooperation if isinstance(cooperation, PlanSurvey) else None
    passed = plan.certificate.passed and certified
    return PlanRun(out, plan, comparison, found, agreed, analyses, said, passed)


def plan_study(study: Study, draws: int = 0) -> Plan:
    """Make the plan of a study in memory, writing nothing; for notebooks.

    Parameters
    ----------
    draws : of parameters and room, for the intervals; without any they are null

    Raises
    ------
    StudyError
        When the study cannot be used.
    yanzhen.market.equilibrium.newton_dense.NotCleared
        When prices that clear the market were not found.
    """
    sound = require_checked(study)
    return _plan(sound, used_parameters(sound), _made, draws, (), _made).plan


def compare_study(study: Study, scenarios: Sequence[str]) -> tuple[Plan, Comparison]:
    """Make the plan of a study and set scenarios beside it, writing nothing; for notebooks.

    Parameters
    ----------
    scenarios : at least one file, or name of a scenario that comes with the package

    Raises
    ------
    StudyError
        When the study or a scenario cannot be used.
    yanzhen.market.equilibrium.newton_dense.NotCleared
        When prices that clear a market were not found.
    """
    sound = require_checked(study)
    parameters = used_parameters(sound)
    supposed = read_scenarios(scenarios, sound, parameters["parameter"].to_list())
    made = _plan(sound, parameters, _made, 0, supposed, _made)
    if made.comparison is None:
        raise ValueError("no scenario to compare")
    return made.plan, made.comparison


def formulated(study: Study) -> Formulation:
    """Set up the market of a study without clearing it.

    Raises
    ------
    StudyError
        When the study cannot be used.
    """
    return formulate(study_inputs(require_checked(study)))


def rehearse_plan(inputs: StudyInputs) -> Formulation:
    """Set up the market of a study, or refuse it as far as that is known without clearing.

    Raises
    ------
    StudyError
        When the study cannot be used, lacks data or has too little room.
    """
    formulation = formulate(inputs)
    require_openings(inputs)
    require_room(inputs.study, formulation.market, formulation.labels)
    return formulation


def _kept(
    study: Study, out: Path, progress: Progress, timings: dict[str, float]
) -> Callable[[str], Stage]:
    """Stages that are kept in a folder and recalled from there, by their key."""

    def of_key(key: str) -> Stage:
        def kept(name: str, kind: type[T], make: Callable[[Callable[[float], None]], T]) -> T:
            begin = SHARE_DONE.get(name, SHARE_DONE["cooperation"])
            end = min(share for share in SHARE_DONE.values() if share > begin)
            progress(name, begin)
            start = time.perf_counter()
            folder = out / "stages" / name
            if stored_key(folder) == key:
                result = load(kind, folder, study)
            else:
                result = make(lambda share: progress(name, begin + (end - begin) * share))
                store(result, folder, key)
            timings[name] = time.perf_counter() - start
            return result

        return kept

    return of_key


def _made(name: str, kind: type[T], make: Callable[[Callable[[float], None]], T]) -> T:
    """A stage that is made and not kept."""
    return make(lambda share: None)


@dataclass(frozen=True)
class _Planned:
    """What comes of a study before its report."""

    plan: Plan
    comparison: Comparison | None
    cleared: ClearedStudy


def _plan(
    study: Study,
    parameters: pl.DataFrame,
    stage: Stage,
    draws: int,
    scenarios: Sequence[Scenario],
    compared_stage: Stage,
    foretell: Callable[[float], None] = lambda seconds: None,
) -> _Planned:
    """Run the stages between a study and its plan; `stage` keeps or recalls their results.

    Matrix products run on one thread: their rounding depends on how many share the work.
    """
    with threadpool_limits(limits=1, user_api="blas"):
        accounts = stage("accounts", Accounts, lambda tell: measure_accounts(study))
        decay = parameter_values(parameters)["access_decay"]
        advantage = stage(
            "advantage", LocationalAdvantage, lambda tell: measure_advantage(study, accounts, decay)
        )
        inputs = StudyInputs(study, accounts.panel, accounts.past, advantage, parameters)
        formulation = formulate(inputs)
        market = stage("market", MarketStage, lambda tell: clear_market(inputs, formulation))
        cleared = at_prices(inputs, formulation, market)
        drawn = stage(
            "uncertainty",
            Uncertainty,
            lambda tell: uncertainty(cleared, SEED, draws, tell, foretell),
        )
        further = stage("options", Openings, lambda tell: opened(cleared, SEED))
        comparison = None
        if scenarios:
            comparison = compared_stage(
                "scenarios",
                Comparison,
                lambda tell: compare_scenarios(cleared, scenarios, tell),
            )
        plan = make_plan(
            cleared,
            accounts.completion,
            market.without_flagged,
            market.without_earlier,
            drawn,
            further,
        )
        return _Planned(plan, comparison, cleared)


def _reported(out: Path, key: str, lang: str) -> bool:
    """Whether the folder already holds this very report, every file as it was written."""
    if not (out / "manifest.json").exists():
        return False
    manifest = read_json(out / "manifest.json")
    same = manifest["key"] == key and manifest["language"] == lang
    return same and bool(manifest["outputs"] == output_hashes(out))
