"""Every number in lesson 06 and in its part of the teacher's guide, computed again."""

import numpy as np

from lesson_utils import averages, losses, optimizers
from lesson_utils.conventions import alpha_for, alphas_over, walk
from lesson_utils.theory import best_settings, stability_limit, steps_to_settle
from tests.claims import claim

RAVINE = (0.01, 1.0)
START = (-9.0, 1.2)
BOWL = losses.Quadratic(RAVINE)


def lecture(w, v, dw, alpha, beta):
    v = beta * v + (1 - beta) * dw
    return w - alpha * v, v


def heavy_ball(w, v, dw, alpha, beta):
    v = beta * v + dw
    return w - alpha * v, v


def keras(w, v, dw, alpha, beta):
    v = beta * v - alpha * dw
    return w + v, v


def pytorch(alpha, beta, dampening, steps):
    """Walk as PyTorch's documentation of `SGD` says: b ← βb + (1 − dampening)dw, and b = dw at the first step."""
    w, v, path = np.array(START), None, [np.array(START)]
    for _ in range(steps):
        dw = BOWL.gradient(w)
        v = dw if v is None else beta * v + (1 - dampening) * dw
        w = w - alpha * v
        path.append(w)
    return np.array(path)


def follows_the_lecture(path, alpha, beta):
    """Say whether each step after the first is β of the one before and (1−β)α of the gradient."""
    steps = np.diff(path, axis=0)
    wanted = [
        beta * last - (1 - beta) * alpha * BOWL.gradient(w)
        for last, w in zip(steps[:-1], path[1:-1], strict=True)
    ]
    return np.allclose(steps[1:], wanted, rtol=0, atol=1e-12)


def run(step, alpha, steps=120, beta=0.9):
    return optimizers.momentum(BOWL.gradient, START, alpha, beta, steps, step=step)


def settles(path):
    return optimizers.settles_at(path, (0, 0))


def ball(alpha, beta):
    return steps_to_settle(RAVINE, alpha, beta, convention="heavy_ball")


def to_ball(alpha, beta):
    return alpha_for(alpha, beta, source="ewa", target="heavy_ball")


def to_lecture(alpha, beta):
    return alpha_for(alpha, beta, source="heavy_ball", target="ewa")


def ball_limit(beta):
    return stability_limit(1.0, beta, convention="heavy_ball")


def sizes(step):
    w, v, out = np.array(START), np.zeros(2), []
    for t in range(40):
        before = w
        w, v = step(w, v, BOWL.gradient(w), 0.04 if t < 20 else 0.4, 0.9)
        out.append(np.linalg.norm(w - before))
    return np.array(out)


ONE, TWO, THREE = run(lecture, 4.0), run(heavy_ball, 0.4), run(keras, 0.4)
PLAIN_BEST = steps_to_settle(RAVINE, 2 / sum(RAVINE))
BEST = steps_to_settle(RAVINE, *best_settings(RAVINE))
ZERO = alphas_over(0.4, 120, times=0.0, at=20)
STOPS, ROLLS = (walk(BOWL.gradient, START, ZERO, 0.9, form=form).w for form in ("heavy_ball", "inside"))
LAST_STEP = ROLLS[20] - ROLLS[19]
DAMPED = pytorch(4, 0.9, 0.9, 400)
VS = [0.0, 0.0]
for _ in range(100):
    VS = [lecture(0, VS[0], 1, 0.1, 0.9)[1], heavy_ball(0, VS[1], 1, 0.1, 0.9)[1]]

CLAIMS = [
    claim("And which slider brings the first run back?",  # α, by 1−β
          holds=np.allclose(optimizers.momentum(lambda w: w, (-2.0,), 0.25, 0.9, 60).w,
                            optimizers.momentum(lambda w: w, (-2.0,), 0.025, 0.9, 60, convention="heavy_ball").w)),
    claim("the ravine with κ = {:.0f}", BOWL.condition_number),
    claim("so it goes to {:.0f}. Where does v go", VS[0]),
    claim("To {:.0f}. There v no longer changes: v = 0.9 · v + 1, so {:.1f} · v = 1", VS[1], 1 - 0.9,
          holds=np.isclose(VS[1], averages.memory(0.9), rtol=1e-3)),
    claim("steps that are up to {:.0f} times as long", averages.memory(0.9)),
    claim("α = 4 and β = 0.9 took the ravine in {} steps", settles(ONE.w)),
    claim("It runs away. Its limit is {:.1f}, a tenth of the lecture's {:.0f}", ball_limit(0.9),
          stability_limit(1.0, 0.9),
          holds=ball(4.0, 0.9) is None and np.isclose(10 * ball_limit(0.9), stability_limit(1.0, 0.9))),
    claim("your heavy ball has α = {}, and beside it walks the lecture's form, with α = 4 too", 4),
    claim("At α = 3.7, after {} steps. At {:.1f}, its limit", ball(3.7, 0.9), ball_limit(0.9)),
    claim("Go on to α = {:.1f}, and you see a path that you know", to_ball(4, 0.9)),
    claim("Do you need α = {:.0f} or α = {:.1f}", to_lecture(4, 0.9), to_ball(4, 0.9)),
    claim("{:.1f}. Something was taken away", to_ball(4, 0.9),
          holds=np.abs(TWO.v).max() > np.abs(ONE.v).max()),
    claim("is less than 10⁻¹², the rounding", holds=np.abs(ONE.w - TWO.w).max() < 1e-12),
    claim("the two v is not zero: one of them is {:.0f} times the other", (TWO.v[1:] / ONE.v[1:]).mean(),
          holds=np.allclose(10 * ONE.v, TWO.v)),
    claim("α jumps from 4 to {:.1f}. The path stays", to_ball(4, 0.9)),
    claim("one ten times as far from zero as the other", holds=np.allclose(10 * ONE.v, TWO.v)),
    claim("α = {:.0f}. With β = 0.99 the factor is a hundredth", to_ball(100, 0.99)),
    claim("Near 4, at {:.2f}. The lecture's form ends at {:.0f}, and a hundredth of it is {:.2f}",
          ball_limit(0.99), stability_limit(1.0, 0.99), stability_limit(1.0, 0.99) / 100),
    claim("It goes from {:.0f} at β = 0 to nearly 4", ball_limit(0.0), holds=3.9 < ball_limit(0.99) < 4),
    claim('the ravine takes {} steps. With β = 0.9 it takes {}. "Momentum is {:.0f} times as fast"',
          ball(0.4, 0.0), ball(0.4, 0.9), ball(0.4, 0.0) / ball(0.4, 0.9)),
    claim("{:.1f} and {:.0f}. In the heavy ball α stands", to_lecture(0.4, 0.0), to_lecture(0.4, 0.9)),
    claim("made every gradient count {:.0f} times as much", to_lecture(0.4, 0.9) / to_lecture(0.4, 0.0)),
    claim("| plain, α = 0.4 | {} | | | plain, its best α | {} | {:.1f}, by the larger step |", ball(0.4, 0.0),
          PLAIN_BEST, ball(0.4, 0.0) / PLAIN_BEST, holds=2 / sum(RAVINE) > 0.4),
    claim("| momentum, your friend's settings | {} | {:.1f}, by momentum |", ball(0.4, 0.9),
          PLAIN_BEST / ball(0.4, 0.9)),
    claim("| momentum, the best pair on paper | {} | {:.1f}, by momentum |", BEST, PLAIN_BEST / BEST),
    claim("stands still at {:.1f}", 0.4),
    claim("travels from {:.1f} to {:.0f}", to_lecture(0.4, 0), to_lecture(0.4, 0.99)),
    *(claim(f"| {beta:g} | {{}} steps | {{:.2g}} | {{}} steps |", ball(0.4, beta), to_lecture(0.4, beta),
            steps_to_settle(RAVINE, 0.4, beta)) for beta in (0, 0.5, 0.9, 0.95, 0.99)),
    claim("it hardly helps: α = 0.4 is too small",
          holds=all(steps_to_settle(RAVINE, 0.4, beta) > 500 for beta in np.linspace(0, 0.99, 100))),
    claim("{:.1f}, as your heavy ball does. In Keras, too, each gradient enters with α", to_ball(4, 0.9),
          holds=np.abs(ONE.w - THREE.w).max() < 1e-12),
    claim("the heavy ball with α = {}: both begin with v = dw", 0.4,
          holds=np.abs(pytorch(0.4, 0.9, 0, 120) - TWO.w).max() < 1e-12 and (TWO.v[1] == TWO.dw[0]).all()),
    claim("the lecture's form with α = {}, except for the first step: PyTorch begins with dw, not with {:.1f} · dw", 4,
          1 - 0.9, holds=np.allclose(DAMPED[1] - DAMPED[0], 10 * (ONE.w[1] - ONE.w[0]))
          and follows_the_lecture(DAMPED, 4, 0.9)),
    claim("The gap is the rounding of the computer again", holds=np.abs(ONE.w - THREE.w).max() < 1e-12),
    claim("At a small α that saves steps",
          holds=all(settles(pytorch(alpha, 0.9, 0.9, 3000)) < settles(run(lecture, alpha, 3000).w)
                    for alpha in (0.2, 0.5, 1))),
    claim("here the second row needs {} steps, and the lecture's form {}", settles(DAMPED), settles(ONE.w)),
    claim("From ({:.2f}, {:.3f}) to ({:.0f}, {:.2f}), across the floor and up the other wall", *ROLLS[20],
          *ROLLS[-1],
          holds=(STOPS[20:] == STOPS[20]).all() and ROLLS[20, 1] > 0 > ROLLS[-1, 1] and BOWL.loss(ROLLS[-1]) >
          BOWL.loss(ROLLS[20])),
    claim("they are {:.0f} times the last step before the change: 0.9 + {:.2f} + … = {:.0f}, which is β/(1−β)",
          np.linalg.norm(ROLLS[-1] - ROLLS[20]) / np.linalg.norm(LAST_STEP), 0.9**2, 0.9 / (1 - 0.9),
          holds=np.allclose(ROLLS[-1] - ROLLS[20], 9 * LAST_STEP, rtol=1e-3)),
    claim("Its step grows more than {} times from one step to the next", 10,
          holds=sizes(heavy_ball)[20] > 10 * sizes(heavy_ball)[19]),
    claim("Keras' step grows about {:.0f} times, and a little more at the next step",
          sizes(keras)[20] / sizes(keras)[19], holds=1.1 < sizes(keras)[21] / sizes(keras)[20] < 1.3),
    claim("{:.1f}, because (1−0.95) · 2 = {:.1f}", to_ball(2, 0.95), to_ball(2, 0.95)),
    claim("In the lecture's form α went from {:.0f} to {:.0f} at the same time", to_lecture(0.1, 0.9),
          to_lecture(0.1, 0.99),
          holds=np.isclose(to_lecture(0.01, 0.99), to_lecture(0.1, 0.9)) and np.isclose(to_lecture(1, 0.9),
          to_lecture(0.1, 0.99))),
    claim("For β = 0: then 1−β is {:.0f}", 1 - 0.0),
]  # fmt: skip

SETTINGS = (
    "2/λ · (1+β)/(1−β)", "steps until 1 % is left", "The gradient is 1 at every step, and β = 0.9",
    "What does the heavy ball do with α = 4?", "The lecture's form has α = 4 and β = 0.9",
    "Set β = 0.99 in the lecture's form, and α = 100",
    "With β = 0.99, where does the heavy ball stop converging: near α = 4, or near α = 400", "2(1+β)/λ",
    "uses the heavy ball with α = 0.4. With β = 0, which is plain descent",
    "so α stays 0.4 whatever you do. Move β from 0 to 0.99", "heavy ball, α = 0.4 | its α",
    "lecture's form, α = 0.4 |", "from β = 0.9 to β = 0.99. Try other values", "The name is Polyak's, 1964",
    "path with α = 4 and β = 0.9", "in five lines of PyTorch",
    "The heavy ball and Keras walk with β = 0.9, on the same path. At step 20 someone sets α to 0", "w − 0 · v is w",
    "roll on after step 20", "Each step is 0.9 of the one before", "at step 20, from 0.04 to 0.4",
    "set α in the figure to 0.04", "uses α = 2 and β = 0.95",
    "from 0.9 to 0.99, and training", "Is β = 0.99 the better β", "and β = 0.99, or with",
    "and β = 0.9, which change",
)  # fmt: skip

GUIDE_CLAIMS = [
    claim("Is the new α {:.0f} or {:.1f}?", to_lecture(4, 0.9), to_ball(4, 0.9)),
    claim("Those who say {:.0f} reason", to_lecture(4, 0.9)),
    claim("Without it v is {:.0f} times as long, so α must be a tenth", averages.memory(0.9),
          holds=np.allclose(TWO.v, 10 * ONE.v)),
    claim("(α, from 4 to {:.1f})", to_ball(4, 0.9)),
    claim("there is the factor {:.0f}", averages.memory(0.9)),
    claim("it diverges, as its limit is {:.1f}", ball_limit(0.9), holds=ball(4.0, 0.9) is None),
    claim('heavy ball, α = 0.4; β = 0: {} steps; β = 0.9: {} steps; "momentum is {:.0f} times as fast"',
          ball(0.4, 0.0), ball(0.4, 0.9), ball(0.4, 0.0) / ball(0.4, 0.9)),
    claim("went from {:.1f} to {:.0f}", to_lecture(0.4, 0.0), to_lecture(0.4, 0.9)),
    claim("its best α needs {} steps, so with these settings the gain is from {} to {}. The best α and β take {}",
          PLAIN_BEST, PLAIN_BEST, ball(0.4, 0.9), BEST),
    claim("in the lecture's form (α = {:.0f})", to_lecture(0.1, 0.9)),
    claim("Some will say {:.2f}", to_ball(0.1, 0.9)),
    claim("The first step is {:.0f} times too long, and the run takes {} steps instead of {}",
          np.linalg.norm(DAMPED[1] - DAMPED[0]) / np.linalg.norm(ONE.w[1] - ONE.w[0]), settles(DAMPED),
          settles(ONE.w)),
    claim("by {:.0f} times its last step, up the wall",
          np.linalg.norm(ROLLS[-1] - ROLLS[20]) / np.linalg.norm(LAST_STEP),
          holds=BOWL.loss(ROLLS[-1]) > BOWL.loss(ROLLS[20])),
    claim("its limit goes from {:.0f} up to nearly 4 as β grows", ball_limit(0.0),
          holds=3.9 < ball_limit(0.99) < 4),
]  # fmt: skip

GUIDE_SETTINGS = (
    "In ten minutes", "In forty minutes", "Take the ten minutes", "the lecture's form with α = 4, β = 0.9",
    "α = 0.4 in both", "from 0.9 to 0.99 and back down to 0", "α falls to 0", "At step 20 I set α to 0",
    "from step 18 on",
)  # fmt: skip
