"""Addresses of imports: files as they are, what they say, what is decided, the study they make."""

from typing import Annotated, Any

from fastapi import FastAPI, Form, Response, UploadFile
from pydantic import BaseModel, ConfigDict

from yanzhen.api.downloads import attached
from yanzhen.api.responses import REFUSALS, UNREAD, UNUSABLE, Spoken
from yanzhen.api.studies import LARGEST_UPLOAD
from yanzhen.api.workbench import Workbench
from yanzhen.phrasebook import in_language
from yanzhen.study.importing.questions import questions
from yanzhen.study.importing.telling import told
from yanzhen.study.importing.writing import MAPPING_FILE


class Answered(BaseModel):
    """Answers to what an import asks, by section of the mapping, or a whole mapping file."""

    model_config = ConfigDict(extra="forbid")

    answers: dict[str, dict[str, str]] = {}
    mapping: str | None = None


def add_imports(app: FastAPI, bench: Workbench) -> None:
    """Add the addresses of imports."""
    imports = bench.imports

    @app.post("/api/imports", status_code=201, responses={**REFUSALS, **UNREAD, **UNUSABLE})
    def bring(files: list[UploadFile], into: Annotated[str, Form()] = "") -> dict[str, str]:
        """Take files as they are, for a new study or `into` one; nothing is made of them yet."""
        room = LARGEST_UPLOAD + 1
        named = []
        for file in files:
            named.append((file.filename or "", file.file.read(room)))
            room = max(room - len(named[-1][1]), 0)
        return {"import": imports.take(named, into)}

    @app.get("/api/imports/{name}", responses=REFUSALS)
    def say(name: str, lang: Spoken = "zh") -> dict[str, Any]:
        """Return what was understood of files, what is wrong, and what is asked."""
        found = imports.understanding(name)
        asked = [
            {
                "section": each.section,
                "key": each.key,
                "asked": in_language(each.asked, lang),
                "choices": [[value, in_language(said, lang)] for value, said in each.choices],
            }
            for each in questions(found)
        ]
        return {**told(found, lang), "questions": asked}

    @app.post("/api/imports/{name}/answers", status_code=201, responses={**REFUSALS, **UNREAD})
    def answer(name: str, said: Answered) -> dict[str, str]:
        """Take answers, or a mapping file: the same files become another import."""
        if said.mapping is not None:
            return {"import": imports.with_mapping(name, said.mapping)}
        return {"import": imports.answer(name, said.answers)}

    @app.get("/api/imports/{name}/mapping", response_class=Response, responses=REFUSALS)
    def mapping(name: str) -> Response:
        """Return what is decided of an import, as a mapping file."""
        content = imports.mapping(name)
        return Response(content, media_type="application/toml", headers=attached(MAPPING_FILE))

    @app.post("/api/imports/{name}/study", status_code=201, responses=REFUSALS)
    def write(name: str) -> dict[str, str]:
        """Make the study, when nothing is open."""
        return {"study": imports.write(name).key}
