"""Every number in lesson 04, computed again."""

from fractions import Fraction
from functools import cache

import numpy as np

from lesson_utils import averages, losses, optimizers
from lesson_utils.temperatures import load_temperatures
from lesson_utils.theory import best_settings, convergence_rate, stability_limit, steps_to_settle
from tests.claims import claim

RAVINE = (0.01, 1.0)
START = (-9.0, 1.2)
BOWL = losses.Quadratic(RAVINE)
CELSIUS = load_temperatures().celsius
WEATHER = losses.LeastSquares(CELSIUS[:-1], CELSIUS[1:])
PICTURE = optimizers.momentum(BOWL.gradient, START, 4, 0.9, 120)
PLAIN_BEST = 2 / sum(RAVINE)


def weather(alpha, beta):
    return optimizers.momentum(WEATHER.gradient, (0.0, 0.0), alpha, beta, 300).w[-1]


def steps(alpha, beta=0.0, kappa=100):
    return steps_to_settle((1 / kappa, 1), alpha, beta)


def best_plain(kappa):
    return steps(2 / (1 + 1 / kappa), 0.0, kappa)


def first_step(correct):
    """Return how long momentum's first step is, beside plain descent's."""
    path = optimizers.momentum(BOWL.gradient, START, 1.0, 0.9, 1, bias_correction=correct)
    return np.linalg.norm(path.w[1] - path.w[0]) / np.linalg.norm(path.dw[0])


def corrected(alpha):
    path = optimizers.momentum(BOWL.gradient, START, alpha, 0.9, 3000, bias_correction=True)
    return optimizers.settles_at(path.w, (0, 0))


def swing(alpha):
    path = optimizers.momentum(BOWL.gradient, START, alpha, 0.9, 300, bias_correction=True)
    return np.abs(path.w[:, 1]).max() / START[1]


def survives(beta):
    path = optimizers.momentum(BOWL.gradient, START, 4, beta, 120)
    return 100 * np.abs(path.v[1:61]).sum(axis=0) / np.abs(path.dw[:60]).sum(axis=0)


def opposite_across(path):
    return np.flatnonzero(path.dw[:, 1] * path.v[1:, 1] < 0)


def sign_changes(dw):
    signs = np.sign(dw[np.abs(dw) > 1e-9])
    return int(np.sum(signs[1:] != signs[:-1]))


def run(alpha, beta, count, curvature=1.0):
    """Return w, v and dw of a run by the lesson's two lines, written out once more: no limit is asked of the package."""
    w, v, rows = 0.1, 0.0, []
    for _ in range(count):
        dw = curvature * w
        v = beta * v + (1 - beta) * dw
        rows.append((w, v, dw))
        w = w - alpha * v
    return np.array(rows).T


def grows(alpha, beta, curvature=1.0):
    """Return whether w is farther away in the later half of a run than in the earlier one."""
    away = np.abs(run(alpha, beta, 4000, curvature)[0, 1000:])
    return not np.isfinite(away).all() or away[1500:].max() > away[:1500].max()


@cache
def bisected(beta, curvature=1.0):
    """Return the α at which a run begins to grow, found by trying."""
    low, high = 0.0, 1000.0 / curvature
    for _ in range(34):
        middle = (low + high) / 2
        low, high = (low, middle) if grows(middle, beta, curvature) else (middle, high)
    return low


@cache
def at_the_border(beta):
    """Return the last w, v and dw of a run at 2(1+β)/(1−β), when what it was at first is forgotten."""
    return run(2 * (1 + beta) / (1 - beta), beta, 6000)[:, -50:]


TRIED = (0.0, 0.3, 0.5, 0.8, 0.9, 0.95)  # values of β


def forgot_beta_v(w, v, dw, alpha, beta):
    v = (1 - beta) * dw
    return w - alpha * v, v


def outlasts(alpha, beta):
    """Return how much longer v is than dw along the valley, when the start is forgotten."""
    path = optimizers.momentum(losses.Quadratic(RAVINE[:1]).gradient, START[:1], alpha, beta, 700)
    ratios = path.v[601:701, 0] / path.dw[600:700, 0]
    assert np.allclose(ratios, ratios[0])
    return ratios[0]


ZIGZAG = optimizers.gradient_descent(BOWL.gradient, START, 1.9, 120)
LOSS = BOWL.loss(PICTURE.w)
TOPS = LOSS[1:-1][(LOSS[1:-1] > LOSS[:-2]) & (LOSS[1:-1] > LOSS[2:])]
ROUND = losses.Quadratic((1.0, 1.0))
ROUND_PLAIN = optimizers.gradient_descent(ROUND.gradient, START, 1.0, 120)
ROUND_MOMENTUM = optimizers.momentum(ROUND.gradient, START, 1.0, 0.9, 120)
W, V, DW = at_the_border(0.9)
TOO_LONG = optimizers.momentum(BOWL.gradient, START, 4, 0.99, 909)
BROKEN = optimizers.momentum(BOWL.gradient, START, 4, 0.9, 1200, step=forgot_beta_v)

NINTHS = Fraction(best_settings((1 / 25, 1))[1]).limit_denominator(50)


def peak(alpha):
    """Return how far across the valley a run of momentum gets after its first step, beside its start."""
    return np.abs(optimizers.momentum(BOWL.gradient, START, alpha, 0.9, 200).w[1:, 1]).max() / START[1]


CLAIMS = [
    claim("form a ravine of κ = {:.0f}", WEATHER.condition_number),
    claim("After 300 steps, w = {:.3f} and b = {:.3f}, as in the exact solution", *weather(0.1, 0.9),
          holds=np.array_equal(weather(0.1, 0.9).round(3), WEATHER.minimum.round(3))),
    claim("The numbers explode, because plain descent ends at α = {:.4f} here",
          stability_limit(WEATHER.curvatures.max()), holds=not np.isfinite(weather(0.1, 0.0)).all()),
    claim("With α = 0.01 it survives, but after 300 steps b is only {:.2f}", weather(0.01, 0.0)[1]),
    claim("Then the first step is as long as plain descent's, not a tenth of it",
          holds=np.isclose(first_step(True), 1) and np.isclose(first_step(False), 0.1)),
    claim("With α = 1 this saves {} of {} steps, the delay β/(1−β)", steps(1, 0.9) - corrected(1), steps(1, 0.9),
          holds=steps(1, 0.9) - corrected(1) == round(0.9 / 0.1)),
    claim("With α = 10 momentum needs {} steps. Does the corrected run need fewer", steps(10, 0.9)),
    claim("No, it needs {}. Its first step is one of plain descent, and for that α = 10 is far too large",
          corrected(10), holds=steps(10) is None),
    claim("until it is {:.0f} times as far from the floor as at the start", swing(10)),
    claim("Plain descent needs {} steps to settle", steps(1.9)),
    claim("How many will yours need? Answer, after you have run the cell {} steps.", steps(4, 0.9)),
    claim("in the first {} steps the gradient across the valley changes its sign {} times in plain descent, and {} "
          "times in momentum. But it makes slow waves", 60, *(sign_changes(one.dw[:60, 1]) for one in (ZIGZAG, PICTURE))),
    claim("In the round bowl plain descent goes straight to the minimum, and momentum runs through it and comes back",
          holds=np.allclose(ROUND_PLAIN.w[1:], 0) and sign_changes(ROUND_MOMENTUM.w[:, 0]) > 4),
    claim("it rises at {} of the {} steps, because v is late", np.sum(np.diff(LOSS) > 0), len(LOSS) - 1,
          holds=np.sum(np.diff(BOWL.loss(ZIGZAG.w)) > 0) == 0),
    claim("The run does not diverge: each top is lower than the one before",
          holds=len(TOPS) > 20 and np.all(np.diff(TOPS) < 0)),
    claim("Along, {:.0f} % of the gradient's length survives. Across, {:.0f} %", *survives(0.9)),
    claim("A tenth: v = 0.9 · 0 + {:.1f} · dw", 1 - 0.9,
          holds=np.allclose(PICTURE.w[1] - PICTURE.w[0], -0.1 * 4 * PICTURE.dw[0])),
    claim("At step 0 the gradient is ({:.2f}, {:.1f}), and v is ({:.3f}, {:.2f}), a tenth of it",
          *PICTURE.dw[0], *PICTURE.v[1], holds=np.allclose(PICTURE.v[1], 0.1 * PICTURE.dw[0])),
    claim("At step {} the path has crossed the floor of the valley", opposite_across(PICTURE)[0],
          holds=PICTURE.w[2, 1] > -1e-9 and PICTURE.w[3, 1] < 0),
    claim("Across, the gradient is {:.3f} and already points back. But v is {:.3f}: the step goes on uphill",
          PICTURE.dw[3, 1], PICTURE.v[4, 1], holds=abs(PICTURE.w[4, 1]) > abs(PICTURE.w[3, 1])),
    claim("One step later v has turned as well", holds=PICTURE.v[5, 1] < 0),
    claim("The best that plain descent can do is {} steps, at α = {:.2f}", best_plain(100), PLAIN_BEST),
    claim("about 20? Answer, after you have guessed It needs {} steps.", steps(2, 0.9),
          holds=0.8 < steps(2, 0.9) / best_plain(100) < 1),
    claim("At the same α, momentum gains about a fifth",
          holds=0.15 < 1 - steps(2, 0.9) / best_plain(100) < 0.22 and 0.15 < 1 - steps(1.9, 0.9) / steps(1.9) < 0.22),
    claim("v is about {:.1f} times as long as dw. The larger gain lies elsewhere", outlasts(2, 0.9)),
    claim("With α = 10, {:.0f} times as large as plain descent could bear, it settles in {} steps",
          10 / stability_limit(1.0), steps(10, 0.9)),
    claim("Far above: at α = {:.0f}", bisected(0.9)),
    claim("(Close to the limit the first waves are wider, and it takes longer.)",
          holds=steps(37, 0.9) > steps(30, 0.9) > steps(20, 0.9) and np.abs(peak(37)) > np.abs(peak(20)) > np.abs(peak(10))),
    claim("At its limit, α = {:.0f}, momentum neither settles nor runs away", bisected(0.9),
          holds=np.allclose(np.abs(W), abs(W[0]), rtol=1e-6)),
    claim("jumps from one side to the other at each step, equally far: from w to −w, and back",
          holds=all(np.allclose(w[1:], -w[:-1], rtol=1e-6) for w, _, _ in map(at_the_border, TRIED))),
    claim("v is only {:.3f} times as long as dw", (V / DW)[-1],
          holds=all(np.allclose(v / dw, (1 - beta) / (1 + beta), rtol=1e-6)
                    for beta, (_, v, dw) in zip(TRIED, map(at_the_border, TRIED), strict=True))),
    claim("When w becomes −w, dw and v change their sign as well: the old v is −v",
          holds=np.allclose(DW[1:], -DW[:-1], rtol=1e-6) and np.allclose(V[1:], -V[:-1], rtol=1e-6)),
    claim("four lines give the limit, for any β",
          holds=all(np.isclose(bisected(beta), 2 * (1 + beta) / (1 - beta), rtol=1e-6) and
                    np.isclose(stability_limit(1.0, beta), 2 * (1 + beta) / (1 - beta)) for beta in TRIED)),
    claim("β = {} gives the 2/λ", 0, holds=np.isclose(bisected(0.0, 4.0), 2 / 4, rtol=1e-6)),
    claim("Here λ is the largest curvature", holds=np.isclose(bisected(0.9, 4.0), bisected(0.9) / 4, rtol=1e-6) and
          (steps(37.9, 0.9) or 0) > 0 and steps(38.1, 0.9) is None),
    claim("With β = 0.9 a zig-zag makes v {:.0f} times shorter than dw, so α may be {:.0f} times as large", (DW / V)[-1],
          bisected(0.9) / bisected(0.0)),
    claim("At β = 0.5 the limit is {:.0f}, at β = 0.99 it is {:.0f}", bisected(0.5), 2 * (1 + 0.99) / (1 - 0.99),
          holds=grows(399, 0.99) and not grows(397, 0.99)),
    claim("Why do {} and {} give the same count", 10, 20, holds=steps(10, 0.9) == steps(20, 0.9)),
    claim("With β = 0.9 that is {:.3f}, and {} such steps leave {:.0f} %", 0.9**0.5, steps(10, 0.9),
          100 * 0.9**44,
          holds=all(np.isclose(convergence_rate(RAVINE, alpha, 0.9), 0.9**0.5) for alpha in (4, 10, 20, 37))),
    claim("Plain descent at its best, α = {:.0f}, arrives in one step", 2 / (1 + 1),
          holds=best_plain(1) == 1),
    claim("{} steps. There is nothing to cancel, so all it brings is delay", steps(1, 0.9, 1)),
    claim("They meet at κ = {}, with {} steps each", 38, best_plain(38),
          holds=best_plain(38) == steps(10, 0.9, 38)),
    claim("Below that, plain descent wins against these settings",
          holds=all(best_plain(k) < steps(10, 0.9, k) for k in range(1, 38))),
    claim("at κ = 25 its best α, {:.2f}, takes {} steps, and momentum with α = 4 and β = 0.9 takes {}",
          2 / (1 + 1 / 25), best_plain(25), steps(4, 0.9, 25)),
    claim("With β = {}/{} and α = {:.0f} it takes {} steps. A gentle ravine asks for a shorter memory",
          NINTHS.numerator, NINTHS.denominator, best_settings((1 / 25, 1))[0], steps(*best_settings((1 / 25, 1)), 25),
          holds=np.isclose(float(NINTHS), best_settings((1 / 25, 1))[1]) and float(NINTHS) < best_settings(RAVINE)[1] < 0.9),
    claim("It needs {} steps, and plain descent at its best {}. Its memory is {:.0f} steps long",
          steps(4, 0.99), best_plain(100), averages.memory(0.99)),
    claim("it runs past the minimum, comes back, and runs past it again and again",
          holds=np.sum(np.diff(np.sign(TOO_LONG.w[:, 0])) != 0) > 4 and TOO_LONG.w[:, 0].max() < 4),
    claim("Then v is {:.1f} · dw, and α = 4 works like plain descent with α = {:.1f}", 1 - 0.9, 4 * (1 - 0.9)),
    claim("It would take {} steps", optimizers.settles_at(BROKEN.w, (0, 0)),
          holds=steps(0.4) == 1149),
    claim("the limit of α is now {:.1f}, and α is 4. Take α = {:.1f}, and you get the same path as before",
          stability_limit(1.0, 0.9, convention="heavy_ball"), 4 * (1 - 0.9),
          holds=np.allclose(optimizers.momentum(BOWL.gradient, START, 0.4, 0.9, 120,
          convention="heavy_ball").w, PICTURE.w)),
    claim("Compare its tops. It diverges if they grow from wave to wave",
          holds=np.all(np.diff(TOPS) < 0) and grows(39, 0.9) and not grows(37, 0.9)),
    claim("The limit is {:.0f} times as high as it was, because (1+0.9)/(1−0.9) = {:.0f}",
          stability_limit(1.0, 0.9) / stability_limit(1.0), 1.9 / 0.1),
]  # fmt: skip

SETTINGS = (
    "walked to step 3", "stops converging at α = 2. Where", "below 2, at 2 as well",
    "in four lines", "Put β = 0 into the four lines", "the four lines stay", "The four lines on real",
    "pressed α = 10: too large for plain",
    "do the work of four", "κ = 100, w₁ along the valley", "Plain descent takes α = 1.9",
    "α = 4 and β = 0.9.", "the first 60 steps", "With β = 0.9, how long",
    "β = 0.9 gets nearly the same step size, α = 2",
    "about 200, about 100, or about 20",
    "A round bowl, κ = 1.", "with α = 1 and β = 0.9", "In this figure α = 10, β = 0.9",
    "Start at κ = 100", "Back at κ = 100, with α = 4. If β = 0.9 is good, is β = 0.99 better",
    "where both take α = 10",
    "momentum with β = 0.9 to a program", "None of the four",
)  # fmt: skip

ALONG, ACROSS = (sign_changes(PICTURE.dw[:60, i]) for i in (0, 1))
GUIDE_CLAIMS = [
    claim('"The same α, 1.9. Plain descent needs {} steps.', steps(1.9)),
    claim('It needs {}. Say: "At the same α it gains about a fifth', steps(1.9, 0.9)),
    claim("Plain descent diverges above α = {:.0f}", stability_limit(1.0)),
    claim("the mark on the slider stands at {:.0f}", stability_limit(1.0, 0.9)),
    claim('momentum needs {} steps. Say: "The gain', steps(10, 0.9), holds=steps(10) is None),
    claim("plain descent takes {} step, momentum {}.", best_plain(1), steps(1, 0.9, 1)),
    claim("across the valley dw changes its sign {} times, along it never", ACROSS, holds=ALONG == 0),
    claim("Across, {:.0f} % of the gradient's length survives, along {:.0f} %", *survives(0.9)[::-1]),
    claim("It is a tenth.", holds=np.allclose(PICTURE.v[1], 0.1 * PICTURE.dw[0])),
    claim("to step {}, and ask before you press", opposite_across(PICTURE)[0]),
    claim("{} at 2, {} at 10 and at 20, {} at 37, at {:.0f} it swings for ever, and then it diverges",
          *(steps(a, 0.9) for a in (2, 10, 37)), bisected(0.9),
          holds=steps(20, 0.9) == steps(10, 0.9) and grows(39, 0.9)),
    claim("Stay at {:.0f}.", bisected(0.9), holds=np.allclose(W[1:], -W[:-1], rtol=1e-6)),
    claim("It needs {} steps; plain descent at its best needs {}.", steps(4, 0.99), best_plain(100)),
    claim("They meet at κ = {}, with {} steps each", 38, best_plain(38),
          holds=best_plain(38) == steps(10, 0.9, 38)),
    claim("its limit is then {:.1f}.", stability_limit(1.0, 0.9, convention="heavy_ball")),
    claim("take α = {:.1f} and it is the same path", 4 * (1 - 0.9)),
    claim("It goes up at {} of the {} steps, and settles in {}. Each top is lower", np.sum(np.diff(LOSS) > 0),
          len(LOSS) - 1, steps(4, 0.9), holds=np.all(np.diff(TOPS) < 0)),
    claim("It damps the zig-zag: {} changes of sign become {}",
          *(sign_changes(one.dw[:60, 1]) for one in (ZIGZAG, PICTURE))),
    claim("They are {:.1f} for momentum and {:.0f} with the correction", first_step(False), first_step(True)),
    claim("It saves {} of {} steps", steps(1, 0.9) - corrected(1), steps(1, 0.9)),
    claim("Momentum needs {} steps, the corrected run {}", steps(10, 0.9), corrected(10)),
    claim("who has not seen {} against {} will believe", steps(1.9, 0.9), steps(1.9)),
]  # fmt: skip
GUIDE_SETTINGS = (
    "In ten minutes", "In forty minutes", "Momentum with β = 0.9: how many", '"Twenty"*, *"ten times fewer."',
    "Both take α = 10", "**Four lines.**", "β = 0", "v₀ = 0",
    "The ten minutes' number 1, number 2 and number 3", "move α slowly from 2 to 39",
    "the same at 10 and at 20", "If 0.9 is good, is 0.99 better", "set α = 10, β = 0.9", "move κ up from 1",
    "leave out number 3", "Write the four lines on the board", "the step must be 2w long",
    "*α = 1*", "if plain descent's is 1", "*α = 10: too large for plain*",
)  # fmt: skip
