"""Every number in lesson 07, and in its part of the teacher's guide, computed again."""

import numpy as np

from lesson_utils import hidden, optimizers
from lesson_utils.explorers import challenge, scaling
from lesson_utils.explorers.controls import alpha_slider, beta_slider
from lesson_utils.losses import Quadratic
from lesson_utils.maps import regime_borders, settle_map
from lesson_utils.theory import (
    best_settings,
    convergence_rate,
    regime,
    stability_limit,
    steps_to_settle,
)
from tests.claims import claim

RAVINE = (0.01, 1.0)
PAIR = best_settings(RAVINE)
MANY = np.geomspace(0.01, 500, 4701)
TRIED = np.linspace(0.5, 0.95, 91)
GRID = (np.geomspace(1, 150, 500), 1 - 10 ** -np.linspace(0.1, 1.7, 160)[:, None])
KAPPAS = np.arange(1, 10_001)
BETAS = 1 - 10 ** -np.linspace(0, 2, 401)


def steps(alpha, beta=0.0, kappa=100, **form):
    return steps_to_settle((1 / kappa, 1), alpha, beta, **form)


def best_plain(kappa):
    return steps(2 / (1 + 1 / kappa), 0.0, kappa, most=40_000)


def best(kappa):
    return best_settings((1 / kappa, 1))


def along_kappa(alpha, beta):
    """Return the steps for every κ of KAPPAS; what counts along the valley is α divided by κ."""
    return np.maximum(settle_map(1.0, alpha, beta), settle_map(1.0, alpha / KAPPAS, beta))


BANANA = hidden.ravine("banana")
BANANA.end(alpha_slider(1.0).stops, beta_slider(0.9).stops, (np.ones(1), np.ones(1) / 2))
DOUBLED = [BANANA.count(alpha, 0.9) for alpha in (1, 2, 4, 8, 16)]


def fewest(beta):
    return settle_map(RAVINE, MANY, beta).min()


def searched(beta):
    """Return the fewest steps with a search for α that is finer than the lesson's."""
    return settle_map(RAVINE, np.geomspace(0.1, 20, 20001), beta).min()


def good(beta):
    """Return the smallest and the largest alpha within a fifth of the best, as the lesson's cell does."""
    counts = settle_map(RAVINE, MANY, beta)
    chosen = np.flatnonzero(counts <= 1.2 * counts.min())
    return MANY[chosen[0]], MANY[chosen[-1]]


def all_good(low, high, beta, most):
    return bool((settle_map(RAVINE, np.linspace(low, high, 5000), beta) <= most).all())


def loss_after(alpha, beta, budget=50):
    bowl = Quadratic(RAVINE)
    return bowl.loss(optimizers.momentum(bowl.gradient, (-9, 1.2), alpha, beta, budget).w[-1])


def doubled(beta, alpha=0.1):
    tried = [alpha, 2 * alpha]
    while loss_after(tried[-1], beta) < loss_after(tried[-2], beta):
        tried.append(2 * tried[-1])
    return tried


def swings(alpha, beta):
    path = optimizers.momentum(Quadratic(RAVINE).gradient, (-9, 1.2), alpha, beta, 400)
    return np.abs(path.w).max(axis=0) / (9, 1.2)


def longest(beta):
    """Return the κ up to which there is an α at which both directions swing in waves."""
    begins, ends = regime_borders(1.0, beta)[0], regime_borders(1.0, beta)[2]
    return ends / begins


def row(beta):
    low, high = good(beta)
    return fewest(beta), low, high, high / low


PLAIN = along_kappa(2 / (1 + 1 / KAPPAS), 0.0)
LONGER = (10, 100, 1000, 10_000)
SHOWN = dict(zip(np.round(scaling._curves()[0]), scaling._curves()[2], strict=True))
ROOT = {kappa: round(SHOWN[kappa]) for kappa in LONGER}  # what the figure says
BY_SEARCH = {kappa: settle_map((1 / kappa, 1), *GRID).min() for kappa in (*LONGER, 500, 2000)}
NINE = {
    kappa: settle_map((1 / kappa, 1), np.geomspace(0.5, 38, 8001), 0.9).min()
    for kappa in (*LONGER, 500, 2000, 100_000)
}

CLAIMS = [
    claim("The blue run has a bad α and β", holds=steps(1, 0.95) > 5 * fewest(0.8) and steps(1, 0.95) > best_plain(100)),
    claim("With α = 4 and β = 0.9 that takes {} steps", steps(4, 0.9)),
    claim("α = 8 takes {} steps.", steps(8, 0.9), holds=0 < steps(4, 0.9) - steps(8, 0.9) < 10),
    claim("β = 0.95 takes {} steps, twice as many", steps(4, 0.95),
          holds=1.9 < steps(4, 0.95) / steps(4, 0.9) < 2.1),
    claim("Right, at α = {:.0f}. And down, at β = 1/3, because there the limit has come down to {:.0f}",
          stability_limit(1.0, 0.9), stability_limit(1.0, 1 / 3),
          holds=bool(np.isfinite(settle_map(RAVINE, 4.0, np.linspace(0.9, 0.99, 90))).all()) and
          bool(np.isfinite(settle_map(RAVINE, np.geomspace(0.01, 4, 90), 0.9)).all())),
    claim("{:.0f}, {:.0f} and {:.0f}. It is the limit",
          *(stability_limit(1.0, beta) for beta in (0, 0.5, 0.9))),
    claim("With β = 0.9 it is {} at α = 1, left of the wedge, and {} at α = 10", steps(1, 0.9), steps(10, 0.9),
          holds=1 < regime_borders(0.01, 0.9)[0] < 10),
    claim("With β = 0.9 the wedge reaches from α = {:.2f} to α = {:.0f}", regime_borders(0.01, 0.9)[0],
          regime_borders(1.0, 0.9)[2]),
    claim("A smaller β makes it narrower. At its tip, where the diamond sits, both ends meet",
          holds=np.isclose(regime_borders(0.01, PAIR[1])[0], regime_borders(1.0, PAIR[1])[1])),
    claim("the count is {} with β = 0, {} with β = 0.5, and {} with β = 0.9",
          *(steps(0.5, beta) for beta in (0, 0.5, 0.9))),
    claim("more than {}?", 4000),
    claim("{:.0f} steps, with β = 0.99. When", settle_map(RAVINE, 0.1, BETAS).min(),
          holds=settle_map(RAVINE, 0.1, BETAS).argmin() == len(BETAS) - 1),
    claim("| steps, at its best α | {} | {:.0f} | {:.0f} | {:.0f} | {:.0f} | {:.0f} |", best_plain(100),
          *map(searched, (0.5, 0.7, 0.9, 0.95, 0.99))),
    claim("Between 0.5 and 0.95, a wrong β costs you at most a factor of six",
          holds=5 < max(map(searched, TRIED)) / min(map(searched, TRIED)) <= 6),
    claim("It ends at α = {:.1f}, which settles in {} steps. The search has tried {} values of α, with 50 steps each: "
          "{} steps", doubled(0.9)[-2], steps(doubled(0.9)[-2], 0.9), len(doubled(0.9)), 50 * len(doubled(0.9))),
    claim("until each of the {} has settled would have taken {}", len(doubled(0.9)),
          sum(steps(alpha, 0.9) for alpha in doubled(0.9))),
    claim("how far is that from the {:.0f} steps of the best α", fewest(0.5)),
    claim("It ends at α = {:.1f}, with {} steps. The next one, {:.1f}, diverges already", doubled(0.5)[-2],
          steps(doubled(0.5)[-2], 0.5), doubled(0.5)[-1], holds=steps(doubled(0.5)[-1], 0.5) is None),
    claim("The best α lies between them, near {:.1f}", MANY[settle_map(RAVINE, MANY, 0.5).argmin()]),
    claim("With β = 0.9, the best α takes {:.0f} steps. You are content with a fifth more, {:.0f} steps",
          fewest(0.9), np.floor(1.2 * fewest(0.9))),
    claim("A factor of {:.0f}, from α = {:.2f} to α = {:.1f}. Between them no run takes more than {} steps",
          good(0.9)[1] / good(0.9)[0], *good(0.9), 103, holds=all_good(*good(0.9), 0.9, 103)),
    claim("| 0.5 | {:.0f} | {:.2f} to {:.2f} | {:.1f} |", *row(0.5)),
    claim("| 0.8 | {:.0f} | {:.2f} to {:.1f} | {:.1f} |", *row(0.8)),
    claim("| 0.9 | {:.0f} | {:.2f} to {:.1f} | {:.0f} |", *row(0.9)),
    claim("| 0.95 | {:.0f} | {:.2f} to {:.1f} | {:.0f} |", *row(0.95)),
    claim("β = 0.8 would be twice as fast here", holds=1.9 < fewest(0.9) / fewest(0.8) < 2.2),
    claim("still need less than half of plain descent's {} steps", best_plain(100),
          holds=1.2 * fewest(0.9) < best_plain(100) / 2),
    claim("Even α = 1.7 and α = 37.9 still beat plain descent, and so does everything between them",
          holds=all_good(1.7, 37.9, 0.9, best_plain(100) - 1)),
    claim("With β = 0.9 there is a wedge up to κ = {:.0f}.", longest(0.9)),
    claim("In a longer ravine take a larger β: with 0.95 there is one up to κ = {:.0f}", longest(0.95)),
    claim("it gives β = (9/11)² = {:.3f} and α = {:.0f}, and with the exact β the run settles in {} steps", PAIR[1], PAIR[0],
          steps(*PAIR), holds=np.isclose(PAIR[1], (9 / 11) ** 2)),
    claim("That is half of what β = 0.9 needs", holds=0.48 < steps(*PAIR) / steps(10, 0.9) < 0.55),
    claim("It never settles. With β = 0.66 the limit of α is {:.2f}, and α = 10 is above it",
          stability_limit(1.0, 0.66), holds=stability_limit(1.0, 0.66) < 10),
    claim("One down, at β = 0.66, it diverges. One up from the best pair, at β = 0.68, it takes {} steps, "
          "which is less than {}", steps(10, 0.68), steps(*PAIR), holds=steps(10, 0.66) is None),
    claim("Across the valley it swings out to {:.1f} times the distance", swings(*PAIR)[1]),
    claim("With α = 10 and β = 0.9 it never gets farther away than it was at first",
          holds=np.allclose(swings(10, 0.9), 1)),
    claim("If the largest curvature is {} % larger than you thought, α = 10 diverges with this β", 2,
          holds=stability_limit(1.02, PAIR[1]) < 10),
    claim("With β = 0.9, it could be {:.1f} times as large", stability_limit(1.0, 0.9) / 10),
    claim("If κ is 1000 and not 100, this pair takes {} steps", steps(*PAIR, 1000)),
    claim("At κ = 100 plain descent needs {} steps at its best α, and the best pair {}", best_plain(100), steps(*PAIR)),
    claim("Plain descent needs {}, ten times as many. The best pair needs {}, less than four times as many",
          best_plain(1000), steps(*best(1000), 1000),
          holds=9.9 < best_plain(1000) / best_plain(100) < 10.1 and steps(*best(1000), 1000) < 4 * steps(*PAIR)),
    *(claim(f"| {name} | {{}} | {{}} | {{}} | {{:.0f}} |", best_plain(kappa), steps(*best(kappa), kappa),
            ROOT[kappa], best_plain(kappa) / ROOT[kappa], holds=abs(ROOT[kappa] / BY_SEARCH[kappa] - 1) < 0.01)
      for kappa, name in zip(LONGER, ("10", "100", "1000", "10 000"), strict=True)),
    claim("In each row plain descent needs ten times as many steps as in the row before",
          holds=all(9.9 < best_plain(10 * kappa) / best_plain(kappa) < 10.1 for kappa in (10, 100, 1000))),
    claim("The best α and β need about three times as many, and √10 is {:.2f}", 10**0.5,
          holds=all(3 < ROOT[10 * kappa] / ROOT[kappa] < 3.8 for kappa in (10, 100, 1000))),
    claim("plain descent keeps (κ − 1)/(κ + 1) of the distance at each step. The best pair keeps √β, which is "
          "(√κ − 1)/(√κ + 1)",
          holds=all(np.isclose(convergence_rate((1 / kappa, 1), 2 / (1 + 1 / kappa)), (kappa - 1) / (kappa + 1)) and
                    np.isclose(best(kappa)[1] ** 0.5, (kappa**0.5 - 1) / (kappa**0.5 + 1)) and
                    np.isclose(convergence_rate((1 / kappa, 1), *best(kappa)), best(kappa)[1] ** 0.5, atol=1e-6)
                    for kappa in LONGER)),
    claim("The pair's steps grow a little faster than √κ",
          holds=all(10**0.5 < steps(*best(10 * kappa), 10 * kappa) / steps(*best(kappa), kappa) < 3.8
                    for kappa in (10, 100, 1000))),
    claim("They touch near κ = 1000, where both need about {:.0f} steps", ROOT[1000],
          holds=abs(NINE[1000] - BY_SEARCH[1000]) <= 1 and
          NINE[500] > 1.15 * BY_SEARCH[500] and NINE[2000] > 1.15 * BY_SEARCH[2000]),
    claim("at κ = 10 it needs {:.0f} steps, where {:.0f} would do", NINE[10], ROOT[10],
          holds=max(NINE[kappa] for kappa in (10, 100, 500)) < 1.15 * min(NINE[kappa] for kappa in (10, 100, 500))),
    claim("becomes as steep as that of plain descent", holds=9.5 < NINE[100_000] / NINE[10_000] < 10.5),
    claim("At κ = 10 000 it needs {:.0f} steps, twelve times as many", NINE[10_000],
          holds=11.5 < NINE[10_000] / NINE[1000] < 12.5),
    claim("On paper, 0.9 is the best pair's β at κ = {:.0f}", ((1 + 0.9**0.5) / (1 - 0.9**0.5)) ** 2),
    claim("at κ = {:.0f}, the wedge of β = 0.9 closes", longest(0.9)),
    claim("From κ = {} on", 39, holds=bool((along_kappa(10, 0.9) < PLAIN)[38:].all())),
    claim("At κ = 38 both take {} steps, and below it plain descent is the better choice", best_plain(38),
          holds=steps(10, 0.9, 38) == best_plain(38) and
          all(best_plain(kappa) < steps(10, 0.9, kappa) for kappa in range(1, 38))),
    claim("In a round bowl, κ = 1, it needs one step", holds=best_plain(1) == 1),
    claim("With α = 30 the count is {} for every κ up to {}", steps(30, 0.9), 1002,
          holds=set(along_kappa(30, 0.9)[:1002]) == {101} and along_kappa(30, 0.9)[1002] > 101),
    claim("At κ = 2000 it takes {}.", steps(30, 0.9, 2000)),
    claim("and have ten runs to find", holds=challenge.RUNS == 10),
    claim("With α = 1 and β = 0.9 a run takes {} steps, at κ = 100. A friend raises β to 0.95, and it takes {}",
          steps(1, 0.9), steps(1, 0.95)),
    claim("At α = 4 it takes {} steps. Left of the wedge", steps(4, 0.9)),
    claim("Plain descent 100 times as many, tuned momentum about 10 times",
          holds=99 < best_plain(10_000) / best_plain(100) < 101 and 9.5 < ROOT[10_000] / ROOT[100] < 11),
    claim("uses α = 10 and β = 0.9, and needs {} steps", steps(10, 0.9, 10)),
    claim("Plain descent at its best α takes {} steps", best_plain(10)),
    claim("the best pair has β = {:.2f} and takes {}. For so gentle", best(10)[1], steps(*best(10), 10)),
]  # fmt: skip

SETTINGS = (
    "in five tries",
    "begin with β = 0.9?", "why β = 0.9 forgives", "The ravine has κ = 100", "stays within 1 %",
    "α to 8, or β to 0.95", "You stand at α = 4, β = 0.9", "at β = 0, at β = 0.5 and at β = 0.9",
    "## Four kinds of runs", "separate four kinds", "the same four kinds", "α grows ten times and more",
    "next to nothing: at α = 0.5",
    "Someone has set α = 0.1", "about 100, about 1000", "Put β = 0.5 into the cell",
    "At β = 0.5 the good place", "## Why 0.9 forgives", "a factor of 1.2 between",
    "a factor of 2, or a factor of 10?", "With β = 0.9 you may miss by far",
    "For κ = 100 it gives",
    "may choose α: | β | 0 | 0.5 | 0.7 | 0.9 | 0.95 | 0.99 |", "## Ten times as long", "in this lesson had κ = 100",
    "Now κ is ten times as large, 1000", "is ten times the one before", "Press *κ = 10*", "press *κ ten times as large*",
    "## How far 0.9 reaches", "what happens to β = 0.9 when", "Look at the green line: β = 0.9", "as many as at κ = 1000",
    "Your α and β are 10 and 0.9", "Then put α to 30", "A ravine becomes 100 times as long", "the root of 100",
    "Leave α = 10, and lower β a little, to 0.66. What will the count be: 46, 60, or something else",
"where β ends at 0.99",
    "Go back to β = 0.9", "With β = 0.9, because its range",
    "A loss has κ = 10", "gentle a ravine, 0.9 is too much",
)  # fmt: skip

GUIDE_CLAIMS = [
    claim("at κ = 100, α = 4, β = 0.9: {} steps", steps(4, 0.9)),
    claim("Move β to 0.95: {} steps, twice as many. Back to 0.9, and α to 8: {}", steps(4, 0.95),
          steps(8, 0.9)),
    claim("until the stripes begin, at α = {:.0f}", stability_limit(1.0, 0.9)),
    claim("to β = 0, where the limit is {:.0f}", stability_limit(1.0)),
    claim("*Best pair for this κ*: {} steps", steps(*PAIR)),
    claim("β = 0.66, and it diverges", holds=steps(PAIR[0], 0.66) is None),
    claim("It stays at {}, while the diamond", steps(30, 0.9)),
    claim("changes sides at every step and settles in {}", best_plain(100),
          holds=regime(1.0, 2 / 1.01) == "oscillates"),
    claim("it takes more than 4000 steps", holds=settle_map(RAVINE, 0.1, BETAS).min() > 4000),
    claim("from α = 0.1 at β = 0.9: " + ", ".join(["{}"] * 8) + ".",
          *(steps(alpha, 0.9) for alpha in doubled(0.9))),
    claim("at α = 10, β = 0.9: {} steps, and plain descent takes one", steps(10, 0.9, 1),
          holds=best_plain(1) == 1),
    claim("at κ = 38, with {} steps each", best_plain(38), holds=best_plain(38) == steps(10, 0.9, 38)),
    claim("Plain descent needs {} steps now. How many then? And the best pair, which needs {}?", best_plain(100),
          steps(*PAIR)),
    claim("Most get the first right, {}, and expect the same factor for the second. It is {}.", best_plain(1000),
          steps(*best(1000), 1000)),
    claim("There are ten runs, and nothing but", holds=challenge.RUNS == 10),
    claim("With *banana* and β = 0.9, doubling from α = 1 gives {:.0f}, {:.0f}, {:.0f}, {:.0f}, {:.0f}.", *DOUBLED,
          holds=DOUBLED[-1] > DOUBLED[-2] and sorted(DOUBLED[:4], reverse=True) == DOUBLED[:4]),
    claim("No α gets below {:.0f} at this β.", BANANA.count(alpha_slider(1.0).stops, 0.9).min()),
    claim("The best possible is {:.0f} steps, with β = {}.", BANANA.best[2], BANANA.best[1]),
    claim("Here κ is {:.0f}, and the diamond stands at α = {}. With the same α and β = 0.7 the run diverges.",
          BANANA.kappa, BANANA.best[0], holds=stability_limit(BANANA.curvatures[1], 0.7) < BANANA.best[0]),
    claim("with κ from {} to {}.", min(hidden.KAPPAS), max(hidden.KAPPAS)),
]  # fmt: skip
GUIDE_SETTINGS = (
    "A game in ten minutes", "Give them six minutes", 'Expect "with 0.9, and I double α"', "β = 0.9 is fair in every",
    "In ten minutes", "In forty minutes", "people write 0.9 without", "Set α = 30, β = 0.9",
    "Take the four parts", "the four words", "(8 minutes)", "(6 minutes)", "Someone has set α = 0.1.",
    'Expect "0.99"', "*A round bowl, κ = 1*", "κ grows from 100 to 1000", "Press *κ ten times as large*",
    "begin with β = 0.9",
)  # fmt: skip
