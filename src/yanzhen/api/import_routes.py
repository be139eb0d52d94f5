"""Addresses of imports: files as they are, what they say, what is decided, the study they make."""

from typing import Annotated

from fastapi import FastAPI, Form, Response, UploadFile
from pydantic import BaseModel, ConfigDict

from yanzhen.api.downloads import attached
from yanzhen.api.models import ImportTaken, Question, Taken, Understood
from yanzhen.api.responses import REFUSALS, UNREAD, UNUSABLE, Spoken, Tags
from yanzhen.api.study_archives import LARGEST_UPLOAD
from yanzhen.api.unpacked_size import require_modest
from yanzhen.api.workbench import Workbench
from yanzhen.phrasebook import in_language
from yanzhen.study.importing.questions import questions
from yanzhen.study.importing.telling import told
from yanzhen.study.importing.writing import MAPPING_FILE

TAGS: Tags = ["imports"]


class Answered(BaseModel):
    """Answers to what an import asks, by section of the mapping, or a whole mapping file."""

    model_config = ConfigDict(extra="forbid")

    answers: dict[str, dict[str, str]] = {}
    mapping: str | None = None


# Kept whole: a list of routes, none of them over ten lines.
def add_imports(app: FastAPI, bench: Workbench) -> None:
    """Add the addresses of imports."""
    imports = bench.imports

    @app.post(
        "/api/v1/imports",
        status_code=201,
        responses={**REFUSALS, **UNREAD, **UNUSABLE},
        tags=["imports"],
    )
    def take_files(files: list[UploadFile], into: Annotated[str, Form()] = "") -> ImportTaken:
        """Take files as they are, for a new study or `into` one; nothing is made of them yet."""
        room = LARGEST_UPLOAD + 1
        named = []
        for file in files:
            named.append((file.filename or "", require_modest(file.file.read(room))))
            room = max(room - len(named[-1][1]), 0)
        return ImportTaken(name=imports.take(named, into))

    @app.get("/api/v1/imports/{name}", responses=REFUSALS, tags=TAGS)
    def get_import(name: str, lang: Spoken = "zh") -> Understood:
        """Return what was understood of files, what is wrong, and what is asked."""
        found = imports.understanding(name)
        asked = [
            Question(
                section=each.section,
                key=each.key,
                asked=in_language(each.asked, lang),
                choices=[[value, in_language(said, lang)] for value, said in each.choices],
            )
            for each in questions(found)
        ]
        return Understood.model_validate({**told(found, lang), "questions": asked})

    @app.post(
        "/api/v1/imports/{name}/answers",
        status_code=201,
        responses={**REFUSALS, **UNREAD},
        tags=["imports"],
    )
    def answer_import(name: str, said: Answered) -> ImportTaken:
        """Take answers, or a mapping file: the same files become another import."""
        if said.mapping is not None:
            return ImportTaken(name=imports.with_mapping(name, said.mapping))
        return ImportTaken(name=imports.answer(name, said.answers))

    @app.get(
        "/api/v1/imports/{name}/mapping",
        response_class=Response,
        responses={200: {"content": {"application/toml": {}}}, **REFUSALS},
        tags=["imports"],
    )
    def import_mapping(name: str) -> Response:
        """Return what is decided of an import, as a mapping file."""
        content = imports.mapping(name)
        return Response(content, media_type="application/toml", headers=attached(MAPPING_FILE))

    @app.post("/api/v1/imports/{name}/study", status_code=201, responses=REFUSALS, tags=TAGS)
    def make_study(name: str) -> Taken:
        """Make the study, when nothing is open."""
        return Taken(study=imports.write(name).key)
