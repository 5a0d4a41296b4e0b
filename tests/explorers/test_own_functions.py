"""A function of the learner's: whatever is wrong with it is one sentence, and it is run only when it has to be."""

import numpy as np
import pytest

from lesson_utils import guard
from lesson_utils.explorers import MomentumExplorer

from .runs import good, never_ends
from .undrawn import kind_of, undrawn


def raises(w, v, dw, alpha, beta):
    return w - alpha * velocity, v  # noqa: F821


def changes_arguments(w, v, dw, alpha, beta):
    v *= beta
    v += (1 - beta) * dw
    w -= alpha * v
    return w, v


def leaves(w, v, dw, alpha, beta):
    raise SystemExit


def no_return(w, v, dw, alpha, beta):
    w = w - alpha * dw


def not_a_number(w, v, dw, alpha, beta):
    return w * np.nan, v


WRONG = [
    ("Momentum", raises, "NameError"),
    ("Momentum", no_return, "returned nothing"),
    ("Momentum", lambda w, v, dw, alpha, beta: (np.append(w, 1), v), "shape"),
    ("Momentum", not_a_number, "NaN"),
    ("Momentum", changes_arguments, "changed"),
    ("Momentum", leaves, "SystemExit"),
    ("Momentum", lambda w, v: (w, v), "must take 5 arguments"),
    ("Average", lambda values, beta: values[:-1], "it must return one for each value"),
    ("Bias", lambda values, beta: values[:-1], "returned 299 averages; it must return one for each value, 300"),
    ("Bias", lambda values, beta: None, "returned nothing"),
    ("Bias", lambda values: values, "must take 2 arguments: (values, beta)"),
    ("Convention", lambda w, v: (w, v), "it must take 5 arguments"),
    ("Convention", not_a_number, "NaN"),
    ("FirstSteps", good, "must take 6 arguments: (w, v, dw, alpha, beta, t)"),
    (
        "FirstSteps",
        lambda w, v, dw, alpha, beta, t: (w - alpha * v / (1 - beta ** (t - 1)), v),
        "returned NaN (not a number) in w, though everything it was given is a finite number",
    ),
    ("Map", lambda w, v: (w, v), "it must take 5 arguments"),
    ("Methods", good, "it must take 8 arguments: (w, v, s, dw, t,"),
    ("Methods", lambda w, v, s, dw, t, a, b, b2: (w, v), "not the three: end it with `return w, v, s`"),
    ("Methods", lambda w, v, s, dw, t, a, b, b2: (w / (t - 1), v, s), "infinity in w"),
    ("Methods", lambda w, v, s, dw, t, a, b, b2: (w, v, 1 / [][0]), "IndexError"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "own", "words"), WRONG)
def test_whatever_is_wrong_with_it_is_one_sentence(kind, own, words):
    explorer = undrawn(kind, **{kind_of(kind).own: own})
    with np.errstate(all="ignore"), pytest.raises(guard.LearnerError) as problem:
        explorer._compute(explorer.settings)
    sentence = problem.value.sentence
    assert words in sentence and own.__name__.replace("<lambda>", "function") in sentence
    assert "Traceback" not in sentence and "\n" not in sentence


@pytest.mark.parametrize("kind", ["Ball", "Convention", "Map", "Momentum", "Training"])
def test_a_step_that_never_ends_is_stopped(kind, hurried):
    explorer = undrawn(kind, step=never_ends)
    with pytest.raises(guard.LearnerError, match=r"Your never_ends was stopped: .* within 0\.3 seconds"):
        explorer._compute(explorer.settings)


def test_a_step_that_never_ends_is_stopped_after_2_seconds(as_learners_have_it):
    reply = MomentumExplorer(step=never_ends, steps=20).stage.first_frame
    assert "did not end within 2 seconds" in reply["error"]


def test_the_sentence_stands_in_the_figure_beside_it_and_in_its_strip():
    explorer = MomentumExplorer(step=raises)
    error = explorer.stage.first_frame["error"]
    assert (
        "NameError" in error
        and explorer.twin == error
        and [still.sentence for still in explorer.stage.strip(explorer._pictured())] == [error]
    )


def test_half_a_character_in_a_message_is_no_trouble():
    def step(w, v, dw, alpha, beta):
        raise ValueError("\ud800 x")

    explorer = MomentumExplorer(step=step)
    (still,) = explorer.stage.strip(explorer._pictured())
    assert "ValueError" in still.sentence


def test_a_step_that_prints_at_every_step_does_not_bury_the_figure(capsys):
    def step(w, v, dw, alpha, beta):
        print("w is", w)
        return good(w, v, dw, alpha, beta)

    explorer = MomentumExplorer(step=step)
    explorer.stage.strip([explorer.settings])
    print("the notebook's own words")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("w is [-9.") and len(lines) == 22
    assert lines[-2:] == ["… your function prints more; the rest is left out.", "the notebook's own words"]


CHANGES = {
    "Ball": {
        "alpha": 2.0, "beta": 0.8, "steps": 60, "dimensions": "two", "start_1": 1.0, "start_2": 0.5,
    },
    "Convention": {
        "alpha": 3.0, "beta": 0.8, "form": "inside", "kappa": 20.0, "later": 0.1, "change_at": 5, "steps": 60,
        "start_1": 2.0, "start_2": 0.5,
    },
    "Descent": {"alpha": 1.0, "kappa": 20.0, "steps": 60, "start_1": 2.0, "start_2": 0.5},
    "FirstSteps": {
        "alpha": 2.0, "beta": 0.8, "kappa": 20.0, "steps": 60, "start_1": 2.0, "start_2": 0.5,
    },
    "Map": {"alpha": 3.0, "beta": 0.8, "kappa": 20.0, "steps": 60, "convention": "heavy_ball"},
    "Methods": {
        "alpha_first": 0.2, "beta": 0.8, "beta_2": 0.9, "kappa": 20.0, "angle": 30, "steps": 60, "start_1": 1.0,
        "start_2": 0.5, "second": "own", "alpha_second": 0.3,
    },
    "Parabola": {"alpha": 0.5, "curvature": 2.0, "start": 1.0},
    "Momentum": {
        "alpha": 3.0, "beta": 0.8, "kappa": 20.0, "steps": 60, "plain": "same", "start_1": 2.0, "start_2": 0.5,
    },
    "Training": {
        "alpha": 0.01, "beta": 0.8, "batch": 64, "epochs": 3, "data": "centred", "plain": "same", "seed": 2,
    },
}  # fmt: skip


class Noise:
    """What a step adds to its own: nothing, or a random number; or it raises, as a step that is not done yet."""

    def __init__(self):
        self.calls, self.rng, self.size, self.broken = 0, np.random.default_rng(1), 0.0, False

    def __call__(self):
        self.calls += 1
        if self.broken:
            raise ValueError("not yet")
        return self.size * self.rng.normal()


def stepper(kind, noise):
    """Return a step as this explorer wants it; `noise` is called once in each step."""
    if kind in ("Descent", "Parabola"):
        return lambda w, dw, alpha: w - alpha * dw + noise()
    if kind == "FirstSteps":
        return lambda w, v, dw, alpha, beta, t: (w - alpha * v / t + noise(), beta * v + (1 - beta) * dw)
    if kind == "Methods":
        return lambda w, v, s, dw, t, alpha, beta, beta_2: (
            w - alpha * dw / t + noise(), beta * v + dw, beta_2 * s + dw**2,
        )  # fmt: skip
    return lambda w, v, dw, alpha, beta: (w - alpha * v + noise(), beta * v + (1 - beta) * dw)


def numbers(explorer):
    return explorer._table(explorer._compute(explorer.settings))[1]


@pytest.mark.parametrize("kind", CHANGES)
def test_a_walk_shows_one_run_and_what_went_wrong_is_not_kept(kind):
    noise = Noise()
    noise.size, noise.broken = 1e-3, True
    explorer = kind_of(kind)(step=stepper(kind, noise))
    assert "not yet" in explorer.stage.first_frame["error"]
    noise.broken = False
    assert "not yet" not in explorer.twin, "a mended step brings the picture back"
    run, called = numbers(explorer), noise.calls
    for shown in (0, 3, 17):
        if "step_shown" in explorer.controls:
            explorer.set(step_shown=shown)
        assert "error" not in explorer.stage.answer({"seq": 1, "state": {}})[0]
        np.testing.assert_array_equal(numbers(explorer), run)
    assert noise.calls == called, "nothing is run again for a step of the walk, be it with random numbers"
    alpha = "alpha_first" if kind == "Methods" else "alpha"
    explorer.set(**{alpha: CHANGES[kind][alpha]})
    assert explorer.twin and noise.calls > called


@pytest.mark.parametrize("kind", CHANGES)
def test_a_kept_run_is_that_of_its_settings(kind):
    explorer = undrawn(kind, step=stepper(kind, Noise()))
    for name, value in CHANGES[kind].items():
        numbers(explorer)
        explorer.set(**{name: value})
        new = undrawn(kind, step=stepper(kind, Noise()), **explorer.settings)
        np.testing.assert_array_equal(numbers(explorer), numbers(new), err_msg=name)
