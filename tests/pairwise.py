"""A sample of settings in place of all of them: a fault that needs two settings at once is still met."""

from itertools import combinations, product
from random import Random


def pairwise(*values, also=(), seed=0):
    """Return rows of one value from each list, in which every two values of two lists meet somewhere.

    The first and the last of each list are taken for its ends, and all ends meet in all ways; `also` are further rows.
    """
    rng = Random(seed)
    chosen = list(product(*({0, len(one) - 1} for one in values)))
    waiting = {pair for row in product(*map(range, map(len, values))) for pair in _pairs(row)}
    waiting -= {pair for row in chosen for pair in _pairs(row)}
    while waiting:
        rows = [list(map(rng.randrange, map(len, values))) for _ in range(20)]
        for row in rows:  # each row of the draw holds a pair that is still wanted
            for place, index in rng.choice(sorted(waiting)):
                row[place] = index
        best = max(rows, key=lambda row: len(waiting & set(_pairs(row))))
        waiting -= set(_pairs(best))
        chosen.append(best)
    return [tuple(one[i] for one, i in zip(values, row, strict=True)) for row in chosen] + list(also)


def _pairs(row):
    return combinations(enumerate(row), 2)
