"""An agreement in words as Markdown and for Word, to be edited by lawyers."""

import io
from pathlib import Path

from yanzhen.exchange.settlement.agreement import Agreement
from yanzhen.exchange.settlement.clauses import AgreementText, agreement_text
from yanzhen.exchange.settlement.words import PHRASES
from yanzhen.report.document.docx import undated
from yanzhen.report.document.official import RED, dress, head_and_number, numeral
from yanzhen.report.document.writing import beside
from yanzhen.report.text.words import Lang
from yanzhen.report.text.words import word as report_word


def markdown_of(agreement: Agreement, lang: Lang) -> str:
    """Return an agreement as Markdown.

    Raises
    ------
    ContractError
        The terms cannot be read.
    """
    said = agreement_text(agreement, lang)
    lines = [f"# {said.title}", ""]
    if agreement.synthetic:
        lines += [f"**{report_word(lang, 'synthetic_mark')}**", ""]
    lines += [
        f"{called}：{name}  " if lang == "zh" else f"{called}: {name}  "
        for called, name in said.parties
    ]
    lines += ["", PHRASES.word(lang, "agreement.preamble"), ""]
    for heading, sentences in _articles(said, lang):
        lines += [f"## {heading}", "", *_paragraphs(sentences)]
    lines += [f"{each}  " for each in _signing(said, lang)]
    lines += ["", f"> {said.note}", ""]
    return "\n".join(lines)


def docx_of(agreement: Agreement, lang: Lang) -> bytes:
    """Return an agreement as a document for Word, in the form of official documents.

    Raises
    ------
    ContractError
        The terms cannot be read.
    ModuleNotFoundError
        Without the extra `office`.
    """
    import docx
    from docx.shared import RGBColor

    said = agreement_text(agreement, lang)
    written = docx.Document()
    dress(written, lang, agreement.start_year)
    head_and_number(written, said.note)
    written.add_heading(said.title, 0)
    if agreement.synthetic:
        run = written.add_paragraph().add_run(report_word(lang, "synthetic_mark"))
        run.bold, run.font.color.rgb = True, RGBColor.from_string(RED)
    for called, name in said.parties:
        written.add_paragraph(f"{called}：{name}" if lang == "zh" else f"{called}: {name}")
    written.add_paragraph(PHRASES.word(lang, "agreement.preamble"))
    for heading, sentences in _articles(said, lang):
        written.add_heading(heading, 1)
        for sentence in sentences:
            written.add_paragraph(sentence)
    for line in _signing(said, lang):
        written.add_paragraph(line).paragraph_format.keep_with_next = True
    content = io.BytesIO()
    written.save(content)
    return undated(content.getvalue())


def write_agreement(agreement: Agreement, folder: Path, lang: Lang) -> tuple[Path, ...]:
    """Write an agreement as Markdown and for Word into a folder; the same gives the same bytes."""
    mark = "SYNTHETIC_" if agreement.synthetic else ""
    paths = tuple(folder / f"{mark}agreement_{lang}.{form}" for form in ("md", "docx"))
    contents = (markdown_of(agreement, lang).encode(), docx_of(agreement, lang))
    for path, content in zip(paths, contents, strict=True):
        with beside(path) as part:
            part.write_bytes(content)
    return paths


def _articles(said: AgreementText, lang: Lang) -> list[tuple[str, list[str]]]:
    """Each clause with its number, its sentences numbered where there are several."""
    found = []
    for place, clause in enumerate(said.clauses, start=1):
        number = numeral(place) if lang == "zh" else str(place)
        heading = PHRASES.word(lang, "agreement.article", number=number, title=clause.title)
        several = len(clause.sentences) > 1
        mark = "（{}）" if lang == "zh" else "({}) "
        numbers = [numeral(k) if lang == "zh" else str(k) for k in range(1, 100)]
        sentences = [
            (mark.format(number) if several else "") + sentence
            for number, sentence in zip(numbers, clause.sentences, strict=False)
        ]
        found.append((heading, sentences))
    return found


def _paragraphs(sentences: list[str]) -> list[str]:
    return [line for sentence in sentences for line in (sentence, "")]


def _signing(said: AgreementText, lang: Lang) -> list[str]:
    return [
        PHRASES.word(lang, "agreement.signature", party=called, name=name)
        for called, name in said.parties
    ]
