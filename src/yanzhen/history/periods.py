"""Periods of a backtest: what is learnt from knows nothing of what is foretold."""

from collections.abc import Sequence

from yanzhen.history.words import message
from yanzhen.study import Problem, StudyError

Period = tuple[int, int]


def require_periods(
    file: str, years: Sequence[int], train: Period, test: Period, folded: bool
) -> None:
    """Refuse periods whose end would be known to the predictions.

    Parameters
    ----------
    file : what the years are from, named in what is wrong
    years : there
    train, test : first and last year; one and the same period only in folds
    folded : whether each part is foretold from the others

    Raises
    ------
    StudyError
        With everything that is wrong.
    """
    listed = ", ".join(map(str, years))
    problems = []
    for name, period in (("train", train), ("test", test)):
        if period == train and name == "test":
            continue
        if period[0] >= period[1]:
            said = message("backward", first=period[0], last=period[1])
            problems.append(Problem.at(file, "", None, name, *said))
        for year in dict.fromkeys(period):
            if year not in years:
                said = message("not_in_panel", year=year, listed=listed)
                problems.append(Problem.at(file, "", None, name, *said))
    if not problems and train == test and not folded:
        problems.append(Problem.at(file, "", None, "test", *message("period_learnt_from")))
    elif not problems and train != test and train[1] > test[0]:
        said = message("outcome_known", start=test[0], end=train[1])
        problems.append(Problem.at(file, "", None, "test", *said))
    if problems:
        raise StudyError(problems)
