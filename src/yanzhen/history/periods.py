"""Periods of a backtest: nothing of what is foretold may be known to what is learnt from."""

from collections.abc import Sequence

from yanzhen.study import Problem, StudyError
from yanzhen.study.problem import Words

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
            there: Words = (f"{period[0]}:{period[1]}", f"{period[0]}:{period[1]}")
            forward: Words = ("an earlier year, then a later one", "先早后晚的两个年份")
            problems.append(Problem.at(file, "", None, name, there, forward))
        for year in dict.fromkeys(period):
            if year not in years:
                absent: Words = (f"{year}, which is not in the panel", f"{year}，面板中没有该年")
                one: Words = (f"a year of the panel: {listed}", f"面板中的年份：{listed}")
                problems.append(Problem.at(file, "", None, name, absent, one))
    if not problems and train == test and not folded:
        same: Words = ("the period learnt from", "与学习期相同的时期")
        later: Words = (
            "a later period, or folds: regions or double",
            "更晚的时期，或轮流留出（folds 为 regions 或 double）",
        )
        problems.append(Problem.at(file, "", None, "test", same, later))
    elif not problems and train != test and train[1] > test[0]:
        known: Words = (
            f"a test from {test[0]}, before train ends in {train[1]}: its outcome would be known",
            f"检验期始于 {test[0]} 年，早于学习期末 {train[1]} 年，结果已经知道",
        )
        after: Words = (f"a test from {train[1]} or later", f"检验期始于 {train[1]} 年或以后")
        problems.append(Problem.at(file, "", None, "test", known, after))
    if problems:
        raise StudyError(problems)
