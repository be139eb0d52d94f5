"""How much speaks for a pair of texts, so that nothing is proposed where nothing suits.

A best achievement can be found for every need, also where none serves it. The evidence of a pair is

    Σ_w c_w − max_w c_w + Σ_t c_t − max_t c_t + Σ_g d_g,

c_w and c_t what each shared word and each shared term of the bilingual table adds to the relevance
of a match, and d_g what each shared patent class adds. Without the heaviest of either a pair that
shares one word alone has none. A word may stand for several terms, one inside another; so in one
language terms count only where more than one word is shared. N-grams repeat the words that they
are parts of. An industry in common is no evidence.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from yanzhen.modes.technology.search.index import Index
from yanzhen.modes.technology.search.search import Queries
from yanzhen.modes.technology.text.features import CLASS, TERM, WORD


def evidence(
    index: Index,
    queries: Queries,
    language: NDArray[np.uint8],
    query: NDArray[np.int64],
    document: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Evidence of pairs.

    Parameters
    ----------
    index : the documents
    queries : weighed features
    language : (Q,) of each query, as `Features` tells it
    query, document : (n,) rows of the pairs

    Returns
    -------
    (n,) not negative
    """
    order = np.lexsort((document, query))
    out = np.empty(query.size)
    _evidence(
        (index.start, index.feature, index.weight, index.channel, index.language),
        (
            queries.start,
            queries.feature,
            queries.weight,
            queries.scale.astype(np.float64),
            language,
        ),
        query[order],
        document[order],
        order,
        out,
    )
    return out


@njit(cache=True, nogil=True)
def _evidence(documents, queries, query, document, order, out):  # type: ignore[no-untyped-def]
    start, feature, weight, channel, language = documents
    query_start, query_feature, query_weight, scale, asked_in = queries
    own = np.zeros(channel.size)
    last = -1
    for n in range(query.size):
        q, d = query[n], document[n]
        if q != last:
            if last >= 0:
                for k in range(query_start[last], query_start[last + 1]):
                    if query_feature[k] >= 0:
                        own[query_feature[k]] = 0.0
            for k in range(query_start[q], query_start[q + 1]):
                if query_feature[k] >= 0:
                    own[query_feature[k]] = query_weight[k]
            last = q
        shared = 0
        words = heaviest_word = terms = heaviest_term = classes = 0.0
        for k in range(start[d], start[d + 1]):
            kind = channel[feature[k]]
            part = own[feature[k]] * weight[k] * scale[q, language[d], kind]
            if kind == WORD:
                words += part
                heaviest_word = max(heaviest_word, part)
                shared += part > 0
            elif kind == TERM:
                terms += part
                heaviest_term = max(heaviest_term, part)
            elif kind == CLASS:
                classes += part
        others = words - heaviest_word
        if shared > 1 or asked_in[q] != language[d]:
            others += terms - heaviest_term
        out[order[n]] = others + classes
