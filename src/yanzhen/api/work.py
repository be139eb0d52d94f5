"""What the process of one job does: `python -m yanzhen.api.work`, told what by its worker.

Its standard input gives the job as a line of JSON and ends when the worker does; to its standard
output it says, a line each, how far it is and at last how it ended. What it made is written whole,
but it is the worker that shows it to readers.
"""

import json
import os
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from yanzhen.api.versions import Version
from yanzhen.collecting import collect_seldom

Progress = Callable[[str, float], None]
NO_SERVER: Mapping[str, str] = MappingProxyType({})
NOTHING_TO_CLEAR = (
    "No site, or no project, is listed that this study's market can take.",
    "没有可供本研究市场出清的承接地或项目条目。",
)
Making = Callable[[Path, Mapping[str, str], Progress], Version]


def main() -> None:
    """Do one job and say how it ended."""
    collect_seldom()
    given = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_the_worker, daemon=True).start()
    # What libraries print must not stand among what is said to the worker.
    told = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    turn = threading.Lock()

    def say(said: Mapping[str, object]) -> None:
        with turn:
            print(json.dumps(said), file=told, flush=True)

    def progress(stage: str, share: float) -> None:
        say({"stage": stage, "share": share})

    work = given["kind"], Path(given["store"]), given["subject"], progress
    say({"outcome": outcome_of(*work, given["server"])})


# Kept whole: what work there is, and what each error is told as.
def outcome_of(
    kind: str,
    store: Path,
    subject: Mapping[str, str],
    progress: Progress,
    server: Mapping[str, str] = NO_SERVER,
) -> dict[str, Any]:
    """Do work; how it ended, with the version of the result that it made.

    Parameters
    ----------
    server : folder and database, for work that is of all organisations
    """
    from yanzhen.api.analyses import make_analysis
    from yanzhen.api.comparisons import make_comparison
    from yanzhen.api.exchange_clearing import make_clearing
    from yanzhen.api.plans import make_plan
    from yanzhen.api.problem_details import Refusal
    from yanzhen.api.technologies import make_technology
    from yanzhen.exchange.docking.clearing import NothingToClear
    from yanzhen.market.problem.no_prices import NoPrices
    from yanzhen.report.analyses.analysis import NotThere
    from yanzhen.report.analyses.registry import ANALYSES
    from yanzhen.study import StudyError
    from yanzhen.study.extras import lacking
    from yanzhen.study.storage_faults import is_full, storage_fault

    work: dict[str, Making] = {
        "plan": make_plan,
        "comparison": make_comparison,
        "technology": make_technology,
        "clearing": partial(make_clearing, server),
        **{name: partial(make_analysis, analysis) for name, analysis in ANALYSES.items()},
    }
    try:
        made = work[kind](store, subject, progress)
    except StudyError as error:
        count = len(error.problems)
        return {
            "state": "failed",
            "error": f"The study has {count} problem(s).",
            "error_zh": f"研究数据有{count}个问题。",
            "problems": [asdict(problem) for problem in error.problems],
        }
    except Refusal as error:
        # What it was about is not there any more, as a scenario that was deleted meanwhile.
        return {"state": "failed", "error": error.said("en"), "error_zh": error.said("zh")}
    except NoPrices as error:
        return {"state": "failed", "error": error.text("en"), "error_zh": error.text("zh")}
    except NotThere as error:
        en, zh = error.words
        return {"state": "failed", "error": en, "error_zh": zh}
    except NothingToClear:
        en, zh = NOTHING_TO_CLEAR
        return {"state": "failed", "error": en, "error_zh": zh}
    except ImportError as error:
        said, said_zh = lacking(error) or (str(error), str(error))
        return {"state": "failed", "error": said, "error_zh": said_zh}
    except Exception as error:
        unwritten = storage_fault(error)
        if unwritten is not None and is_full(unwritten):
            return {
                "state": "failed",
                "error": "No room is left on the server's disk; what was finished is kept. "
                "Whoever runs the server must make room, then start the work again.",
                "error_zh": "服务器磁盘空间不足，已完成的部分仍保留。"
                "请服务器管理人员腾出空间后重新发起任务。",
            }
        fault = "".join(traceback.format_exception_only(error)).strip()
        return {
            "state": "failed",
            "error": f"The work ended by a fault of the program, not of the study: {fault}",
            "error_zh": f"任务因程序故障中止，并非研究数据有误：{fault}",
        }
    return {"state": "done", "version": {**asdict(made), "folder": str(made.folder)}}


def _end_with_the_worker() -> None:
    # Not through a buffer, whose lock would be asked for at the end of the process.
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
