"""The part of the planner's page that supposes an instrument: which, where, for whom, how much."""

from collections.abc import Sequence
from html import escape

from nicegui import ui

from yanzhen.api.comparisons import HOLDING, Instrument
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import LANGUAGES, Lang, word_or
from yanzhen.study import Study, StudyError
from yanzhen.study.governing import SHARES
from yanzhen.study.macro_regions import standard_name
from yanzhen.study.movable import movable_industries
from yanzhen.study.names import name_in
from yanzhen.study.tables.enterprises import RESOURCES
from yanzhen.study.tables.rules import INSTRUMENTS
from yanzhen.study.units import UNITS
from yanzhen.web.combobox import combobox
from yanzhen.web.text import notice, problems, text
from yanzhen.web.view import View
from yanzhen.web.words import word as web_word

MACRO = "macro:"
"""Before the macro-regions among the places."""
USUAL = {"cap": 1000.0, "subsidy_per_job": 10_000.0, "subsidy_per_land": 100.0}
MOST_NAMED = 3


# Kept whole: a form, and what its fields do with one another.
def instrument(view: View, names: Sequence[str]) -> None:
    """Offer an instrument to add to the scenarios compared.

    Parameters
    ----------
    names : of the scenarios chosen so far
    """
    study = view.bench.studies.read(view.study)
    reader = Reader(study, view.lang)
    places = _places(study, view.lang)
    industries = _industries(study, view.lang)
    with ui.element("section").classes("card"):
        text("h2", view.word("planner.instrument"))
        text("p", view.word("planner.instrument_how"), "reading")
        with ui.element("div").classes("choices"):
            kind = ui.select(
                {each: view.word(f"instrument.{each}") for each in INSTRUMENTS},
                value=INSTRUMENTS[0],
                label=view.word("planner.kind"),
            )
            where = combobox(
                places,
                [],
                view.word("planner.where"),
                lambda value: explain(),
            ).props("use-chips")
            industry = ui.select(
                {"": view.word("planner.all_industries"), **industries},
                value="",
                label=view.word("planner.industry"),
            )
            resource = ui.select(
                {each: reader.names.resource(each) for each in RESOURCES},
                value=study.about.measured_by.resource,
                label=view.word("planner.resource"),
            )
            value = ui.number(view.word("planner.value"), value=0.05, format="%.6g")
            for field in (kind, industry, resource, value):
                field.props("outlined dense options-dense")
        unit = text("p", "", "reading")
        preview = text("p", "", "preview").props("role=status")
        said = ui.element("div")

        def asked() -> Instrument:
            places = list(where.value or [])
            one = _asked(kind.value, float(value.value or 0), places, industry.value)
            return _holding(one, str(resource.value))

        def explain() -> None:
            resource.set_visibility(kind.value in HOLDING)
            unit.set_content(escape(_unit(view, reader, str(kind.value), str(resource.value))))
            preview.set_content(escape(_title(asked(), study, view.lang)))

        def change() -> None:
            value.set_value(0.05 if kind.value in SHARES else USUAL.get(str(kind.value), 1.0))
            explain()

        def suppose() -> None:
            titles = [_title(asked(), study, lang) for lang in LANGUAGES]
            try:
                name = view.bench.comparisons.suppose(view.study, asked(), *titles)
            except StudyError as error:
                said.clear()
                with said:
                    notice(view.word("planner.refused"), "bad")
                    problems(view, error.problems)
                return
            kept = ",".join(dict.fromkeys([*names, name]))
            ui.navigate.to(view.address.choosing(scenarios=kept).url())

        kind.on_value_change(change)
        for other in (resource, industry, value):
            other.on_value_change(explain)
        explain()
        ui.button(view.word("planner.suppose"), icon="add", on_click=suppose).props(
            "outline no-caps"
        )


def _places(study: Study, lang: Lang) -> dict[str, str]:
    """Macro-regions, then regions with the groups above them, then sites."""
    regions, sites = study.tables["regions"], study.tables["sites"]
    macro = sorted(set(regions["macro_region"].drop_nulls()))
    named = {f"{MACRO}{each}": _macro_name(each, lang) for each in macro}
    named |= {
        code: own or code for code, own in regions.select("region", name_in(lang)).iter_rows()
    }
    return named | {
        code: own or code for code, own in sites.select("site", name_in(lang)).iter_rows()
    }


def _macro_name(code: str, lang: Lang) -> str:
    return word_or(lang, f"macro_region.{standard_name(code)}", code)


def _industries(study: Study, lang: Lang) -> dict[str, str]:
    movable = movable_industries(study.tables["industries"])
    return {
        code: name or code for code, name in movable.select("industry", name_in(lang)).iter_rows()
    }


def _asked(kind: str, value: float, where: Sequence[str], industry: str) -> Instrument:
    macro = tuple(each.removeprefix(MACRO) for each in where if each.startswith(MACRO))
    places = tuple(each for each in where if not each.startswith(MACRO))
    return Instrument(kind, value, macro, places, industry)


def _holding(asked: Instrument, resource: str) -> Instrument:
    if asked.instrument not in HOLDING:
        return asked
    return Instrument(
        asked.instrument, asked.value, asked.macro_regions, asked.places, asked.industry, resource
    )


def _unit(view: View, reader: Reader, kind: str, resource: str) -> str:
    """Say what the value is in."""
    units = reader.study.about.units
    per = {
        "subsidy_per_job": units.persons,
        "subsidy_per_land": units.area,
        "subsidy_per_energy": units.energy,
        "tax_per_emission": units.emissions,
    }
    if kind in SHARES:
        return view.word("planner.unit_share")
    unit = _own_name(per.get(kind) or reader.resource_code(resource), view.lang)
    if kind == "cap":
        return view.word("planner.unit_cap", unit=unit)
    return view.word("planner.unit_money", money=_own_name(units.money, view.lang), unit=unit)


def _own_name(code: str, lang: Lang) -> str:
    """Name a unit of the study unscaled: figures shown are converted, what is typed is not."""
    declared = UNITS.get(code)
    return declared.zh if declared and lang == "zh" else code


def _title(asked: Instrument, study: Study, lang: Lang) -> str:
    """Name a scenario by where it acts, on whom, with what and how much."""
    places, industries = _places(study, lang), _industries(study, lang)
    where = [*(f"{MACRO}{each}" for each in asked.macro_regions), *asked.places]
    named = [places[each] for each in where]
    listed = web_word(lang, "planner.and").join(named[:MOST_NAMED])
    if named[MOST_NAMED:]:
        listed = web_word(lang, "planner.and_more", listed=listed, count=len(named) - MOST_NAMED)
    reader = Reader(study, lang)
    held = [reader.names.resource(asked.resource)] if asked.resource else []
    return " · ".join(
        [
            listed or web_word(lang, "planner.everywhere"),
            *([industries.get(asked.industry, asked.industry)] if asked.industry else []),
            " ".join([web_word(lang, f"instrument.{asked.instrument}"), *held, f"{asked.value:g}"]),
        ]
    )
