"""A learner's step is run anew only when something that it depends on has changed."""

import numpy as np
import pytest

from lesson_utils.explorers import (
    BallExplorer,
    ConventionExplorer,
    DescentExplorer,
    FirstStepsExplorer,
    MapExplorer,
    MethodsExplorer,
    MomentumExplorer,
    ParabolaExplorer,
    TrainingExplorer,
)

KINDS = {
    BallExplorer: {
        "alpha": 2.0, "beta": 0.8, "steps": 60, "dimensions": "two", "start_1": 1.0, "start_2": 0.5,
    },
    ConventionExplorer: {
        "alpha": 3.0, "beta": 0.8, "form": "inside", "kappa": 20.0, "later": 0.1, "change_at": 5, "steps": 60,
        "start_1": 2.0, "start_2": 0.5,
    },
    DescentExplorer: {"alpha": 1.0, "kappa": 20.0, "steps": 60, "start_1": 2.0, "start_2": 0.5},
    FirstStepsExplorer: {
        "alpha": 2.0, "beta": 0.8, "kappa": 20.0, "steps": 60, "start_1": 2.0, "start_2": 0.5,
    },
    MapExplorer: {"alpha": 3.0, "beta": 0.8, "kappa": 20.0, "steps": 60, "convention": "heavy_ball"},
    MethodsExplorer: {
        "alpha_first": 0.2, "beta": 0.8, "beta_2": 0.9, "kappa": 20.0, "angle": 30, "steps": 60, "start_1": 1.0,
        "start_2": 0.5, "second": "own", "alpha_second": 0.3,
    },
    ParabolaExplorer: {"alpha": 0.5, "curvature": 2.0, "start": 1.0},
    MomentumExplorer: {
        "alpha": 3.0, "beta": 0.8, "kappa": 20.0, "steps": 60, "plain": "same", "start_1": 2.0, "start_2": 0.5,
    },
    TrainingExplorer: {
        "alpha": 0.01, "beta": 0.8, "batch": 64, "epochs": 3, "data": "centred", "plain": "same", "seed": 2,
    },
}  # fmt: skip
NAMES = [kind.__name__ for kind in KINDS]


def stepper(kind, noise):
    """Return a step as this explorer wants it; `noise` is called once in each step."""
    if kind in (DescentExplorer, ParabolaExplorer):
        return lambda w, dw, alpha: w - alpha * dw + noise()
    if kind is FirstStepsExplorer:
        return lambda w, v, dw, alpha, beta, t: (w - alpha * v / t + noise(), beta * v + (1 - beta) * dw)
    if kind is MethodsExplorer:
        return lambda w, v, s, dw, t, alpha, beta, beta_2: (
            w - alpha * dw / t + noise(), beta * v + dw, beta_2 * s + dw**2,
        )  # fmt: skip
    return lambda w, v, dw, alpha, beta: (w - alpha * v + noise(), beta * v + (1 - beta) * dw)


def numbers(explorer, **changes):
    return explorer._table(explorer._compute({**explorer.settings, **changes}))[1]


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
def test_a_walk_shows_one_run_also_of_a_step_with_random_numbers(kind):
    rng, calls = np.random.default_rng(1), []

    def noise():
        calls.append(1)
        return 1e-3 * rng.normal()

    explorer = kind(step=stepper(kind, noise))
    run, called = numbers(explorer), len(calls)
    assert called > 0
    for shown in (0, 3, 17):
        if "step_shown" in explorer.controls:
            explorer.set(step_shown=shown)
        assert "error" not in explorer.twin
        np.testing.assert_array_equal(numbers(explorer), run)
    assert len(calls) == called, "nothing is run again for a step of the walk"
    alpha = "alpha_first" if kind is MethodsExplorer else "alpha"
    explorer.set(**{alpha: KINDS[kind][alpha]})
    assert explorer.twin and len(calls) > called


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
def test_a_kept_run_of_a_learners_step_is_that_of_its_settings(kind):
    explorer = kind(step=stepper(kind, lambda: 0.0))
    for name, value in KINDS[kind].items():
        assert explorer.twin
        explorer.set(**{name: value})
        new = kind(step=stepper(kind, lambda: 0.0), **explorer.settings)
        np.testing.assert_array_equal(numbers(explorer), numbers(new), err_msg=name)


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
def test_what_went_wrong_is_not_kept(kind):
    broken = [True]

    def noise():
        if broken[0]:
            raise ValueError("not yet")
        return 0.0

    explorer = kind(step=stepper(kind, noise))
    assert "not yet" in explorer.twin
    broken[0] = False
    assert "not yet" not in explorer.twin
