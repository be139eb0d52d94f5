"""Estimates and standard errors of other packages on small SYNTHETIC cases, for the tests.

    python benchmarks/history_peers.py > tests/history/peers.json

xlogit, pyfixest and biogeme cannot be installed beside this package's locked Numba, so that this
runs in an environment of its own and the tests hold ours against what it wrote:

    pip install xlogit pyfixest biogeme "tomlkit<0.13" polars dataframely fastexcel xlsxwriter
    pip install --no-deps .
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "history"))

from choosers import long_data, simulated

from yanzhen.history.choices import Choices


def xlogit_logit(choices: Choices) -> dict[str, object]:
    """Maximum likelihood with standard errors from the inverse information."""
    import xlogit

    x, chooser = long_data(choices)
    peer = xlogit.MultinomialLogit()
    peer.fit(
        X=x,
        y=choices.counts.ravel(),
        varnames=list(choices.names),
        ids=chooser,
        alts=np.tile(np.arange(choices.sites), len(choices.cell)),
        verbose=0,
        tol_opts={"ftol": 1e-14, "gtol": 1e-9},
    )
    return {
        "estimates": peer.coeff_.tolist(),
        "errors": peer.stderr.tolist(),
        "log_likelihood": float(peer.loglikelihood),
    }


def pyfixest_poisson(choices: Choices) -> dict[str, object]:
    """Poisson counts with an effect for each chooser, standard errors clustered by chooser."""
    import pyfixest

    x, chooser = long_data(choices)
    frame = pd.DataFrame(x, columns=list(choices.names))
    frame["taken"], frame["chooser"] = choices.counts.ravel(), chooser
    peer = pyfixest.fepois(
        "taken ~ cost + access + skills | chooser",
        frame,
        vcov={"CRV1": "chooser"},
        ssc=pyfixest.ssc(k_adj=False, G_adj=False),
        iwls_tol=1e-12,
    )
    return {"estimates": peer.coef().tolist(), "errors": peer.se().tolist()}


def biogeme_logit(choices: Choices) -> dict[str, object]:
    """Maximum likelihood with inverse-information and sandwich standard errors."""
    import biogeme.biogeme as bio
    from biogeme import models
    from biogeme.database import Database
    from biogeme.expressions import Beta, Variable

    x, _ = long_data(choices)
    wide = x.reshape(len(choices.cell), choices.sites, len(choices.names))
    columns = {
        f"{name}_{j}": wide[:, j, k]
        for k, name in enumerate(choices.names)
        for j in range(choices.sites)
    }
    columns["taken"] = choices.counts.argmax(axis=1)
    tastes = {name: Beta(name, 0, None, None, 0) for name in choices.names}
    payoff = {
        j: sum(tastes[name] * Variable(f"{name}_{j}") for name in choices.names)
        for j in range(choices.sites)
    }
    likelihood = models.loglogit(payoff, None, Variable("taken"))
    database = Database("choices", pd.DataFrame(columns))
    model = bio.BIOGEME(database, likelihood, generate_html=False, generate_yaml=False)
    model.model_name = "choices"
    found = model.estimate()
    table = found.get_beta_values()
    names = list(choices.names)
    return {
        "estimates": [float(table[name]) for name in names],
        "errors": _errors(found, names, "RAO_CRAMER"),
        "robust": _errors(found, names, "ROBUST"),
        "log_likelihood": float(found.final_log_likelihood),
    }


def _errors(found: object, names: list[str], kind: str) -> list[float]:
    from biogeme.results_processing import EstimateVarianceCovariance as Kind

    covariance = found.get_variance_covariance_matrix(Kind[kind])  # type: ignore[attr-defined]
    table = pd.DataFrame(covariance, index=found.beta_names, columns=found.beta_names)  # type: ignore[attr-defined]
    return [float(np.sqrt(table.loc[name, name])) for name in names]


def main() -> None:
    one = {"seed": 10, "choosers": 400}
    repeated = {"seed": 11, "choosers": 100, "times": 6}
    cases = (
        ("xlogit", one, xlogit_logit),
        ("biogeme", one, biogeme_logit),
        ("pyfixest", repeated, pyfixest_poisson),
    )
    found = {
        name: {"version": version(name), "case": case, **fit(simulated(**case))}
        for name, case, fit in cases
    }
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
