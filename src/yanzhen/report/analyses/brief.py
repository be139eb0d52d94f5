"""The page alone that a plan gives one who asks: ministry, province, zone or enterprise."""

from datetime import date

from yanzhen.market.plan.plan import Plan
from yanzhen.report.document.brief import Brief
from yanzhen.report.document.parts import picture
from yanzhen.report.figures.flows import flows_of
from yanzhen.report.findings.briefs import Answer
from yanzhen.report.text.quantities import small
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.stamps import source_of

KEY_SHOWN = 12
"""Signs of the key of a plan that are printed."""


def brief_of(plan: Plan, answer: Answer, key: str, made: date, reader: Reader) -> Brief:
    """Return the page of an answer.

    Parameters
    ----------
    key : of the plan, by which it is told from every other
    made : day of the plan
    """
    chart = flows_of(plan, answer.moves, reader)
    said = picture("flows_of", chart)
    return Brief(
        reader=reader,
        title=reader.word(
            f"brief.title_{answer.role}",
            subject=answer.subject,
            first=plan.period[0],
            last=plan.period[1],
        ),
        addressee=reader.word(f"brief.for_{answer.role}"),
        verdict=answer.verdict,
        figures=answer.figures,
        map_title=said.title,
        chart=chart,
        reading=said.reading,
        rests_on=answer.rests_on,
        imprint=_imprint(plan, key, made, reader),
        made=made,
    )


def _imprint(plan: Plan, key: str, made: date, reader: Reader) -> list[tuple[str, str]]:
    about, certificate = plan.study.about, plan.certificate
    status = "synthetic" if about.synthetic else "modelled"
    said = {
        "study": reader.study_title,
        "date": reader.word("brief.dates", made=made.isoformat(), base=plan.base_year),
        "source": source_of(reader),
        "status": reader.word(f"stamp.{status}"),
        "proof": reader.word(
            f"brief.proof_{'passed' if certificate.passed else 'failed'}",
            worst=small(max(certificate.checks.values())),
            tolerance=small(certificate.tolerance),
            draws=plan.uncertainty.cleared,
            plan=key[:KEY_SHOWN],
        ),
    }
    return [(reader.word(f"brief.{name}"), text) for name, text in said.items()]
