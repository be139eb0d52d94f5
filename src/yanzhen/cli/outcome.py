"""How a command ends: 0 done, 1 the work failed, 2 the input or the command is wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import NoReturn

import typer

from yanzhen.cli.language import Language, word
from yanzhen.cli.screen import print_json, print_problems, refuse, stderr

FAILED = 1
WRONG_INPUT = 2
INTERRUPTED = 130


@contextmanager
def honest_exit(language: Language, as_json: bool) -> Iterator[None]:
    """Turn what a user can mend into a sentence and an exit code; a bug keeps its traceback."""
    from yanzhen.market.problem.no_prices import NoPrices
    from yanzhen.study import StudyError
    from yanzhen.study.storage_faults import is_full, storage_fault

    try:
        yield
    except StudyError as error:
        if as_json:
            problems = [asdict(problem) for problem in error.problems]
            print_json({"error": type(error).__name__, "problems": problems})
        else:
            print_problems(error.problems, stderr(), language)
        refuse(word(language, "input_refused", count=len(error.problems)))
        raise typer.Exit(WRONG_INPUT) from None
    except NoPrices as error:
        if as_json:
            print_json({"error": type(error).__name__, "message": str(error)})
        refuse(error.text(language))
        raise typer.Exit(FAILED) from None
    except KeyboardInterrupt:
        refuse(word(language, "interrupted"))
        raise typer.Exit(INTERRUPTED) from None
    except Exception as error:
        fault = storage_fault(error)
        if fault is None:
            raise
        if as_json:
            print_json({"error": type(fault).__name__, "message": str(fault)})
        refuse(word(language, "no_room" if is_full(fault) else "cannot_read_or_write", error=fault))
        raise typer.Exit(FAILED) from None


def reject(message: str) -> NoReturn:
    """Say what is wrong with the command and end with 2."""
    refuse(message)
    raise typer.Exit(WRONG_INPUT)
