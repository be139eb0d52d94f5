"""`yanzhen estimate`: parameters of the market from what happened."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yanzhen.cli.clusters import EstimateOnCluster, client_of
from yanzhen.cli.language import Language, help_of, language_of, word
from yanzhen.cli.naming import refuse_nation
from yanzhen.cli.options import AsJson, Spoken, StudyName
from yanzhen.cli.outcome import WRONG_INPUT, honest_exit
from yanzhen.cli.screen import print_json, refuse, stdout, working

if TYPE_CHECKING:
    from yanzhen.history.cluster_likelihood import ClusterLikelihood
    from yanzhen.history.estimate import Estimate


def estimate(
    study: StudyName,
    out: Annotated[Path | None, typer.Option(metavar="STUDY", help=help_of("out_study"))] = None,
    cluster: EstimateOnCluster = None,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """Estimate tastes from observed moves, or from changes of output, with their covariance.
    由观察到的转移或产值变化估计偏好参数及其协方差。

    With [bold]--out[/] the study is written anew with them, and [bold]yanzhen plan[/] uses them.

    加 [bold]--out[/] 则写出含估计值的研究，[bold]yanzhen plan[/] 即予采用。
    """
    language = lang or language_of()
    refuse_nation(study, language)
    with honest_exit(language, as_json):
        from yanzhen.history.conditional import NoMaximum, NotIdentified
        from yanzhen.history.estimate import estimate as learn
        from yanzhen.history.estimate import with_estimates
        from yanzhen.study import read_study, write_study

        try:
            with working(word(language, "estimating")):
                given = read_study(study)
                with _likelihood_by(cluster, language) as evaluated:
                    found = learn(given) if evaluated is None else learn(given, evaluated)
        except (ValueError, NoMaximum, NotIdentified) as error:
            if as_json:
                print_json({"error": type(error).__name__, "message": str(error)})
            refuse(_why_not(error, language))
            raise typer.Exit(WRONG_INPUT) from None
        if out is not None:
            write_study(with_estimates(given, found), out)
    if as_json:
        print_json(_plain(found))
    else:
        _print(found, language)


@contextmanager
def _likelihood_by(cluster: str | None, language: Language) -> Iterator["ClusterLikelihood | None"]:
    """What sums the likelihood; None for this machine."""
    if cluster is None:
        yield None
        return
    from yanzhen.history.cluster_likelihood import ClusterLikelihood

    with client_of(cluster, language) as client:
        yield ClusterLikelihood(client)


def _why_not(error: Exception, language: Language) -> str:
    from yanzhen.history.conditional import NoMaximum, NotIdentified

    if isinstance(error, NotIdentified):
        listed = "；".join(error.directions)
        return word(language, "not_identified", error=error, listed=listed)
    key = "no_maximum" if isinstance(error, NoMaximum) else "not_estimated"
    return word(language, key, error=error)


def _plain(found: "Estimate") -> dict[str, object]:
    return {
        "seen": found.seen,
        "years": list(found.years),
        "parameters": found.parameters.to_dicts(),
        "covariance": found.covariance.to_dicts(),
        "assumed": list(found.assumed),
        "log_likelihood": found.fitted.log_likelihood,
        # Gains of output are no draws, so that their ratio has no known distribution.
        "likelihood_ratio": found.fitted.likelihood_ratio if found.seen == "moves" else None,
        "pseudo_r2": found.fitted.pseudo_r2,
    }


def _print(found: "Estimate", language: Language) -> None:
    from rich.table import Table

    table = Table(header_style="bold")
    for heading in word(language, "headings.estimates").split():
        table.add_column(heading)
    for row in found.parameters.iter_rows(named=True):
        table.add_row(row["parameter"], *(f"{row[name]:.4g}" for name in ("value", "low", "high")))
    stdout().print(table)
    assumed = ", ".join(found.assumed)
    stdout().print(word(language, "still_assumed", assumed=assumed), soft_wrap=True)
