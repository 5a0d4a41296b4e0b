"""Every number in lesson 08 and in its part of the teacher's guide, computed again."""

from functools import cache

import numpy as np

from lesson_utils import losses, network, optimizers
from lesson_utils.temperatures import load_temperatures
from lesson_utils.theory import stability_limit
from lesson_utils.training import (
    batch_moments,
    draw_batches,
    noise_variance,
    rescaled,
    steps_in_epoch,
    train_line,
)
from tests.claims import claim

CELSIUS = load_temperatures().celsius
X, Y = CELSIUS[:-1], CELSIUS[1:]
LINE = losses.LeastSquares(X, Y)
STEEP = LINE.curvatures.max()
HALF = 1 / STEEP
DAYS = len(X)
RAW, SCALED = "as they are", "centred and scaled"
TRAIN, TEST = network.rain_tomorrow(load_temperatures())
SEEDS = range(8)


@cache
def run(alpha, beta, size=32, steps=460, data=RAW, seed=1):
    x = rescaled(X, data)
    return train_line(batch_moments(x, Y, draw_batches(DAYS, size, steps, seed)), alpha, beta)


@cache
def above(alpha, beta, size=32, steps=460, data=RAW, seed=1):
    """Return by how many per cent the last tenth of a run lies above the lowest loss."""
    loss = losses.LeastSquares(rescaled(X, data), Y)
    w = run(alpha, beta, size, steps, data, seed).w[-(steps + 1) // 10 :]
    w = w[-max(1, (steps + 1) // 10) :]
    return 100 * (np.mean(loss.loss(w)) / loss.loss_at_minimum - 1)


@cache
def best(data, beta):
    alphas = (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1)
    return np.nanmin([np.mean([above(a, beta, data=data, seed=s) for s in range(5)]) for a in alphas])


def five(w):
    return [LINE.gradient(w, batch=batch)[0] for batch in draw_batches(DAYS, 32, 5, 1)]


def spread(size):
    return np.std([LINE.gradient(LINE.minimum, batch=b)[0] for b in draw_batches(DAYS, size, 400, 1)])


@cache
def networks(alpha, beta):
    """Return (training loss, part of the test days that is right), shape (8, 2), over the seeds."""
    out = []
    for seed in SEEDS:
        parameters = network.initialize(5, 8, seed)
        velocity = optimizers.initialize_velocity(parameters)
        for batch in draw_batches(TRAIN.y.size, 32, 350, seed):
            gradients = network.gradients(parameters, TRAIN.X[:, batch], TRAIN.y[:, batch])
            parameters, velocity = optimizers.update_parameters(parameters, gradients, velocity, alpha, beta)
        out.append((network.loss(parameters, TRAIN.X, TRAIN.y), network.accuracy(parameters, TEST.X, TEST.y)))
    return np.array(out)


def simulated(beta, share):
    rng = np.random.default_rng(1)
    w, v = np.zeros(2000), np.zeros(2000)
    for _ in range(1000):
        v = beta * v + share * (w + rng.normal(size=2000))
        w = w - 0.01 * v
    return w.var()


WRONG_WAY = LINE.gradient(run(0.02, 0.9).w[:-1])[:, 0] * run(0.02, 0.9).dw[:, 0] < 0
RATIO_FORMULA = noise_variance(STEEP, 0.01) / noise_variance(STEEP, 0.01, 0.9)
LIKE_TODAY = np.mean((TEST.X[0] > 0) == (TEST.y[0] > 0.5))
RIGHT = [networks(0.3, beta)[:, 1].mean() for beta in (0.0, 0.9)]
TEN_RUNS = {
    alpha: np.mean([above(alpha, 0.9, seed=seed) for seed in range(10)]) for alpha in (0.1, 0.04, 0.03, 0.02)
}


CLAIMS = [
    claim("What shakes it?",  # the batches: with all days it does not shake so late
          holds=run(0.02, 0.9, 8, 183).w[120:, 0].std() > 5 * run(0.02, 0.9, DAYS, 183).w[120:, 0].std()),
    claim("The data are {} pairs of days", DAYS),
    claim("its ravine, κ = {:.0f}", LINE.condition_number),
    claim("That makes {} steps an epoch, and the last batch gets the {} days", steps_in_epoch(DAYS, 32),
          DAYS % 32),
    claim("all days together say dw = {:.1f}", LINE.gradient([0, 0])[0]),
    claim("Nearly the same: from {:.1f} to {:.1f}", max(five([0, 0])), min(five([0, 0]))),
    claim("The {} steps of an epoch read no more days", steps_in_epoch(DAYS, 32)),
    claim("{:.1f}, {:.1f}, {:.1f}, {:.1f} and {:.1f}. No batch has its minimum", *five(LINE.minimum),
          holds=np.abs(LINE.gradient(LINE.minimum)).max() < 1e-9),
    *(claim(f"| {size} | {{:.1f}} |", spread(size)) for size in (2, 8, 32, 128)),
    claim("for half the spread you need four times as many days",
          holds=all(1.85 < spread(size) / spread(4 * size) < 2.15 for size in (2, 8, 32))),
    claim("about ten times that limit", holds=9 < 0.1 / stability_limit(STEEP) < 10),
    claim("Its loss is {:.2f} % above the lowest, and b has come to {:.3f} on its way to {:.3f}. Plain "
          "descent is {:.2f} % above, and its b is at {:.3f}", above(0.1, 0.9, DAYS, 100),
          run(0.1, 0.9, DAYS, 100).w[-1, 1], LINE.minimum[1], above(HALF, 0.0, DAYS, 100),
          run(HALF, 0.0, DAYS, 100).w[-1, 1]),
    claim("The mark *momentum* at {:.3f}. It is momentum's limit, {:.0f} times plain descent's",
          stability_limit(STEEP, 0.9), stability_limit(STEEP, 0.9) / stability_limit(STEEP),
          holds=above(0.2, 0.9, DAYS, 100) < 20 and above(0.205, 0.9, DAYS, 100) > 1e12),
    claim("In 10 epochs, batches of 32 give {} steps", 10 * steps_in_epoch(DAYS, 32)),
    claim("Plain descent: {:.1f} % above the lowest loss. Momentum is {:.0f} % above. It did go along the "
          "valley: its b is at {:.3f}, and plain descent's at {:.3f}", above(HALF, 0.0), above(0.1, 0.9),
          run(0.1, 0.9).w[-1, 1], run(HALF, 0.0).w[-1, 1]),
    claim("the mean of ten, each with its own order of the days. It falls when α falls",
          holds=np.all(np.diff(list(TEN_RUNS.values())) < 0)),
    claim("At α = 0.02 b is at {:.3f}: in the same noise, momentum is still well ahead along the valley",
          run(0.02, 0.9).w[-1, 1], holds=run(0.02, 0.9).w[-1, 1] > 1.5 * run(HALF, 0.0).w[-1, 1]),
    claim("| 0.1 | {:.0f} % | {:.0f} % |", above(0.1, 0.9), TEN_RUNS[0.1]),
    claim("| 0.04 | {:.0f} % | {:.0f} % |", above(0.04, 0.9), TEN_RUNS[0.04]),
    claim("| 0.03 | {:.1f} % | {:.0f} % |", above(0.03, 0.9), TEN_RUNS[0.03]),
    claim("| 0.02 | {:.1f} % | {:.1f} % |", above(0.02, 0.9), TEN_RUNS[0.02]),
    claim("At step {} all days say dw = {:.2f} and this batch says {:.2f}", 50 + np.argmax(WRONG_WAY[50:]),
          LINE.gradient(run(0.02, 0.9).w[61])[0], run(0.02, 0.9).dw[61, 0]),
    claim("Of the {} batches, {} point the wrong way", len(WRONG_WAY), WRONG_WAY.sum()),
    claim("to v_dw = {:.2f} it gave only {:.2f}", run(0.02, 0.9).v[62, 0], 0.1 * run(0.02, 0.9).dw[61, 0],
          holds=run(0.02, 0.9).v[62, 0] * LINE.gradient(run(0.02, 0.9).w[61])[0] < 0),
    claim("close to plain descent's limit of {:.4f}", stability_limit(STEEP)),
    claim("Momentum, by far: {:.1f} % above the lowest loss, and plain descent {:.1f} %. Along the valley "
          "both have come equally far, to b = {:.2f}", above(0.01, 0.9), above(0.01, 0.0),
          run(0.01, 0.9).w[-1, 1], holds=abs(run(0.01, 0.9).w[-1, 1] - run(0.01, 0.0).w[-1, 1]) < 0.005),
    claim("with β = 0.2 the loss is {:.1f} % above", above(0.01, 0.2), holds=above(0.01, 0.15) > 10),
    claim("little is left of the difference: {:.2f} % for plain descent, {:.2f} % for momentum",
          above(0.001, 0.0), above(0.001, 0.9)),
    claim("where plain descent stood: αλ = {:.2f}", 0.01 * STEEP),
    claim("For plain descent V is about {:.3f}", noise_variance(1.0, 0.01)),
    claim("The same, {:.3f}. Each push", noise_variance(1.0, 0.01, 0.9)),
    *(claim(f"| {beta:g} | {{:.3f}} | {{:{'.2f' if beta == 0.99 else '.3f'}}} |",
            noise_variance(1.0, 0.01, beta), noise_variance(1.0, 0.01, beta, convention="heavy_ball"))
      for beta in (0, 0.5, 0.9, 0.99)),
    claim("add up to 1/(1−β) pushes, {:.0f} of them at β = 0.9", 1 / (1 - 0.9)),
    claim("its variance is {:.0f} times that of momentum", RATIO_FORMULA),
    claim("κ is {:.0f}. What will it be", LINE.condition_number),
    claim("About {:.0f} after centring: that is the variance of the temperatures. After scaling too, κ = {:.0f}",
          losses.LeastSquares(rescaled(X, "centred"), Y).condition_number,
          losses.LeastSquares(rescaled(X, SCALED), Y).condition_number,
          holds=np.isclose(losses.LeastSquares(rescaled(X, "centred"), Y).condition_number, X.var())),
    claim("The temperatures x are around {:.0f} degrees", X.mean()),
    claim("but about {:.0f} times as far", X.mean()),
    claim("both runs end less than {} % above the lowest loss. With x as they are, and the same α = 0.02, plain "
          "descent runs away", 0.011, holds=max(above(0.02, 0.0, data=SCALED), above(0.02, 0.9, data=SCALED)) < 0.011
          and run(0.02, 0.0).diverged_at is not None),
    claim("| as they are | {:.2f} % | {:.2f} % |", best(RAW, 0.0), best(RAW, 0.9)),
    claim("| centred | {:.2f} % | {:.2f} % |", best("centred", 0.0), best("centred", 0.9)),
    claim("| centred and scaled | {:.3f} % | {:.3f} % |", best(SCALED, 0.0), best(SCALED, 0.9)),
    claim("what is left after 10 epochs falls to about a hundredth. Across, momentum gains next to nothing in the "
          "first row, and about a third in the others",
          holds=all(80 < best(RAW, beta) / best(SCALED, beta) < 150 for beta in (0.0, 0.9)) and
          best(RAW, 0.9) > 0.97 * best(RAW, 0.0) and 1.3 < best("centred", 0.0) / best("centred", 0.9) <
          1.7 and 1.3 < best(SCALED, 0.0) / best(SCALED, 0.9) < 1.7),
    claim("today's weather, {} inputs", ("zero", "one", "two", "three", "four", "five")[len(TRAIN.X)]),
    claim("It has {} parameters", sum(value.size for value in network.initialize(5, 8).values())),
    claim('"tomorrow will be like today" is right on {:.0f} % of its days', 100 * LIKE_TODAY),
    *(claim(f"| {alpha} | {beta:g} | {{:.3f}} | {{:.0f}} % |", networks(alpha, beta)[:, 0].mean(),
            100 * networks(alpha, beta)[:, 1].mean()) for alpha in (0.3, 3) for beta in (0.0, 0.9)),
    claim("On {:.0f} % with momentum, and on {:.0f} % without it. Today's weather at one place",
          100 * RIGHT[1], 100 * RIGHT[0]),
    claim("beside the {:.0f} %", 100 * LIKE_TODAY),
    claim("At α = 0.3, which is good for both, momentum adds nothing",  # less than one seed differs from another
          holds=abs(networks(0.3, 0.0)[:, 0].mean() - networks(0.3, 0.9)[:, 0].mean()) < np.ptp(networks(0.3, 0.0)[:, 0])
          and RIGHT[1] <= RIGHT[0] and all(networks(0.3, beta)[:, 0].mean() < networks(other, beta)[:, 0].mean()
          for other in (0.1, 1, 3) for beta in (0.0, 0.9))),
    claim("At α = 3 plain descent has become unsteady, and momentum still trains well",
          holds=networks(3, 0.0)[:, 0].mean() > 0.6 and networks(3, 0.9)[:, 0].mean() < 0.56),
    claim("You have {} days, in batches of 32", TRAIN.y.size),
    claim("{} steps. {} batches hold {} days, and {} are left", steps_in_epoch(TRAIN.y.size, 32),
          TRAIN.y.size // 32, 32 * (TRAIN.y.size // 32), TRAIN.y.size % 32),
    claim("counts {:.0f} times instead of {:.0f} times, so the noise variance is ten times as large",
          1 / (1 - 0.99), 1 / (1 - 0.9),
          holds=9.9 < noise_variance(1.0, 0.01, 0.99, convention="heavy_ball") / noise_variance(1.0, 0.01,
          0.9, convention="heavy_ball") < 10.1),
]  # fmt: skip

SETTINGS = (
    "half its limit, or momentum with α = 0.1", "here 32 days", "At w = 0 and b = 0",
    "the first five batches", "All days together say dw = 0. What do the same five batches",
    "After 100 epochs", "It takes the mean over the last tenth of the steps", "Now with batches of 32",
    "that is a tenth of the reading. After these, with α = 0.1 again", "the walk stands at step 50", "walked on to step 61",
    "the same α. Here it is 0.01", "Move β from 0 to 0.9", "fall below 10 %? Then move α down to 0.001",
    "At α = 0.001", "ασ²/(2λ)", "λ = 1, σ = 1, and a small α = 0.01",
    "with β = 0.9: ten times smaller, the same, or ten times larger", "trains 2000 numbers",
    "steep direction of the temperatures, at α = 0.01", "try ten α for each, and take the mean of five runs",
    "best with β = 0.9", "layer* of 8 units", "mean of ten runs",
    "from the years 2012 to 2014. The test is 2015",
    "days of 2015 will the network be right: on 71 %, on 80 %, or on 90 %", "trains 8 networks",
    "the part of the days of 2015", "right in 2015", "over the last 10 batches, so the noise in w falls to a tenth",
    "raise β from 0.9 to 0.99", "Divide α by ten",
)  # fmt: skip

GUIDE_CLAIMS = [
    claim("Each step now sees {} days instead of {}", 32, DAYS),
    claim("ended {:.2f} % above the lowest loss; with 32 days and the same α it ends {:.0f} % above, and "
          "plain descent {:.1f} %", above(0.1, 0.9, DAYS, 100), above(0.1, 0.9), above(HALF, 0.0)),
    claim("Momentum's is at {:.3f}, plain descent's at {:.3f}, and the minimum is at {:.3f}",
          run(0.1, 0.9).w[-1, 1], run(HALF, 0.0).w[-1, 1], LINE.minimum[1]),
    claim("Momentum ends {:.1f} % above, plain descent {:.1f} %", above(0.01, 0.9), above(0.01, 0.0)),
    claim("Hardly: {:.2f} % and {:.2f} %", above(0.001, 0.0), above(0.001, 0.9)),
    claim("Both are below {} %", 0.011,
          holds=max(above(0.02, 0.0, data=SCALED), above(0.02, 0.9, data=SCALED)) < 0.011),
    claim("κ fell from {:.0f} to {:.0f}", LINE.condition_number, 1),
    claim("dw spreads by {:.1f} around zero. Four times as many days only halve that", spread(32)),
    claim("At step {} it does not", 50 + np.argmax(WRONG_WAY[50:])),
    claim("for a small α: {:.3f}. Then take (1−β) out, and it is {:.3f}", noise_variance(1.0, 0.01, 0.9),
          noise_variance(1.0, 0.01, 0.9, convention="heavy_ball"),
          holds=np.isclose(simulated(0.9, 1.0), 10 * simulated(0.9, 0.1), rtol=0.1)),
    claim("Plain descent, {:.3f} % against {:.2f} %", best(SCALED, 0.0), best(RAW, 0.9)),
    claim('At α = 0.3 it is {:.0f} % with momentum, and {:.0f} % without it. Anyone who says "tomorrow will be '
          'like today" has {:.0f} %', 100 * RIGHT[1], 100 * RIGHT[0], 100 * LIKE_TODAY),
    claim("There plain descent's loss is {:.3f}, and momentum's is {:.3f}", networks(3, 0.0)[:, 0].mean(),
          networks(3, 0.9)[:, 0].mean()),
]  # fmt: skip

GUIDE_SETTINGS = (
    "In ten minutes", "In forty minutes", "move α down to 0.001", "The walk from step 50",
    "at β = 0.9 ten times smaller, the same, or ten times larger",
    "Ten times smaller, because it averages 10 gradients", "the best of ten α", "80 % and 90 % are common",
    "at α = 0.3 both have nearly the same loss", "Ask for α = 3 as well",
)  # fmt: skip
