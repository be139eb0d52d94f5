"""What a worker process does: `python -m yanzhen.api.worker STORE JOB_FOLDER`."""

import json
import os
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from yanzhen.report.document.writing import write_text

Progress = Callable[[str, float], None]


def main(store: Path, place: Path) -> None:
    """Do one job and leave its outcome."""
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    job = json.loads((place / "job.json").read_text(encoding="utf-8"))

    def progress(stage: str, share: float) -> None:
        write_text(place / "progress.json", json.dumps({"stage": stage, "share": share}))

    outcome = outcome_of(job["kind"], store, job["subject"], progress)
    write_text(place / "outcome.json", json.dumps(outcome, ensure_ascii=False))


def outcome_of(
    kind: str, store: Path, subject: dict[str, str], progress: Progress
) -> dict[str, Any]:
    from yanzhen.api.analyses import make_analysis
    from yanzhen.api.comparisons import make_comparison
    from yanzhen.api.plans import make_plan
    from yanzhen.api.technologies import make_technology
    from yanzhen.market.problem.no_prices import NoPrices
    from yanzhen.report.analyses.analysis import NotThere
    from yanzhen.report.analyses.registry import ANALYSES
    from yanzhen.study import StudyError
    from yanzhen.study.extras import lacking

    work: dict[str, Callable[[Path, dict[str, str], Progress], None]] = {
        "plan": make_plan,
        "comparison": make_comparison,
        "technology": make_technology,
        **{name: partial(make_analysis, analysis) for name, analysis in ANALYSES.items()},
    }
    try:
        work[kind](store, subject, progress)
    except StudyError as error:
        count = len(error.problems)
        return {
            "state": "failed",
            "error": f"The study has {count} problem(s).",
            "error_zh": f"研究数据有{count}个问题。",
            "problems": [asdict(problem) for problem in error.problems],
        }
    except NoPrices as error:
        return {"state": "failed", "error": error.text("en"), "error_zh": error.text("zh")}
    except NotThere as error:
        zh, en = error.said
        return {"state": "failed", "error": en, "error_zh": zh}
    except ImportError as error:
        said, said_zh = lacking(error) or (str(error), str(error))
        return {"state": "failed", "error": said, "error_zh": said_zh}
    except Exception as error:
        fault = "".join(traceback.format_exception_only(error)).strip()
        return {
            "state": "failed",
            "error": f"The work ended by a fault of the program, not of the study: {fault}",
            "error_zh": f"任务因程序故障中止，并非研究数据有误：{fault}",
        }
    return {"state": "done", "stage": "done", "share": 1.0}


def _end_with_the_server() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
