"""Every number in lesson 10, and in its part of the teacher's guide, computed again."""

import math

import numpy as np

from lesson_utils import losses, maps, methods, optimizers
from lesson_utils.explorers import surface
from lesson_utils.theory import best_settings, stability_limit, steps_to_settle
from tests.claims import claim
from tests.claims.lesson_09 import RAVINE, START, momentum, ravine

VALLEYS, SADDLE = surface.LANDS["valleys"], surface.LANDS["saddle"]
STARTS = np.stack(np.meshgrid(np.linspace(-2.5, 2.5, 101), np.linspace(-1.9, 1.9, 39)), axis=-1)
FINE = np.linspace(-2.5, 2.5, 2001)
BESIDE, LEVEL, BEND, LEFT, RIGHT = (0.01, 1.0), (-2.0, 0.8), (-1.2, 1.0), (-1.8, 0.6), (2.2, 0.6)


def run(name, start, alpha, beta=0.9, steps=500):
    return optimizers.momentum(surface.LANDS[name].gradient, start, alpha, beta, steps)


def end(name, start, alpha, beta=0.9):
    """Return (the place of the minimum, the step) at which a run comes to rest."""
    return surface.arrived(name, run(name, start, alpha, beta))


def leaves(alpha, beta=0.9, start=BESIDE):
    """Return the step at which a run has passed w₁ = 1, on its way from the saddle."""
    return int(np.argmax(np.abs(run("saddle", start, alpha, beta).w[:, 0]) > 1))


def grows(alpha, beta=0.9, curvature=0.05):
    """Return the factor of the distance from a saddle, measured in a run of the linear part alone."""
    w, v = 1e-6, 0.0
    for _ in range(400):
        v = beta * v - (1 - beta) * curvature * w
        before, w = w, w - alpha * v
    return w / before


def share(alpha, beta, steps=2000):
    return (maps.basins(VALLEYS, STARTS, alpha, beta, steps=steps) == 0).mean()


def stripes(alpha, beta, steps=2000):
    """Return how often the end changes along the line w₂ = 0.6, and the part that has none."""
    ends = maps.basins(VALLEYS, np.stack([FINE, 0 * FINE + 0.6], axis=-1), alpha, beta, steps=steps)
    return int(np.sum(ends[1:] != ends[:-1])), (ends == 2).mean()


def nesterov(alpha, beta=0.9):
    return methods.nesterov_steps_to_settle(RAVINE, alpha, beta)


def my_nesterov(w, v, s, dw, t, alpha, beta, beta_2):
    v = beta * v + (1 - beta) * dw
    return w - alpha * (beta * v + (1 - beta) * dw), v, s


AHEAD = methods.nesterov(ravine().gradient, START, 4, 0.9, 10)
PLACES = AHEAD.w - 4 * 0.9 * AHEAD.v
CROSSES = int(np.argmax((PLACES[:, 1] < 0) & (AHEAD.w[:, 1] > 0)))
OWN_NESTEROV = methods.walk(my_nesterov, ravine().gradient, START, 4, 0.9, 0.999, 100)
L, MU = 1.0, 0.01  # Nesterov's fastest long-run settings on a quadratic (Lessard, Recht and Packard 2016)
ROOT = math.sqrt(3 * L / MU + 1)
BEST_NESTEROV = (4 / (3 * L + MU) / (1 - (ROOT - 2) / (ROOT + 2)), (ROOT - 2) / (ROOT + 2))


def braked(curvature):
    return 0.9 * (1 - 0.1 * 4 * curvature)


ENDS = maps.basins(VALLEYS, np.stack([FINE, 0 * FINE], axis=-1), 1.9, steps=2000)
BORDERS = FINE[1:][ENDS[1:] != ENDS[:-1]]
BARRIER = float(VALLEYS.loss((VALLEYS.barrier, 0.0)) - VALLEYS.loss(VALLEYS.minima[1]))
DIVERGED = run("bent", BEND, 30).diverged_at

CLAIMS = [
    claim("The right one, with the large star, is deeper",
          holds=VALLEYS.loss(VALLEYS.minima[0]) < VALLEYS.loss(VALLEYS.minima[1]) and VALLEYS.minima[0][0] > 0),
    claim("Plain descent ends in the left valley, in {} steps. Momentum rolls through it, over the barrier, and ends in "
          "the right valley, in {} steps", end("valleys", LEFT, 1.9, 0)[1], end("valleys", LEFT, 4)[1],
          holds=end("valleys", LEFT, 1.9, 0)[0] == 1 and end("valleys", LEFT, 4)[0] == 0),
    claim("At −1.2 it stays in the left valley, as plain descent does. From −1.4 it stays, from −1.5 it leaves",
          holds=all(end("valleys", (x, y), 4)[0] == (x <= -1.5) * -1 + 1 for x in (-1.8, -1.7, -1.6, -1.5, -1.4, -1.3,
                    -1.2, -1.1, -1.0) for y in (0.0, 0.6)) and
          all(end("valleys", (x, 0.6), 1.9, 0)[0] == 1 for x in (-1.2, -1.8))),
    claim("The floor of the left valley lies only {:.3f} below the barrier", BARRIER,
          holds=VALLEYS.loss(LEFT) - VALLEYS.loss((LEFT[0], 0.0)) + VALLEYS.loss((LEFT[0], 0.0)) > 10 * BARRIER
          and VALLEYS.loss((LEFT[0], 0.0)) - VALLEYS.loss(VALLEYS.minima[1]) > 5 * BARRIER),
    claim("Plain descent ends in the right valley, where it started. Momentum runs through it",
          holds=end("valleys", RIGHT, 1.9, 0)[0] == 0 and end("valleys", RIGHT, 4)[0] == 1),
    claim("plain descent brings {:.0f} % to the lowest minimum, and momentum {:.0f} %", 100 * share(1.9, 0),
          100 * share(4, 0.9)),
    claim("one border between the valleys, the top of the barrier. (At the far left there is another: from so high up its "
          "first step jumps across.) For momentum it has stripes",
          holds=stripes(1.9, 0) == (2, 0) and stripes(4, 0.9)[0] > 3 and BORDERS[0] < -2.3
          and abs(BORDERS[1] - VALLEYS.barrier) < 0.01 and
          run("valleys", (BORDERS[0] - 0.01, 0.0), 1.9, 0).w[1, 0] > VALLEYS.barrier),
    claim("With β = 0.99 the stripes become many and thin, and parts of the map are grey",
          holds=stripes(4, 0.99)[0] > 2 * stripes(4, 0.9)[0] and stripes(4, 0.99, 300)[1] > 0.2),
    claim("Across it the curvature is {:.0f}; along it, it is −{:.2f}", 1, 0.05,
          holds=np.allclose([SADDLE.gradient((1e-6, 0.0))[0] / 1e-6, SADDLE.gradient((0.0, 1e-6))[1] / 1e-6], [-0.05, 1])),
    claim("Plain descent. It passes w₁ = 1 at step {}, and momentum at step {}", leaves(1.9, 0), leaves(1.9),
          holds=all(leaves(alpha, 0, (x, 1.0)) < leaves(alpha, beta, (x, 1.0)) for alpha in (0.5, 1, 1.9)
                    for beta in (0.5, 0.9, 0.95) for x in (0.001, 0.01, 0.1))),
    claim("by the factor 1 + αλ = {:.3f} at each step, momentum by {:.3f}. (Here λ is 0.05. Put w = zᵗ "
          "into the two lines of momentum: z is the larger root of z² − "
          "(1 + β + (1−β)αλ) z + β = "
          "{:.0f}", grows(1.9, 0), grows(1.9), 0,
          holds=np.isclose(grows(1.9), np.roots((1, -(1.9 + 0.1 * 1.9 * 0.05), 0.9)).max().real) and
          np.isclose(grows(1.9, 0), 1 + 1.9 * 0.05)),
    claim("It passes w₁ = 1 at step {}, because it moves away by {:.1f} at each step", leaves(10), grows(10),
          holds=all(leaves(10, 0.9, (x, 1.0)) < leaves(1.9, 0, (x, 1.0)) for x in (0.001, 0.01, 0.1))),
    claim("Plain descent arrives in {} steps, momentum in {}", end("plateau", LEVEL, 1.9, 0)[1],
          end("plateau", LEVEL, 1.9)[1],
          holds=all(end("plateau", (x, 0.8), 1.9, 0)[1] < end("plateau", (x, 0.8), 1.9)[1] for x in (-2.5, -2, -1.5))),
    claim("On a steady slope v becomes as long as dw, and no longer, and then it runs past the minimum",
          holds=bool((run("plateau", LEVEL, 1.9).w[:, 0] > 1.05).any()) and
          0.95 < (run("plateau", LEVEL, 1.9).v / run("plateau", LEVEL, 1.9).dw[[0, *range(500)]])[40, 0] < 1.15),
    claim("With α = 10 momentum arrives in {} steps. With α = 35, still below its limit in a bowl like this one, it "
          "needs {}", end("plateau", LEVEL, 10)[1], end("plateau", LEVEL, 35)[1],
          holds=stability_limit(1.0, 0.9) > 35),
    claim("Plain descent needs {} steps with α = 1.9", end("bent", BEND, 1.9, 0)[1]),
    claim("Yes, with swings, and it needs {} steps", end("bent", BEND, 10)[1]),
    claim("the formula allows α up to {:.1f} for momentum. But α = 30 runs away",
          stability_limit(losses.Rosenbrock.steepest, 0.9), holds=DIVERGED is not None),
    claim("on the walls the curvature is larger than at the minimum",
          holds=0.01 * np.linalg.eigvalsh([[2 + 120 * 1.44 - 40, 48], [48, 20]])[-1] > losses.Rosenbrock.steepest),
    claim("momentum settles in {} steps. Will the look ahead make it faster? And the limit of α, which is {:.0f} for",
          momentum(4), stability_limit(1.0, 0.9)),
    claim("Faster: {} steps. And lower: the limit is {:.1f}", nesterov(4), methods.nesterov_limit(1.0, 0.9)),
    claim("Step {}. w₂ is {:.2f}, still on the old side, but at the place ahead it is {:.2f}, on the other",
          CROSSES, AHEAD.w[CROSSES, 1], PLACES[CROSSES, 1],
          holds=(AHEAD.dw[:CROSSES, 1] > 0).all() and AHEAD.dw[CROSSES, 1] < 0),
    *(claim(f"| {a} | 0.9 | {{}} | {{}} |", momentum(a), nesterov(a)) for a in (4, 10, 13)),
    claim("| 20 | 0.9 | {} | never, it diverges |", momentum(20), holds=nesterov(20) is None),
    claim("| 100 | 0.99 | {} | {} |", momentum(100, 0.99), nesterov(100, 0.99)),
    claim("that is {:.2f} across the valley and {:.3f} along it", braked(1.0), braked(0.01)),
    claim("momentum needs {} steps and Nesterov's {}", momentum(*best_settings(RAVINE)),
          nesterov(*BEST_NESTEROV)),
    claim("settle in {} and {} steps. Are they the same method",
          optimizers.settles_at(OWN_NESTEROV.w, (0, 0)), nesterov(4),
          holds=np.allclose(OWN_NESTEROV.w[:11], PLACES, rtol=0, atol=1e-14)),
    claim("Tuned momentum needs about √κ steps where plain descent needs κ",
          holds=all(2 * k**0.5 < steps_to_settle((1 / k, 1), *best_settings((1 / k, 1))) < 6 * k**0.5
                    and 2 * k < steps_to_settle((1 / k, 1), 2 / (1 + 1 / k), most=60_000) < 2.5 * k
                    for k in (10, 100, 1000, 10_000))),
    claim("With β = 0.9 and α = 10 it pays from κ = {} on", 38,
          holds=all((steps_to_settle((1 / k, 1), 2 / (1 + 1 / k)) >= momentum(10, kappa=k)) == (k >= 38) for k
          in range(2, 60))),
    claim("With β = 0.9 the limit of α is {:.0f}. Is α = 30 safe", stability_limit(1.0, 0.9)),
]  # fmt: skip
SETTINGS = (
    "plain descent ends at α = 2", "at w₁ = −1.8. Plain descent takes α = 1.9, momentum α = 4 and",
    "and β = 0.9. Where does each",
    "type −1.2 into", "then momentum again with β = 0.99", "after 300 steps those runs", "take the same α = 1.9",
    "set α to 10, and leave plain descent at 1.9", "Again both take α = 1.9", "since 1960", "Momentum may take α = 10",
    "At the minimum the largest curvature is about 1", "the largest curvature 1. With",
    "β · (1 − (1−β)αλ) instead of β", "At κ = 100 with α = 4 and β = 0.9, momentum",
    "With α = 4 and β = 0.9 that is", "tell a friend about it, in six lines", "Six lines of ours",
    "Distill, 2017", "Mathematical Physics, 1964",
    "convergence rate O(1/k²)*, Soviet Mathematics Doklady, 1983", "ICML 2013", "*Lecture 6.5: rmsprop*",
    "Coursera, 2012", "ICLR 2015 (first put online in 2014)", "ICLR 2018", "NIPS 2017",
)  # fmt: skip

GUIDE_CLAIMS = [
    claim("Plain descent stays in the left valley. Momentum goes over the barrier",
          holds=end("valleys", LEFT, 1.9, 0)[0] == 1 and end("valleys", LEFT, 4)[0] == 0),
    claim("{:.0f} % of the starts end in the better valley with momentum, {:.0f} % without", 100 * share(4, 0.9),
          100 * share(1.9, 0)),
    claim("plain descent passes w₁ = 1 at step {}, momentum at step {}. With α = 10 it is step {}", leaves(1.9, 0),
          leaves(1.9), leaves(10)),
    claim("{} steps against {}. Then α = 10: {}", end("plateau", LEVEL, 1.9)[1], end("plateau", LEVEL, 1.9, 0)[1],
          end("plateau", LEVEL, 10)[1]),
    claim("from {} steps to {}", end("bent", BEND, 1.9, 0)[1], end("bent", BEND, 10)[1]),
    claim("With α = 4 Nesterov needs {} steps and momentum {}; the limit is {:.1f} instead of {:.0f}",
          nesterov(4), momentum(4), methods.nesterov_limit(1.0, 0.9), stability_limit(1.0, 0.9)),
    claim("With the best pair on paper for each, momentum needs {} steps and Nesterov {}",
          momentum(*best_settings(RAVINE)), nesterov(*BEST_NESTEROV)),

]  # fmt: skip
GUIDE_SETTINGS = (
    "In ten minutes",
    "In forty minutes",
    "in six lines",
    "(10 minutes)",
    "(5 minutes)",
    "Set α to 30",
)
