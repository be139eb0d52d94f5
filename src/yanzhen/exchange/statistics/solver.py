"""The solver of linear and mixed-integer programmes, as the tables' arithmetic uses it."""

from typing import Any

import highspy


def quiet_solver() -> Any:
    """Return a HiGHS solver that says nothing, on one thread, so that it repeats itself."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
        solver.setOptionValue(option, value)
    return solver
