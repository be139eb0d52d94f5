"""Results that are not there yet: what is being done about it, and what one can do."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from nicegui import ui

from yanzhen.api.jobs import ENDED, Job
from yanzhen.report.analyses.registry import ANALYSES
from yanzhen.store.database.connection import Unavailable
from yanzhen.study import Problem
from yanzhen.web.text import main_button, notice, problems, text
from yanzhen.web.view import View
from yanzhen.web.words import word_or

INTERVAL = 0.3
NOTHING: Mapping[str, str] = MappingProxyType({})


def ready(view: View, kind: str, asked: Mapping[str, str] = NOTHING) -> bool:
    """Whether a result is there; where it is not, show its making, or offer it.

    Parameters
    ----------
    view : where the reader is
    kind : of work
    asked : what it is asked for beside its study
    """
    if view.bench.exists(kind, view.study, asked):
        return True
    if not view.bench.studies.readable(view.study):
        found = view.bench.studies.problems(view.study)
        notice(view.word("problem.title", count=len(found)), "bad")
        problems(view, found)
        return False
    job = view.bench.job_of(kind, view.study, asked)
    if job is None or job.state == "done":
        notice(view.word("missing", what=_work(view, kind)), "note")
        _start(view, kind, asked)
    else:
        followed(view, job)
    return False


def followed(view: View, job: Job) -> None:
    """Show a job until it ends, then what it made; it can be cancelled."""
    with ui.element("section").classes("job").props("aria-live=polite"):
        name = _work(view, job.kind)
        text("h2", name[:1].upper() + name[1:])
        place = ui.element("div")
    if job.state in ENDED:
        with place:
            _ended(view, job)
        return
    with place:
        bar = ui.linear_progress(job.share, show_value=False, size="10px")
        bar.props(f'aria-label="{_work(view, job.kind)}" rounded')
        stage = text("p", _stage(view, job), "reading")
        ui.button(
            view.word("cancel"), icon="stop", on_click=lambda: view.bench.jobs.cancel(job.job)
        ).props("outline no-caps")

    def look() -> None:
        try:
            now = view.bench.jobs.read(job.job)
        except Unavailable:
            # It may answer at the next look.
            return
        if now is None:
            return
        if now.state == "done":
            timer.deactivate()
            ui.navigate.to(view.address.url())
        elif now.state in ENDED:
            timer.deactivate()
            place.clear()
            with place:
                _ended(view, now)
        else:
            bar.set_value(now.share)
            stage.set_content(_stage(view, now))

    timer = ui.timer(INTERVAL, look)


def _stage(view: View, job: Job) -> str:
    name = word_or(view.lang, f"stage.{job.stage or job.state}", job.stage)
    return f"{job.share:.0%} · {name}"


def _ended(view: View, job: Job) -> None:
    if job.state == "cancelled":
        notice(view.word("cancelled"), "note")
    elif job.state == "failed":
        notice(job.error_zh if view.lang == "zh" else job.error, "bad")
        problems(view, [Problem(**each) for each in job.problems])
    else:
        notice(view.word("done"), "good")
    _again(view, job)


def _start(view: View, kind: str, asked: Mapping[str, str]) -> None:
    def start() -> None:
        view.bench.make(kind, view.study, asked)
        ui.navigate.to(view.address.url())

    _button(view, kind, start)


def _again(view: View, job: Job) -> None:
    def start() -> None:
        view.bench.again(job)
        ui.navigate.to(view.address.url())

    _button(view, job.kind, start)


def _button(view: View, kind: str, start: Callable[[], None]) -> None:
    main_button(_start_said(view, kind), "play_arrow", start)


def _work(view: View, kind: str) -> str:
    """What is made, by the name of its analysis where it has no words of its own."""
    return word_or(view.lang, f"work.{kind}", _title(view, kind))


def _start_said(view: View, kind: str) -> str:
    return word_or(view.lang, f"start.{kind}", _title(view, kind))


def _title(view: View, kind: str) -> str:
    return ANALYSES[kind].title[view.lang == "en"] if kind in ANALYSES else kind
