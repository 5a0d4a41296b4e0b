"""Every number in lesson 05, computed again."""

import numpy as np

from lesson_utils import losses, optimizers, oscillator
from lesson_utils.explorers import BallExplorer
from lesson_utils.oscillator import critical_beta, damping, swing
from lesson_utils.theory import stability_limit, steps_to_settle
from tests.claims import claim

TWO = (0.25, 1.0)


def run(alpha, beta, steps=120, convention="ewa", start=(-2.0,), curvatures=(1.0,)):
    bowl = losses.Quadratic(curvatures)
    return optimizers.momentum(bowl.gradient, start, alpha, beta, steps, convention=convention).w


def settles(alpha, beta):
    return steps_to_settle(1.0, alpha, beta)


def widest(alpha, beta):
    """Return how far the ball gets on the other side, in per cent of the start."""
    return 100 * run(alpha, beta, 400)[:, 0].max() / 2


def energy(alpha, beta, steps=120):
    return sum(oscillator.energy(run(alpha, beta, steps), [1.0], alpha, beta))


def climbs(w):
    """Return how often the loss begins to go up."""
    up = np.diff(w**2) > 0
    return np.sum(up[1:] & ~up[:-1])


def gap(h):
    """Return the largest gap between the run and the ball in smooth time, over 100 units of time."""
    alpha, beta, steps = 0.25 * h, 1 - 0.1 * h, int(100 / h)
    smooth = oscillator.smooth_ball(1.0, alpha, beta, -2.0, np.arange(steps + 1))
    return np.abs(run(alpha, beta, steps)[:, 0] - smooth).max()


def shaken(alpha, beta):
    """Return how far gradients with noise of size 1 hold the ball from the minimum: the last 20,000 steps."""
    rng = np.random.default_rng(1)
    w, v, places = 0.0, 0.0, []
    for _ in range(20_000):
        v = beta * v + (1 - beta) * (w + rng.normal())
        w = w - alpha * v
        places.append(w)
    return np.std(places)


def walked(step):
    """Whether the figure of the walk shows a push against the last step at this step."""
    explorer = BallExplorer(alpha=1.0, beta=0.9, step_shown=int(step))
    last, _, push = explorer._parts(explorer._compute(explorer.settings))
    return (last * push)[0] < 0


FIRST = run(1.0, 0.9)[:, 0]
STEPS = np.diff(FIRST)
PUSHES = -0.1 * FIRST
RINGS, SLOW = swing(1.0, 0.25, 0.9), swing(1.0, 0.25, 0.99)
PENDULUM = swing(1.0, 0.025, 0.99, convention="heavy_ball")
HEAVIER = [oscillator.ball(1.0, 0.25, beta) for beta in (0.9, 0.99)]
FREER = [oscillator.ball(1.0, 0.025, beta, convention="heavy_ball") for beta in (0.9, 0.99)]
ABOVE = run(1.0, 0.9, 80, start=(-2.0, 1.4), curvatures=TWO)
RUN = run(0.25, 0.9)[:, 0]
AGAINST = int(np.argmax(STEPS[:40] * PUSHES[1:41] < 0)) + 1

SHARED = [
    claim("Its fourth step is the longest, {:.3f}, and it begins at w = {:.3f}", STEPS[3], FIRST[3],
          holds=np.argmax(np.abs(STEPS)) == 3),
    claim("The fifth is {:.3f} and carries it past the minimum", STEPS[4], holds=FIRST[4] < 0 < FIRST[5]),
]  # fmt: skip

CLAIMS = [
    claim("there is no last step yet, so no friction. The push is {:.1f} · {:.0f} · {:.0f} = {:.1f}. The ball is at {:.1f}",
          1 - 0.9, 1, 2, PUSHES[0], FIRST[1], holds=np.isclose(STEPS[0], PUSHES[0])),
    claim("the last step was {:.1f}, friction takes {:.2f}, the push is 0.1 · {:.1f} = {:.2f}. The step is {:.2f}, "
          "and the ball is at {:.2f}", STEPS[0], 0.1 * STEPS[0], -FIRST[1], PUSHES[1], STEPS[1], FIRST[2],
          holds=np.isclose(STEPS[1], 0.9 * STEPS[0] + PUSHES[1])),
    *SHARED,
    claim("It is step {} of the figure. The figure counts from {}, so this is the sixth step of the list "
          "above. The ball is past the minimum, at w = {:.3f}, and the slope there points back. Its last step "
          "was {:.3f}", AGAINST, 0, FIRST[5], STEPS[4],
          holds=STEPS[5] > 0 and walked(AGAINST) and not walked(AGAINST - 1)),
    claim("The push is tiny here, {:.3f}", PUSHES[AGAINST]),
    claim("With this α the ball creeps to the minimum and does not pass it",
          holds=(np.diff(run(0.25, 0.0)[:, 0]) > 0).all()),
    claim("The first overshoots are too small to see",
          holds=0 < widest(0.25, 0.4) < widest(0.25, 0.45) < 0.5),
    claim("It settles in {} steps", settles(0.25, 0)),
    claim("It is β = {:.2f}; the slider marks it", critical_beta(1.0, 0.25),
          holds=damping(1.0, 0.25, 0.36) == "critical"),
    claim("Here this is {:.2f}/{:.2f} = {:.1f}, and 0.6 · 0.6 = {:.2f}", 1 - 0.25, 1 + 0.25, 0.75 / 1.25,
          critical_beta(1.0, 0.25)),
    claim("| 0 | over-damped | – | {} steps |", settles(0.25, 0), holds=widest(0.25, 0) <= 0),
    claim("| 0.36 | critically damped | – | {} steps |", settles(0.25, 0.36),
          holds=widest(0.25, 0.36) <= 1e-9),
    claim("| 0.45 | rings | {:.1f} % of the start | {} steps |", widest(0.25, 0.45), settles(0.25, 0.45)),
    claim("| 0.5 | rings | {:.1f} % | {} steps |", widest(0.25, 0.5), settles(0.25, 0.5)),
    claim("| 0.9 | rings | {:.0f} % | {} steps |", widest(0.25, 0.9), settles(0.25, 0.9)),
    claim("But β = 0.9 takes far longer than β = 0", holds=settles(0.25, 0.9) > 4 * settles(0.25, 0)),
    claim("The loss goes up, each time the ball rolls up a wall",
          holds=climbs(RUN) == np.sum(RUN[1:] * RUN[:-1] < 0) > 4),
    claim("In this run the energy does not go up: friction only takes", holds=(np.diff(energy(0.25, 0.9)) < 0).all()),
    claim("half a swing now keeps {:.0f} % of the width, not {:.0f} %. But not at the same pace. A full "
          "swing took {:.0f} steps, and now takes {:.0f}", 100 * SLOW[1], 100 * RINGS[1], RINGS[0], SLOW[0]),
    claim("There a full swing takes {:.1f} steps, about as many as the {:.0f} at β = 0.9, and half a swing keeps {:.0f} %",
          PENDULUM[0], RINGS[0], 100 * PENDULUM[1]),
    claim("Its α is {:.3f}, so that at β = 0.9 both balls are pushed alike", 0.25 * (1 - 0.9),
          holds=np.allclose(run(0.25, 0.9), run(0.025, 0.9, convention="heavy_ball"))),
    claim("it is {:.0f} and becomes {:.0f}. The damping is {:.0f} both times", HEAVIER[0].mass,
          HEAVIER[1].mass, HEAVIER[0].friction, holds=np.isclose(HEAVIER[0].friction, HEAVIER[1].friction)),
    claim("the mass is {:.0f} both times, and the damping falls from {:.0f} to {:.1f}", FREER[0].mass,
          FREER[0].friction, FREER[1].friction, holds=np.isclose(FREER[0].mass, FREER[1].mass)),
    claim("Because that share is c/m, and c/m is 1−β in both",
          holds=np.allclose([one.friction / one.mass for one in (*HEAVIER, *FREER)], 2 * [0.1, 0.01])),
    claim("The shorter the steps, the closer w follows it",
          holds=(np.diff([gap(h) for h in (1, 0.5, 0.25, 0.125)]) < 0).all()),
    claim("For w₂ it is {:.2f}, for w₁ it is {:.3f}. In between, w₂ rings while w₁ still creeps",
          critical_beta(1.0, 0.25), critical_beta(0.25, 0.25),
          holds=[damping(curvature, 0.25, 0.6) for curvature in TWO] == ["over-damped", "rings"]),
    claim("Below α = {:.0f} it goes to zero in the end, but on the way it may grow: at α = {:.0f} the first "
          "step makes it {:.1f} times as large. Above {:.0f} it grows without end", stability_limit(1.0, 0.2),
          2, energy(2, 0.2)[1] / energy(2, 0.2)[0], stability_limit(1.0, 0.2),
          holds=energy(2, 0.2)[-1] < 1e-9 and energy(3.1, 0.2)[-1] > 1e4),
    claim("α = 2.8 is one: it jumps from side to side, and settles in {} steps", settles(2.8, 0.2),
          holds=(run(2.8, 0.2, 60)[1:] * run(2.8, 0.2, 60)[:-1] < 0).all()),
    claim("so the ball never comes to rest", holds=shaken(0.25, 0.9) > 0.3),
    claim("√β = (1 − 1/9)/(1 + 1/9) = {:.1f}, so β = {:.2f}", (1 - 1 / 9) / (1 + 1 / 9),
          critical_beta(1.0, 1 / 9)),
    claim("It becomes {:.0f} times as large", HEAVIER[1].mass / HEAVIER[0].mass),
    claim("It creeps in up to √β = (1−αλ)/(1+αλ), and rings above",
          holds=all(np.isclose(critical_beta(1.0, a) ** 0.5, (1 - a) / (1 + a)) for a in (0.1, 0.25, 0.5))),
]  # fmt: skip

GUIDE_CLAIMS = [
    claim("with α = 1 and β = 0.9 the fourth step is the longest, {:.3f}, and the fifth already carries the ball past",
          STEPS[3], holds=np.argmax(np.abs(STEPS)) == 3 and FIRST[4] < 0 < FIRST[5]),
    claim("near 0.5, because an overshoot of {:.0f} % is hard to see; the mark on the slider is at {:.2f}",
          widest(0.25, 0.5), critical_beta(1.0, 0.25)),
    claim("alone is slower here, {} steps and not {}", settles(0.25, 0.9), settles(0.25, 0.0)),
    claim("a full swing takes {:.0f} steps and not {:.0f}", SLOW[0], RINGS[0]),
    claim("*Less friction, all of dw*: {:.1f} steps", PENDULUM[0]),
    claim("The mass goes from {:.0f} to {:.0f}, the damping c stays {:.0f}", HEAVIER[0].mass, HEAVIER[1].mass,
          HEAVIER[0].friction),
    claim("at step {} last step and push point apart", 8, holds=(ABOVE[8] - ABOVE[7])[1] * ABOVE[8, 1] > 0),
    claim("below α = {:.0f} this ball arrives, above it the energy grows", stability_limit(1.0, 0.2)),
    claim("though friction takes {:.0f} % of the last step each time", 100 * (1 - 0.2)),
    claim("with β = 0 the limit is {:.0f}", stability_limit(1.0)),
    claim("α = 2.8 jumps across at every step and settles in {}", settles(2.8, 0.2)),
]  # fmt: skip

GUIDE_SETTINGS = (
    "Type 0 into", "Walk five steps", "plain gradient descent, β = 0", "With β = 0 there is no friction",
    "β from 0.9 to 0.99", "m = 1/((1−β)α) and c = 1/α for α = 0.25", "the question about β = 0",
    "In ten minutes", "In forty minutes",
)  # fmt: skip

SETTINGS = (
    "| wₜ₊₁ − 2wₜ + wₜ₋₁ |", "| 1/((1−β)α) | 1/α | λ |", "| 1/α | (1−β)/α | λ |",
    "The mass, 1/((1−β)α)", "a bowl with λ = 1, so dw = w",
    "at w = −2, with α = 1 and β = 0.9", "α stays at 0.25, λ at 1", "β = 0: friction takes all",
    "β, with α = 0.25", "The ball starts at w = −2",
    "Take α = 0.25, and go from β = 0.9 to β = 0.99. Friction falls to a tenth",
    "Take α = 0.25 in the first row. Work out m and c at β = 0.9, and at β = 0.99",
    "In the second row with α = 0.025",
    "λ = 1/4 along w₁ and λ = 1 along w₂, and α = 0.25", "moved β to 0.6 and read",
    "β = 0.2 and λ = 1. Friction takes most",
    "λ = 1 and α = 1/9. At which β",
    "from β = 0.9 to β = 0.99 and leave α",
)  # fmt: skip
