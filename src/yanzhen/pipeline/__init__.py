"""The main job: from a study to a plan and its report, stage by stage, restartable.

Every stage writes its result beside, then renames it into `stages/`, with a key made of the
inputs' hashes, the parameters, the versions, the package's sources and the stage before. A run
killed anywhere goes on from the last finished stage; the same inputs give the same bytes (timings
go to `run.json`).
"""

import gc
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from yanzhen.market.counterfactuals.comparison import Comparison
from yanzhen.market.counterfactuals.extensions import require_openings
from yanzhen.market.plan.draws import SEED
from yanzhen.market.plan.plan import Plan
from yanzhen.market.plan.uncertainty import DRAWS, Elsewhere
from yanzhen.market.problem.formulation import Formulation, formulate
from yanzhen.market.problem.labels import require_room
from yanzhen.market.problem.study_inputs import StudyInputs
from yanzhen.market.problem.tolerance import TOLERANCE
from yanzhen.modes.chain import ChainAnalysis, Guard
from yanzhen.modes.coconstruction.surveys.plan_survey import PlanSurvey
from yanzhen.pipeline.analyses import analysis_chapters, look_further, refused_chapters
from yanzhen.pipeline.chains import chapters, look_into_chains
from yanzhen.pipeline.cooperation import (
    agreed_terms,
    cooperation_chapters,
    look_into_cooperation,
)
from yanzhen.pipeline.effects import computed, in_effects, look_into_effects, refusal_chapters
from yanzhen.pipeline.goals import look_into_goals
from yanzhen.pipeline.headlines import compared, in_chains, summary
from yanzhen.pipeline.in_memory import compare_cleared as compare_cleared
from yanzhen.pipeline.in_memory import compare_study as compare_study
from yanzhen.pipeline.in_memory import formulated as formulated
from yanzhen.pipeline.in_memory import plan_study as plan_study
from yanzhen.pipeline.in_memory import planned_study as planned_study
from yanzhen.pipeline.planning import Planned as Planned
from yanzhen.pipeline.planning import Stage, hashes_of, key_of, library_versions, plan_of_study
from yanzhen.pipeline.scenarios import read_scenarios, scenario_hashes
from yanzhen.pipeline.share_done import SHARE_DONE
from yanzhen.pipeline.storage import (
    content_hash,
    load,
    output_hashes,
    read_json,
    store,
    stored_key,
    write_json,
)
from yanzhen.report.analyses.plan import write_plan
from yanzhen.report.analyses.scenarios import write_comparison
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import Lang
from yanzhen.study import Study, read_study
from yanzhen.study.assumptions import parameter_values, used_parameters
from yanzhen.study.replacing import unfinished

COMPARED = "scenarios"
"""Folder of the comparison within that of a plan."""
Progress = Callable[[str, float], None]
T = TypeVar("T")


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
# Kept wide: what the command is told, handed on.
def run_plan(
    study_path: str,
    out: Path,
    lang: Lang,
    progress: Progress,
    draws: int = DRAWS,
    scenarios: Sequence[str] = (),
    guard: Guard | None = None,
    foretell: Callable[[float], None] = lambda seconds: None,
    elsewhere: Elsewhere | None = None,
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
    elsewhere : clears the draws, this machine unless told; the plan is the same

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
    inputs = hashes_of(study, parameters)
    key = key_of(inputs, draws)
    timings["study"] = time.perf_counter() - began
    guard = guard or Guard()
    with_scenarios = content_hash({"plan": key, "scenarios": scenario_hashes(supposed)})
    with_guard = content_hash({"plan": key, "guard": asdict(guard)})
    with_agreements = content_hash({"plan": key, "agreements": agreed_terms(study)})
    whole = content_hash(
        {"scenarios": with_scenarios, "guard": with_guard, "agreements": with_agreements}
    )
    kept = _kept(study, out, progress, timings)
    made = plan_of_study(
        study, parameters, kept(key), draws, supposed, kept(with_scenarios), foretell, elsewhere
    )
    plan, comparison = made.plan, made.comparison
    chains = look_into_chains(made.cleared, guard, kept(with_guard))
    cooperation = look_into_cooperation(plan, made.cleared, kept(with_agreements))
    effects = look_into_effects(made.cleared, plan.uncertainty, kept(key))
    analyses, refused = look_further(study, kept(key))
    analyses |= computed(effects) | look_into_goals(made.cleared, plan.uncertainty, kept(key))
    progress("report", SHARE_DONE["report"])
    start = time.perf_counter()
    if not _reported(out, whole, lang):
        with _set_aside(), unfinished(out):
            reader = Reader(plan.study, lang)
            (out / "manifest.json").unlink(missing_ok=True)
            further = [
                *chapters(chains, reader),
                *cooperation_chapters(cooperation, reader),
                *analysis_chapters(analyses, reader),
                *refusal_chapters(effects, reader),
                *refused_chapters(refused, reader),
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
                "versions": library_versions(),
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
    made_on = date.today().isoformat()
    write_json(out / "run.json", {"seconds": timings, "study": study.path, "made": made_on})
    progress("done", SHARE_DONE["done"])
    certified = comparison is None or bool(comparison.scenarios["certified"].all())
    said = summary(plan) | ({} if comparison is None else {"scenarios": compared(comparison)})
    found = chains if isinstance(chains, ChainAnalysis) else None
    said |= in_effects(effects) | ({} if found is None else {"chains": in_chains(found)})
    agreed = cooperation if isinstance(cooperation, PlanSurvey) else None
    passed = plan.certificate.passed and certified
    return PlanRun(out, plan, comparison, found, agreed, analyses, said, passed)


@contextmanager
def _set_aside() -> Iterator[None]:
    """Keep what there is out of the searches for garbage that go with making much else."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


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


def _reported(out: Path, key: str, lang: str) -> bool:
    """Whether the folder already holds this very report, every file as it was written."""
    if not (out / "manifest.json").exists():
        return False
    manifest = read_json(out / "manifest.json")
    same = manifest["key"] == key and manifest["language"] == lang
    return same and bool(manifest["outputs"] == output_hashes(out))
