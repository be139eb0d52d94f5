"""Surveys of a study's pairs as pages: pairs of homes and hosts, a trusteeship, the mode."""

import polars as pl

from yanzhen.modes.coconstruction.surveys.surveys import (
    ModeSurvey,
    PairSurvey,
    TrusteeshipSurvey,
)
from yanzhen.report.analyses.contract_appraisal import in_words
from yanzhen.report.analyses.contract_page import (
    LIMITS,
    contract_document,
    covered,
    limits,
)
from yanzhen.report.document.document import Document, Drawing, Section, with_rows
from yanzhen.report.figures.pairing import mode_matrix, pair_matrix, uplift_curve, uplift_interval
from yanzhen.report.tables.basis import Parametrised
from yanzhen.report.tables.table import Table, shown_table
from yanzhen.report.text.names import names
from yanzhen.report.text.quantities import amount, money, percent, share_of, small
from yanzhen.report.text.words import Lang, word
from yanzhen.study.result_columns import columns_of

MOST_ROWS = 40
OF_PAIRS = columns_of(PairSurvey)
COLUMNS = {
    "pairs": OF_PAIRS["pairs"],
    "prices": OF_PAIRS["prices"],
    "modes": columns_of(ModeSurvey)["modes"].only("home host industry mode joint lead why"),
    "curve": columns_of(TrusteeshipSurvey)["curve"],
}
HEADS = {
    "prices": {"price": "partner_price"},
    "curve": {"share": "uplift_share", "home": "home_gain", "host": "host_gain"},
}


def pairs_document(survey: PairSurvey, lang: Lang) -> Document:
    """Return the report on a pairing."""
    pairs, prices = (
        _table(survey, key, frame, lang)
        for key, frame in (("pairs", survey.pairs), ("prices", _prices(survey, lang)))
    )
    drawn = Drawing("pair_matrix", pair_matrix(survey, lang))
    return contract_document(
        survey,
        lang,
        word(lang, "contract.pairs_title"),
        _lead(survey, survey.industries, lang),
        pair_findings(survey, lang),
        [
            Section("pairs", [drawn, *with_rows([pairs])]),
            Section("partners", with_rows([prices])),
        ],
        _limits(survey, lang, LIMITS),
    )


def modes_document(survey: ModeSurvey, lang: Lang) -> Document:
    """Return the report on a choice among modes."""
    drawn = Drawing("mode_matrix", mode_matrix(survey, lang))
    shown = with_rows([mode_table(survey, survey.modes.head(MOST_ROWS), lang)])
    return contract_document(
        survey,
        lang,
        word(lang, "contract.modes_title"),
        _lead(survey, (), lang),
        mode_findings(survey, lang),
        [Section("modes", [drawn, *shown])],
        _limits(survey, lang, (*LIMITS, "managing")),
    )


def trusteeship_document(survey: TrusteeshipSurvey, lang: Lang) -> Document:
    """Return the report on a trusteeship."""
    known = names(survey, lang)
    home, host = known.regions[survey.home], known.places[survey.host]
    drawn = Drawing("uplift_curve", uplift_curve(survey, lang))
    return contract_document(
        survey,
        lang,
        word(lang, "contract.trust_title", home=home, host=host),
        word(lang, "contract.gains_lead", **covered(survey, survey.industries, lang)),
        trusteeship_findings(survey, lang),
        [Section("managed", [drawn, *with_rows([_table(survey, "curve", survey.curve, lang)])])],
        _limits(survey, lang, ("origins", "taxes", "managing")),
    )


def pair_findings(survey: PairSurvey, lang: Lang) -> tuple[str, ...]:
    """Return what a pairing comes to, in sentences."""
    known, unit = names(survey, lang), money(survey, lang)
    positive = survey.gains.filter(pl.col("joint") > 0).height
    neither = survey.gains.filter((pl.col("home_gain") >= 0) & (pl.col("host_gain") >= 0)).height
    said = [
        word(
            lang,
            "pair_finding.how_many",
            count=survey.gains.height,
            positive=positive,
            both=neither,
        )
    ]
    if survey.pairs.is_empty():
        return (*said, word(lang, "pair_finding.none"))
    first = survey.pairs.row(0, named=True)
    said.append(
        word(
            lang,
            "pair_finding.pairs",
            count=survey.pairs.height,
            worth=amount(survey.worth, unit),
            home=known.regions[first["home"]],
            host=known.places[first["host"]],
            joint=amount(first["joint"], unit),
        )
    )
    said.append(
        word(
            lang,
            "pair_finding.proof",
            gap=small(abs(survey.gap) / survey.worth),
            blocking=small(survey.blocking / survey.worth),
        )
    )
    return tuple(said)


def mode_findings(survey: ModeSurvey, lang: Lang) -> tuple[str, ...]:
    """Return which mode is for whom, in sentences."""
    known, unit = names(survey, lang), money(survey, lang)
    said = [
        word(
            lang,
            "mode_finding.count",
            mode=mode_word(mode, lang),
            count=count,
            share=share_of(count, survey.modes.height, lang),
        )
        for mode, count in survey.modes["mode"].value_counts(sort=True).iter_rows()
    ]
    if survey.modes.is_empty() or survey.modes["joint"][0] <= 0:
        return (*said, word(lang, "mode_finding.none"))
    first = survey.modes.row(0, named=True)
    said.append(
        word(
            lang,
            "mode_finding.first",
            home=known.regions[first["home"]],
            host=known.places[first["host"]],
            industry=known.industries[first["industry"]],
            mode=mode_word(first["mode"], lang),
            joint=amount(first["joint"], unit),
            lead=amount(first["lead"], unit),
            why=word(lang, f"gain_part.{first['why']}"),
            why_amount=amount(first["why_amount"], unit),
        )
    )
    return tuple(said)


def trusteeship_findings(survey: TrusteeshipSurvey, lang: Lang) -> tuple[str, ...]:
    """Return what a trusteeship is worth, in sentences."""
    known, unit, managed = names(survey, lang), money(survey, lang), survey.trusteeship
    return (
        word(
            lang,
            "trust_finding.worth",
            home=known.regions[survey.home],
            host=known.places[survey.host],
            output=amount(survey.output, unit),
            part=percent(managed.home_part, 0),
            home_gain=amount(survey.home_gain, unit),
            host_gain=amount(survey.host_gain, unit),
        ),
        uplift_interval(survey, lang),
        word(
            lang,
            "trust_finding.assumed",
            productivity=percent(managed.productivity),
            cost=percent(managed.running_cost),
            source=word(lang, "assumption") if managed.source == "assumption" else managed.source,
        ),
    )


def mode_table(survey: ModeSurvey, modes: pl.DataFrame, lang: Lang) -> Table:
    """Rows of a survey of modes as shown."""
    return _table(survey, "modes", _modes(modes, lang), lang)


def mode_word(mode: str, lang: Lang) -> str:
    """Return the name of a mode."""
    return word(lang, f"mode.{mode.replace(' + ', '_')}")


def _lead(survey: PairSurvey | ModeSurvey, industries: tuple[str, ...], lang: Lang) -> str:
    said = covered(survey, industries, lang)
    return word(lang, "contract.survey_lead", scheme=survey.scheme, **said)


def _limits(survey: Parametrised, lang: Lang, keys: tuple[str, ...]) -> tuple[str, ...]:
    """What bounds the figures; regions whose data are in doubt by name."""
    flagged = survey.study.about.flagged_regions
    if not flagged:
        return limits(lang, keys)
    known = names(survey, lang).regions
    listed = word(lang, "comma").join(known.get(code, code) for code in flagged)
    return (*limits(lang, keys), word(lang, "contract_limit.flagged", regions=listed))


def _table(survey: Parametrised, key: str, frame: pl.DataFrame, lang: Lang) -> Table:
    heads = {name: word(lang, f"column.{head}") for name, head in HEADS.get(key, {}).items()}
    return shown_table(survey, lang, f"survey_{key}", frame, COLUMNS[key], heads=heads)


def _prices(survey: PairSurvey, lang: Lang) -> pl.DataFrame:
    ordered = survey.prices.sort("price", "side", "place", descending=[True, False, False])
    return ordered.with_columns(in_words("side", "party", lang))


def _modes(modes: pl.DataFrame, lang: Lang) -> pl.DataFrame:
    return modes.with_columns(
        pl.col("mode").map_elements(lambda mode: mode_word(mode, lang), return_dtype=pl.String),
        in_words("why", "gain_part", lang),
        in_words("against", "gain_part", lang),
    )
