"""Build the documentation in both languages: `make docs`.

Both trees go below the version's folder in docs/_build/html; those of other versions that lie
there stay. `index.html` leads to the reader's language, `versions.html` lists all that are there.
"""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from shutil import rmtree

DOCS = Path(__file__).parent
HTML = DOCS / "_build" / "html"
LANGUAGES = {"en": "English", "zh": "中文"}
HEAD = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Yanzhen 雁阵</title>
<style>body { font: 1.2em/1.8 sans-serif; margin: 3em auto; max-width: 30em }</style>
"""
LEAD = """\
<script>
const language = navigator.language.startsWith("zh") ? "zh" : "en";
location.replace("{version}/" + language + "/index.html");
</script>
"""


def build(language: str) -> None:
    """Build one tree, warnings being errors."""
    rmtree(DOCS / language / "reference" / "modules", ignore_errors=True)
    subprocess.run(
        [
            *(sys.executable, "-m", "sphinx", "-W", "--keep-going", "-E", "-q", "-b", "html"),
            *("-t", language, "-c", str(DOCS), "-d", str(DOCS / "_build" / "read" / language)),
            *(str(DOCS / language), str(HTML / version("yanzhen") / language)),
        ],
        check=True,
    )


def write_ways_in(html: Path, newest: str) -> None:
    """Write the page that leads to the reader's language, and the list of versions."""
    there = {
        folder.name: [language for language in LANGUAGES if (folder / language).is_dir()]
        for folder in html.iterdir()
        if (folder / "en" / "index.html").is_file()
    }

    def links(name: str) -> str:
        ways = (f'<a href="{name}/{each}/index.html">{LANGUAGES[each]}</a>' for each in there[name])
        return f"<p>{name}: {' · '.join(ways)}</p>\n"

    numbers = {name: [int(part) for part in name.split(".") if part.isdigit()] for name in there}
    ordered = sorted(there, key=lambda name: numbers[name], reverse=True)
    listed = "<h1>Versions 版本</h1>\n" + "".join(map(links, ordered))
    (html / "versions.html").write_text(HEAD + listed, encoding="utf-8")
    begin = f"<h1>Yanzhen 雁阵</h1>\n{links(newest)}"
    begin += '<p><a href="versions.html">Other versions 其他版本</a></p>\n'
    (html / "index.html").write_text(HEAD + begin + LEAD.format(version=newest), encoding="utf-8")


if __name__ == "__main__":
    for each in LANGUAGES:
        if (DOCS / each / "index.md").is_file():
            build(each)
    write_ways_in(HTML, version("yanzhen"))
    print(f"Open {HTML / 'index.html'}")
