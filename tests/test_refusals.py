"""What the functions of the mathematics refuse, and in which words: each names the argument and what it must be."""

import numpy as np
import pytest

from lesson_utils import averages, bias, network, optimizers, theory
from lesson_utils.averages import ewa
from lesson_utils.conventions import alpha_for, alphas_over
from lesson_utils.conventions import walk as walk_in
from lesson_utils.losses import LeastSquares, Quadratic
from lesson_utils.maps import regime_borders, settle_map
from lesson_utils.methods import nesterov_limit, nesterov_rate, nesterov_steps_to_settle
from lesson_utils.optimizers import initialize_velocity, momentum_step, settles_at, update_parameters
from lesson_utils.oscillator import ball, critical_beta, energy, smooth_ball
from lesson_utils.temperatures import Temperatures, load_temperatures
from lesson_utils.training import batch_moments, draw_batches, noise_variance, rescaled, train_line

NAN, INF = np.nan, np.inf
WEATHER = load_temperatures()
TRAIN, TEST = network.rain_tomorrow(WEATHER)
X, Y = WEATHER.celsius[:-1], WEATHER.celsius[1:]
LINE, BOWL = LeastSquares(X, Y), Quadratic((1.0, 2.0))
MOMENTS = batch_moments(X, Y, draw_batches(len(X), 32, 10))
TWO, VELOCITY = {"w": np.ones(2)}, {"v_dw": np.zeros(2)}


def walk(**change):
    """Return a path by the form that comes first, with one argument changed."""
    usual = {"gradient": BOWL.gradient, "start": (1.0, 1.0), "alphas": [0.4], "beta": 0.9}
    return walk_in(**(usual | change))


def momentum(**change):
    """Return a path of momentum with one argument changed."""
    usual = {"gradient": BOWL.gradient, "start": (1.0, 1.0), "alpha": 1.0, "beta": 0.9, "steps": 3}
    return optimizers.momentum(**(usual | change))


VALUES = [
    *((lambda beta=beta, f=f: f(beta), r"beta must be .* not ")
      for beta in (-0.1, 1.0, 1.5, NAN, INF)
      for f in (lambda beta: ewa([1.0], beta), lambda beta: averages.ewa_weights(beta, 3), averages.memory)),
    *((lambda values=values: ewa(values, 0.9), "values must") for values in ([1.0, NAN], [INF], 3.0, [[1.0], [1.0, 2.0]])),
    (lambda: averages.ewa_weights(0.9, -1), "count must be"),
    (lambda: bias.weight_sum(1.0, 3), "beta must be"),
    (lambda: bias.weight_sum(0.9, -1), "t must be"),
    (lambda: bias.weight_sum(0.9, np.array([-1])), "t must hold whole numbers"),
    (lambda: bias.steps_until(0.9, 0.0), "left must be"),
    (lambda: bias.steps_until(0.9, 1), "left must be"),
    (lambda: bias.stored_back([[1.0]], 0.9), "values must be one row"),
    (lambda: bias.mistake_in([1.0], [1.0, 2.0], 0.9), "found must have the shape of values"),
    (lambda: bias.averaged_in([1.0], 0.9, "F"), "unit must be '°C' or '°F' or 'K', not 'F'"),
    (lambda: bias.corrected_settling((0.01, 1.0), 1.0, 0.9, (1.0,)), "start must have the shape of curvatures"),
    (lambda: walk(form="polyak"), "form must be"),
    (lambda: walk(beta=1.0), "beta must be"),
    (lambda: walk(alphas=[0.4, -1]), "alphas must be"),
    (lambda: walk(gradient=lambda w: np.ones(3)), "what gradient returned"),
    (lambda: walk(start=[[1.0]]), "start"),
    (lambda: alphas_over(-1, 3), "alpha must be"),
    (lambda: alphas_over(1, 3, times=NAN), "times must be"),
    (lambda: alphas_over(1, 3, at=-1), "at must be"),
    (lambda: alpha_for(1, 0.9, source="ewa", target="nesterov"), "form must be"),
    (lambda: Quadratic((0.0, 1.0)), "curvatures must all be larger than 0"),
    (lambda: Quadratic((-1.0, 1.0)), "curvatures must"),
    (lambda: Quadratic((1.0, NAN)), "curvatures must hold finite"),
    (lambda: Quadratic(()), "curvatures must hold at least 1"),
    (lambda: Quadratic((1.0, 2.0, 3.0), angle=0.1), "angle must be 0"),
    (lambda: Quadratic((1.0, 2.0), minimum=(1.0, 2.0, 3.0)), "minimum must have the shape"),
    (lambda: BOWL.loss([1.0, 2.0, 3.0]), "w must have 2"),
    (lambda: LeastSquares([1.0, 2.0], [1.0]), "y must hold at least 2"),
    (lambda: LeastSquares([1.0, 2.0], [1.0, 2.0, 3.0]), "y must have the shape of x"),
    (lambda: LeastSquares([1.0, 1.0], [1.0, 2.0]), "two different values"),
    (lambda: LeastSquares([1.0, NAN], [1.0, 2.0]), "x must hold finite"),
    (lambda: LeastSquares([1e9, 1e9 + 1], [1.0, 2.0]), "x must vary more"),
    *((lambda batch=batch: LINE.gradient([0.0, 0.0], batch), "batch must hold")
      for batch in ([], slice(9999, 9999), [9999], np.zeros(len(X), bool), np.ones(3, bool))),
    (lambda: settle_map((1.0, -1.0), 1.0, 0.5), "curvatures must all be larger than 0"),
    (lambda: settle_map(1.0, -1.0, 0.5), "alpha must be"),
    (lambda: settle_map(1.0, 1.0, np.array([0.5, 1.0])), "beta must be"),
    (lambda: settle_map(1.0, 1.0, 0.5, fraction=1.0), "fraction must be a number between 0 and 1"),
    (lambda: settle_map(1.0, 1.0, 0.5, convention="adam"), "convention must be"),
    (lambda: regime_borders(0.0, 0.5), "curvature must be"),
    (lambda: nesterov_limit(0.0), "curvature must be"),
    (lambda: nesterov_limit(1.0, 1.0), "beta must be"),
    (lambda: nesterov_rate(1.0, -1.0, 0.5), "alpha must be"),
    (lambda: nesterov_steps_to_settle((1.0, 0.0), 1.0, 0.5), "curvatures must"),
    (lambda: nesterov_steps_to_settle(1.0, 1.0, 0.5, (1.0, 2.0)), "start must have the shape"),
    (lambda: nesterov_steps_to_settle(1.0, 1.0, 0.5, fraction=0), "fraction must be"),
    (lambda: nesterov_steps_to_settle(1.0, 1.0, 0.5, most=-1), "most must be"),
    (lambda: network.rain_tomorrow(Temperatures(WEATHER.dates, X, "x", "")), "weather must have precipitation"),
    (lambda: network.rain_tomorrow(WEATHER, "2016-06-01"), "test_from must leave days on both sides"),
    (lambda: network.loss(network.initialize(5, 2), TRAIN.X, TEST.y), "one answer for each column of X, 1095, not 364"),
    (lambda: network.initialize(5, 0), "hidden must be"),
    (lambda: momentum(gradient=lambda w: w[:1]), "what gradient returned must have the shape of start"),
    (lambda: momentum(start=[NAN, 1.0]), "start must hold finite numbers only"),
    (lambda: momentum(alpha=-0.1), "alpha must be a finite number, 0 or larger, not -0.1"),
    (lambda: momentum(alpha=INF), "alpha must be"),
    (lambda: momentum(beta=1.0), "beta must be"),
    (lambda: momentum(steps=-1), "steps must be a whole number, 0 or larger, not -1"),
    (lambda: momentum(convention="pytorch"), "convention must be 'ewa' or 'heavy_ball', not 'pytorch'"),
    (lambda: momentum(step=lambda w, v, dw, alpha, beta: (w[:1], v)), "the w that step returned"),
    (lambda: momentum(convention="heavy_ball", bias_correction=True), "bias_correction must be False for the heavy ball"),
    (lambda: momentum(step=lambda *given: momentum_step(*given), bias_correction=True),
     "bias_correction must be False with a step of your own"),
    (lambda: momentum_step(np.ones(2), np.ones(3), np.ones(2), 0.1, 0.9), "v must have the shape of w"),
    (lambda: momentum_step(np.ones(2), np.ones(2), np.ones((2, 1)), 0.1, 0.9), "dw must have the shape of w"),
    (lambda: settles_at([[1.0, 2.0]], (0.0, 0.0, 0.0)), "minimum must have the shape"),
    (lambda: settles_at([[1.0, 2.0]], (0.0, 0.0), fraction=0), "fraction must be"),
    (lambda: update_parameters(TWO, TWO, VELOCITY, 0.1, 0.9), r"gradients must have the keys \['dw'\], not \['w'\]"),
    (lambda: update_parameters(TWO, {"dw": np.ones(3)}, VELOCITY, 0.1, 0.9), r"gradients\['dw'\] must have the shape"),
    (lambda: ball(1.0, 0.0, 0.9), "alpha must be a finite number larger than 0"),
    (lambda: ball(0.0, 1.0, 0.9), "curvature must be"),
    (lambda: ball(1.0, 1.0, 1.0), "beta must be"),
    (lambda: ball(1.0, 1.0, 0.9, convention="polyak"), "convention must be"),
    (lambda: critical_beta(1.0, -1.0), "alpha must be"),
    (lambda: smooth_ball(1.0, 1.0, 0.9, -2.0, [-1.0]), "times must be 0 or later"),
    (lambda: smooth_ball(1.0, 1.0, 0.9, NAN, [1.0]), "start must be"),
    (lambda: energy([1.0, 2.0], [1.0], 1.0, 0.9), "w must have the shape"),
    (lambda: theory.stability_limit(0.0), "curvature must be"),
    (lambda: theory.stability_limit(np.array([1.0, NAN])), "curvature must hold finite"),
    (lambda: theory.stability_limit(1.0, 1.0), "beta must be"),
    (lambda: theory.stability_limit(1.0, convention="x"), "convention must be"),
    (lambda: theory.convergence_rate([], 1.0), "curvatures must hold at least 1"),
    (lambda: theory.convergence_rate([-1.0], 1.0), "curvatures must all be larger than 0"),
    (lambda: theory.convergence_rate([1.0], -1.0), "alpha must be"),
    (lambda: theory.convergence_rate([1.0], np.array([1.0, -1.0])), "alpha must be"),
    (lambda: theory.convergence_rate([1.0], 1.0, np.array([0.5, 1.0])), "beta must be"),
    (lambda: theory.best_settings([0.0, 1.0]), "curvatures must"),
    (lambda: theory.convert_alpha(1.0, 0.9, source="ewa", target="adam"), "target must be"),
    (lambda: theory.steps_to_settle(1.0, 1.0, most=-1), "most must be"),
    (lambda: theory.steps_to_settle(1.0, 1.0, start=(1.0, 2.0)), "start must have the shape"),
    (lambda: theory.steps_to_settle(1.0, 1.0, fraction=0.0), "fraction must be"),
    (lambda: draw_batches(0, 1, 1), "count must be"),
    (lambda: draw_batches(10, 0, 1), "size must be"),
    (lambda: draw_batches(10, 11, 1), "size must be at most count, 10, not 11"),
    (lambda: draw_batches(10, 2, -1), "steps must be"),
    (lambda: draw_batches(10, 2, 1, -1), "seed must be"),
    (lambda: batch_moments(X, Y, [np.arange(3), np.arange(0)]), "one is empty"),
    (lambda: batch_moments(X, Y[:-1], [np.arange(3)]), "y must have the shape of x"),
    (lambda: train_line(MOMENTS, 0.1, start=(1, 2, 3)), "start must"),
    (lambda: train_line(MOMENTS, 0.1, 1.0), "beta must be"),
    (lambda: train_line(MOMENTS, -0.1), "alpha must be"),
    (lambda: rescaled(X, "standardised"), "how must be 'as they are' or 'centred'"),
    (lambda: rescaled([3.0, 3.0], "centred and scaled"), "at least two different values"),
    *((lambda arguments=arguments: noise_variance(*arguments), "must be")
      for arguments in ((0.0, 0.1), (1.0, -0.1), (1.0, 0.1, 1.0), (1.0, 0.1, 0.5, -1.0))),
]  # fmt: skip
TYPES = [
    *((lambda beta=beta: ewa([1.0], beta), "beta must be") for beta in (True, "0.9", None, [0.9], 1j)),
    *((lambda values=values: ewa(values, 0.9), "values must hold real numbers")
      for values in (["a"], None, [True], [1j], [None, 1.0])),
    (lambda: ewa([1.0], 0.9, bias_correction="yes"), "bias_correction must be True or False"),
    (lambda: averages.ewa_weights(0.9, 2.5), "count must be"),
    (lambda: bias.weight_sum(0.9, np.array([1.5])), "t must hold whole numbers, not dtype float64"),
    (lambda: bias.weight_sum(0.9, 1.5), "t must be"),
    (lambda: walk(gradient=3), "gradient must be a function"),
    (lambda: Quadratic("steep"), "curvatures must hold real numbers"),
    (lambda: Quadratic((1.0, 2.0), angle="left"), "angle must be"),
    (lambda: BOWL.loss(None), "w must hold real numbers"),
    (lambda: LINE.gradient([0.0, 0.0], [0.5]), "batch must be"),
    (lambda: settle_map(1.0, "fast", 0.5), "alpha must"),
    (lambda: momentum(gradient=None), "gradient must be a function"),
    (lambda: momentum(gradient=lambda w: None), "what gradient returned must hold real numbers"),
    (lambda: momentum(start="here"), "start must hold real numbers"),
    (lambda: momentum(alpha="0.1"), "alpha must be"),
    (lambda: momentum(alpha=True), "alpha must be"),
    (lambda: momentum(beta=None), "beta must be"),
    (lambda: momentum(steps=2.0), "steps must be"),
    (lambda: momentum(convention=None), "convention must be"),
    (lambda: momentum(step=3), "step must be a function"),
    (lambda: momentum(bias_correction=1), "bias_correction must be True or False"),
    (lambda: initialize_velocity([1.0]), "parameters must be a dict"),
    (lambda: initialize_velocity({"w": "text"}), r"parameters\['w'\] must hold real numbers"),
    (lambda: theory.stability_limit("1"), "curvature must be"),
    (lambda: theory.convert_alpha(1.0, 0.9, source=None, target="ewa"), "source must be"),
    (lambda: theory.regime(1.0, None), "alpha must be"),
    (lambda: draw_batches(10, 2.0, 1), "size must be"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("error", "call", "words"),
    [(ValueError, *row) for row in VALUES] + [(TypeError, *row) for row in TYPES],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_what_cannot_be_is_named(error, call, words):
    with pytest.raises(error, match=words):
        call()
