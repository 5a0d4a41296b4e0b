"""Every number in lesson 03, computed again."""

import numpy as np

from lesson_utils import losses, optimizers
from lesson_utils.temperatures import load_temperatures
from lesson_utils.theory import stability_limit, steps_to_settle
from tests.claims import claim

RAVINE = (0.01, 1.0)
START = np.array([-9.0, 1.2])
GRADIENT = losses.Quadratic(RAVINE).gradient(START)
W = optimizers.gradient_descent(losses.Quadratic((1.0,)).gradient, [-2.0], 0.3, 2).w[:, 0]
CELSIUS = load_temperatures().celsius
WEATHER = losses.LeastSquares(CELSIUS[:-1], CELSIUS[1:])
BEST = 2 / sum(RAVINE)


def behaviour(alpha):
    w = optimizers.gradient_descent(losses.Quadratic((1.0,)).gradient, [-2.0], alpha, 40).w[:, 0]
    crosses = np.all(w[1:] * w[:-1] < 0)
    if abs(w[-1]) > 2:
        return "jumps across each time, and runs away" if crosses else None
    return "jumps across each time, and comes nearer" if crosses else "comes nearer on the same side"


def one_row(alpha, word=""):
    steps = steps_to_settle(1.0, alpha)
    return claim(
        f"| {alpha} | {{:.1f}} | {behaviour(alpha)}{word} | {{}} |",
        1 - alpha,
        "never" if steps is None else steps,
    )


def best_steps(kappa):
    return steps_to_settle((1 / kappa, 1), 2 / (1 / kappa + 1))


def steps(alpha, kappa=100):
    return steps_to_settle((1 / kappa, 1), alpha)


CLAIMS = [
    claim("bring the walk to the star before its steps are used up?",
          holds=not any((steps_to_settle((0.01, 1.0), alpha) or 99) <= 60 for alpha in np.arange(0.01, 2.5, 0.01))),
    claim("First, dw = {:.0f}, so w = −2 + 0.3 · {:.0f} = {:.1f}. Then dw = {:.1f}, and w = {:.2f}. Each "
          "step keeps {:.1f} of the distance", W[0], -W[0], W[1], W[1], W[2], W[1] / W[0]),
    one_row(0.1, ", slowly"),
    one_row(0.9, ", fast"),
    one_row(1.5),
    one_row(1.9, ", slowly"),
    one_row(2.1),
    claim("α = {:.0f} arrives in one step: the factor is {:.0f}", 1, 1 - 1,
          holds=steps_to_settle(1.0, 1.0) == 1),
    claim("At α = {:.0f} the factor is {:.0f}, so w jumps from side to side for ever. Above {:.0f} it",
          stability_limit(1.0), 1 - stability_limit(1.0), stability_limit(1.0)),
    claim("between α = {} and α = {} every step overshoots, and every step ends nearer", 1, 2,
          holds=all(-1 < 1 - alpha < 0 for alpha in (1.01, 1.5, 1.99))),
    claim("α = {} needs as many steps as α = {}", 1.9, 0.1,
          holds=steps_to_settle(1.0, 1.9) == steps_to_settle(1.0, 0.1)),
    claim("At α = {:.1f}. What counts is αλ, and {:.1f} · 4 = {:.0f}", stability_limit(4.0),
          stability_limit(4.0), 4 * stability_limit(4.0)),
    claim("Here κ = {:.0f}", losses.Quadratic(RAVINE).condition_number),
    claim("Across: 1 − 1.9 · 1 = {:.1f}", 1 - 1.9 * RAVINE[1]),
    claim("Along: 1 − 1.9 · 0.01 = {:.3f}. It keeps {:.0f} % of the way", 1 - 1.9 * 0.01,
          100 * (1 - 1.9 * 0.01)),
    claim("At α = {} and below there is no zig-zag. Above α = {:.0f} the path leaves the picture: each jump from wall "
          "to wall is longer than the one before", 1, stability_limit(1.0),
          holds=1 - 1.0 * RAVINE[1] >= 0 and all(1 - alpha * RAVINE[1] < -1 for alpha in (2.001, 2.02, 2.1))),
    claim("| w, the way to go | {:.0f} | {:.1f} |", *START),
    claim("| the gradient | {:.2f} | {:.1f} |", *GRADIENT),
    claim("It is {:.0f} times as steep across as it is along. But the way to go is longer along the valley, {:.1f} "
          "times as long", GRADIENT[1] / -GRADIENT[0], -START[0] / START[1]),
    claim("Across is done after {} steps. Along needs {} steps, more than five times as many",
          steps_to_settle(1.0, 1.9), steps_to_settle(0.01, 1.9),
          holds=steps_to_settle(0.01, 1.9) > 5 * steps_to_settle(1.0, 1.9)),
    claim("2/λ₁, is at α = {:.0f}, and α = {:.0f} would arrive in one step. But the walls allow no "
          "more than {:.0f}.", stability_limit(0.01), 1 / 0.01, stability_limit(1.0),
          holds=steps_to_settle(0.01, 100) == 1),
    claim("1, where across is done in one step", holds=steps_to_settle(1.0, 1.0) == 1),
    claim("or {:.2f}, close to the limit", BEST),
    claim("α = {:.2f}. | α | steps |", BEST, holds=steps(1.98) < min(steps(1.0), steps(1.99))),
    *(claim(f"| {alpha} | {{}} |", steps(alpha)) for alpha in (1, 1.98, 1.99)),
    claim("At 1.99 the zig-zag is the slow one: across, each step keeps {:.0f} %", 100 * abs(1 - 1.99),
          holds=steps_to_settle(1.0, 1.99) > steps_to_settle(0.01, 1.99)),
    claim("At 1.95 it takes {} steps, a few more. At {:.0f} it never settles", steps(1.95),
          stability_limit(1.0), holds=steps(2.0) is None),
    claim("The larger of the two factors decides",
          holds=all(abs(steps(alpha) - max(steps_to_settle(c, alpha) for c in RAVINE)) == 0
                    for alpha in (0.1, 1.0, 1.9, 1.98, 1.99))),
    claim("No single α does better",
          holds=all((steps(a) or 9999) >= best_steps(100) for a in np.linspace(0.01, 2.1, 300))),
    claim("Here that is 2/1.01 = {:.2f}, and both factors have the size {:.3f}. Every step keeps {:.0f} %",
          BEST, 1 - BEST * 0.01, 100 * (1 - BEST * 0.01), holds=np.isclose(1 - BEST * 0.01, BEST - 1)),
    claim("With the best α, κ = 100 takes {} steps", best_steps(100)),
    claim("{} steps, ten times as many", best_steps(1000),
          holds=9.9 < best_steps(1000) / best_steps(100) < 10.1),
    *(claim(f"| {kappa} | {{:.3f}} | {{}} |", 2 / (1 / kappa + 1), best_steps(kappa))
      for kappa in (1, 10, 100, 1000)),
    claim("A round bowl, κ = 1, needs one step", holds=best_steps(1) == 1),
    claim("A long ravine needs about {:.1f} · κ steps", best_steps(1000) / 1000,
          holds=round(best_steps(100) / 100, 1) == 2.3),
    *(claim(f"| {alpha} | {{}} |", steps(alpha, 10)) for alpha in (1.7, 1.8, 1.85)),
    claim("Too much costs more than too little",
          holds=steps(1.85, 10) - steps(1.8, 10) > steps(1.75, 10) - steps(1.8, 10)),
    claim("the longer the ravine, the closer its best α lies to the limit, {:.0f}.", stability_limit(1.0),
          holds=np.all(np.diff([2 / (1 / kappa + 1) for kappa in (1, 10, 100, 1000, 1e6)]) > 0) and
          stability_limit(1.0) > 2 / (1e-6 + 1)),
    claim("a ravine with κ = {:.0f}", WEATHER.condition_number),
    claim("A temperature is often {:.0f} degrees or so", CELSIUS.mean()),
    claim("So the bowl is steep in w and flat in b", holds=WEATHER.hessian[0, 0] > 100 * WEATHER.hessian[1, 1]),
    claim("No. It jumps across the minimum at every step, and each step halves the distance. It would "
          "diverge above α = {:.0f}", stability_limit(1.0), holds=1 - 1.5 == -0.5),
    claim("κ = {:.0f}. It diverges above 2/4 = {:.1f}", 4 / 0.04, stability_limit(4.0)),
    claim("twice the α makes the shallow direction about twice as fast",
          holds=all(1.9 < steps_to_settle(0.01, alpha) / steps_to_settle(0.01, 2 * alpha) < 2.1
                    for alpha in (0.1, 0.5, 0.9))),
    claim("From {} to {}. A better scaled problem", best_steps(1000), best_steps(10)),
]  # fmt: skip

SETTINGS = (
    "The minimum is at w = 0", "λ = 1, you start at w = −2, and α = 0.3", "so w = −2 + 0.3 ·",
    "Five step sizes", "λ = 1 again. For each of these five α", "α = 0.1, α = 0.9, α = 1.5, α = 1.9, α = 2.1",
    "steps until 1 % is left", "λ = 4", "λ₁ = 0.01",
    "λ₂ = 1, the *steep*", "α = 1.9. What is the factor", "The figure starts at α = 1.9", "within 1 % of its distance",
    "At α = 1.9, which direction", "or five times as long", "or 1.99, even closer",
    "How many will κ = 1000 take", "or ten times as many?", "Here κ is 10", "in at most 25 steps",
    "set α to 1.", "a million parameters", "λ = 1 and α = 1.5",
    "The largest curvature of a loss is 4 and the smallest is 0.04", "κ falls from 1000 to 10",
)  # fmt: skip

GUIDE_CLAIMS = [
    claim("at every step, and keeps {:.1f} of the distance", abs(1 - 1.7),
          holds=behaviour(1.7) == "jumps across each time, and comes nearer"),
    claim("Both need {} steps. The factors are {:.1f} and {:.1f}, equal in size", steps_to_settle(1.0, 1.9),
          1 - 1.9, 1 - 0.1, holds=steps_to_settle(1.0, 1.9) == steps_to_settle(1.0, 0.1)),
    claim("the ground is {:.0f} times as steep that way", GRADIENT[1] / -GRADIENT[0]),
    claim("The zig-zag is gone, and it needs {} steps instead of {}", steps(0.2), steps(1.9),
          holds=1 - 0.2 > 0),
    claim("Press *Best α*: {}, and no α does better", best_steps(100),
          holds=all((steps(a) or 9999) >= best_steps(100) for a in np.linspace(0.01, 2.1, 300))),
    claim("They get {:.1f}, and then {:.2f}. Let them find the factor {:.1f}", W[1], W[2], W[1] / W[0]),
    claim('*Expect* "still {:.0f}". It is {:.1f}: what counts is αλ', stability_limit(1.0),
          stability_limit(4.0)),
    claim("{:.1f} across, {:.3f} along", 1 - 1.9, 1 - 1.9 * 0.01),
    claim("Across takes {} steps and along {}", steps_to_settle(1.0, 1.9), steps_to_settle(0.01, 1.9)),
    claim('Somebody bids 1, "because it arrives in one step": across, yes, but along it takes {}',
          steps(1.0)),
    claim("Somebody bids 1.99: {} as well", steps(1.99), holds=steps(1.99) == steps(1.0)),
    claim("From κ = 100 to κ = 1000 it goes from {} to {}", best_steps(100), best_steps(1000)),
    claim("κ is {:.0f}. Why?", WEATHER.condition_number),
    claim("multiplied by some {:.0f} degrees, a change of b by 1", CELSIUS.mean()),
]  # fmt: skip
GUIDE_SETTINGS = (
    "In ten minutes", "In forty minutes",
    "write five values on the board: α = 0.1, 0.9, 1.5, 1.9, 2.1, with λ = 1", "αλ = 0.3", "αλ = 1.7",
    "αλ = 2*", "αλ = 2.1", '"0.1 and 0.9 arrive', '"1.9 is faster than 0.1', "λ = 1, w = −2, α = 0.3",
    "set λ to 4", "at α = 1.9", "The ten minutes' number 2 and number 3", "κ = 1, 10, 100 and 1000",
    '"κ is ten times as large',
)  # fmt: skip
