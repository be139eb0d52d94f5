"""What `yanzhen estimate` writes into a study is what the plan's draws are drawn from."""

import numpy as np
import pytest

from yanzhen.history.estimate import estimate, with_estimates
from yanzhen.market.plan.draws import draw
from yanzhen.pipeline import plan_study
from yanzhen.study import Study, read_study
from yanzhen.study.assumptions import used_parameters

DRAWS = 400


@pytest.fixture(scope="module")
def estimated() -> Study:
    study = read_study("china-provinces")
    return with_estimates(study, estimate(study))


def test_draws_follow_the_estimated_covariance(estimated: Study) -> None:
    covariance = estimated.tables["parameter_covariance"]
    names = sorted({*covariance["parameter_a"], *covariance["parameter_b"]})
    parameters = used_parameters(estimated).sort("parameter")
    drawn = np.array(
        [
            [draw(parameters, covariance, 1, 7, number).parameters[name] for name in names]
            for number in range(DRAWS)
        ]
    )
    place = {name: k for k, name in enumerate(names)}
    stated = np.zeros((len(names), len(names)))
    for a, b, value in covariance.iter_rows():
        stated[place[a], place[b]] = stated[place[b], place[a]] = value
    spread = np.sqrt(np.diag(stated))
    correlation = stated / np.outer(spread, spread)
    strongest = np.unravel_index(np.abs(np.triu(correlation, 1)).argmax(), correlation.shape)
    found = np.corrcoef(drawn.T)[strongest]
    assert abs(correlation[strongest]) > 0.2
    assert found == pytest.approx(correlation[strongest], abs=0.15)
    # Draws outside the 95 % intervals are drawn again, so the spread is a little smaller.
    assert (drawn.std(axis=0) < 1.05 * spread).all()
    assert (drawn.std(axis=0) > 0.6 * spread).all()


def test_a_plan_is_drawn_from_the_estimates(estimated: Study) -> None:
    plan = plan_study(estimated, draws=5)
    used = dict(plan.parameters.select("parameter", "value").iter_rows())
    own = dict(estimated.tables["parameters"].select("parameter", "value").iter_rows())
    assert own
    assert all(used[name] == value for name, value in own.items())
    drawn = plan.uncertainty.parameters.filter(parameter=next(iter(own)))
    assert drawn["value"].n_unique() == 5
