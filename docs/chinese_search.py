"""Search in Chinese that works from files, without a server or a dictionary.

Sphinx cuts Chinese into words when it makes the index, and cannot cut what a reader types. Here
both are cut in the same way: every character, and every two that stand together.
"""

import re

from sphinx.search import SearchLanguage

RUN = re.compile(r"[\u3400-\u9fff]+|[^\W\u3400-\u9fff]+")
HAN = re.compile(r"[\u3400-\u9fff]")


class SearchChinese(SearchLanguage):
    """Index single characters and pairs; ask by pairs, or by a character that stands alone."""

    lang = "zh"
    language_name = "Chinese"
    js_splitter_code = """
function splitQuery(query) {
  const han = /[\\u3400-\\u9fff]/;
  const runs = query.match(/[\\u3400-\\u9fff]+|[^\\s\\p{P}\\p{S}\\u3400-\\u9fff]+/gu) || [];
  return runs.flatMap((run) => {
    const signs = [...run];
    if (!han.test(run) || signs.length < 2) return [run];
    return signs.slice(1).map((sign, before) => signs[before] + sign);
  });
}
"""

    def split(self, input: str) -> list[str]:
        words: list[str] = []
        for run in RUN.findall(input):
            words += run if HAN.match(run) else [run]
            words += [run[at : at + 2] for at in range(len(run) - 1) if HAN.match(run)]
        return words

    def stem(self, word: str) -> str:
        return word.lower()
