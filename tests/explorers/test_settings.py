"""What is no setting of an explorer is named; what is one is taken, alone and together with others."""

import numpy as np
import pytest

from lesson_utils import explorers

from .undrawn import kind_of, undrawn

NAMES = [name.removesuffix("Explorer") for name in explorers.__all__]
WRONG_VALUES = [
    ("Momentum", {"beta": 1.0}, r"beta: 1\.0 is outside the figure's range; allowed is 0 to 0\.99"),
    ("Momentum", {"alpha": -1}, "alpha: -1 is outside the figure's range; allowed is 0 to 500"),
    ("Momentum", {"alpha": float("nan")}, "alpha must be a finite number"),
    ("Momentum", {"plain": "fast"}, "plain"),
    ("Momentum", {"kappa": 0.5}, r"kappa: 0\.5"),
    ("Descent", {"steps": 0}, "steps: 0"),
    ("Descent", {"start_1": 40}, "start_1: 40"),
    ("Parabola", {"curvature": 0}, "curvature: 0"),
    ("Average", {"days": (9, 5)}, r"days: \(9, 5\)"),
    ("Ball", {"beta": 1.0}, r"beta: 1\.0 is outside the figure's range; allowed is 0 to 0\.99"),
    ("Ball", {"alpha": -1}, "alpha: -1 is outside"),
    ("Ball", {"steps": 301}, "steps: 301 is outside"),
    ("Ball", {"dimensions": "three"}, "dimensions must be 'one' or 'two', not 'three'"),
    ("Ball", {"convention": "polyak"}, "convention must be 'ewa' or 'heavy_ball'"),
    ("Ball", {"start_1": 3}, "start_1: 3 is outside"),
    ("Bias", {"beta": 1.0}, r"beta: 1\.0 is outside the figure's range; allowed is 0 to 0\.99"),
    ("Bias", {"days": 0}, "days: 0 is outside the figure's range; allowed is 1 to 300"),
    ("Bias", {"day": 301}, "day: 301 is outside the figure's range; allowed is 1 to 300"),
    ("Bias", {"unit": "F"}, "unit must be '°C' or '°F' or 'K', not 'F'"),
    ("Convention", {"form": "nesterov"}, "form must be"),
    ("Convention", {"later": 0.3}, r"later must be 1\.0, 0\.1, 0\.0 or 10\.0, not 0\.3"),
    ("Convention", {"change_at": 900}, "change_at: 900"),
    ("Convention", {"beta": 1.0}, r"beta: 1\.0"),
    ("FirstSteps", {"beta": 1.0}, r"beta: 1\.0 is outside the figure's range; allowed is 0 to 0\.99"),
    ("Map", {"convention": "adam"}, "convention must be"),
    ("Map", {"alpha": 501}, "alpha: 501"),
    ("Map", {"beta": 0.995}, r"beta: 0\.995"),
    ("Map", {"kappa": 0.5}, r"kappa: 0\.5"),
    ("Map", {"steps": 0}, "steps: 0"),
    ("Methods", {"alpha_first": -1}, "alpha_first: -1 is outside the figure's range; allowed is 0 to"),
    ("Methods", {"alpha_second": 501}, "alpha_second: 501"),
    ("Methods", {"beta": 1.0}, r"beta: 1\.0"),
    ("Methods", {"beta_2": 0.9999}, r"beta_2: 0\.9999 is outside the figure's range; allowed is 0 to 0\.999"),
    ("Methods", {"kappa": 0.5}, r"kappa: 0\.5"),
    ("Methods", {"angle": 91}, "angle: 91"),
    ("Methods", {"steps": 0}, "steps: 0"),
    ("Methods", {"start_2": 1.5}, r"start_2: 1\.5"),
    ("Methods", {"second": "adagrad"}, "second must be"),
    ("Methods", {"first": "own"}, "first must be 'plain' or 'momentum'"),  # there is no rule of one's own
    ("Training", {"batch": 0}, "batch must be"),
    ("Training", {"batch": 1461}, "batch: 1461 is outside the figure's range; allowed is 1 to 1460"),
    ("Training", {"epochs": 101}, "epochs: 101"),
    ("Training", {"data": "raw"}, "data must be 'as they are' or 'centred'"),
    ("Training", {"plain": "best"}, "plain must be"),
    ("Training", {"seed": -1}, "seed must be"),
    ("Training", {"alpha": 51}, "alpha: 51"),
]  # fmt: skip
WRONG_TYPES = [
    ("Momentum", {"beta": "0.9"}, "beta must be"),
    ("Momentum", {"step": 3}, r"step: 3 is not a function; allowed is step\(w, v, dw, alpha, beta\)"),
    ("Average", {"average": 3}, "average: 3 is not a function"),
    ("Average", {"temperatures": [1, 2]}, "is not what load_temperatures"),
    *(("Average", {"days": days}, "days") for days in (None, 5, "ab", {0, 5}, (0.5, 9.5), (True, 5))),
    ("Ball", {"step": 3}, "step: 3 is not a function"),
    ("Bias", {"day": 2.5}, "day must be"),
    ("Bias", {"stored_back": 1}, "stored_back must be True or False"),
    ("Bias", {"correct": 3}, r"correct: 3 is not a function; allowed is correct\(values, beta\)"),
    ("Bias", {"temperatures": [1, 2]}, "is not what load_temperatures returns"),
    ("Convention", {"keep": 1}, "keep must be"),
    ("Convention", {"later": [1]}, r"later must be 1\.0, 0\.1, 0\.0 or 10\.0, not \[1\]"),
    ("Convention", {"change_at": 2.7}, "change_at must be a whole number, 0 or larger, not 2.7"),
    ("FirstSteps", {"step": 3}, r"allowed is step\(w, v, dw, alpha, beta, t\)"),
    ("Map", {"step": 3}, r"step: 3 is not a function; allowed is step\(w, v, dw, alpha, beta\)"),
    ("Methods", {"step": 3}, r"step: 3 is not a function; allowed is step\(w, v, s, dw, t, alpha"),
    ("Training", {"batch": 3.5}, "batch must be a whole number"),
    ("Training", {"step": 3}, "step: 3 is not a function"),
    *((name, {"alfa": 1}, "has no such setting; allowed are") for name in NAMES),
]  # fmt: skip
WRONG = [(ValueError, *row) for row in WRONG_VALUES] + [(TypeError, *row) for row in WRONG_TYPES]


@pytest.mark.parametrize(("error", "kind", "settings", "words"), WRONG)
def test_a_wrong_setting_is_named(error, kind, settings, words):
    with pytest.raises(error, match=words):
        kind_of(kind)(**settings)


@pytest.mark.parametrize("kind", NAMES)
def test_a_wrong_setting_is_named_by_set_too_and_leaves_the_others(kind):
    explorer = undrawn(kind)
    before = explorer.settings
    for error, other, settings, words in WRONG:
        if other == kind and set(settings) <= set(explorer.controls):
            with pytest.raises(error, match=words):
                explorer.set(**settings)
            assert explorer.settings == before
    with pytest.raises(TypeError, match="alfa: no such control; allowed are"):
        explorer.set(alfa=1)


def test_set_is_all_or_nothing():
    explorer = undrawn("Parabola")
    with pytest.raises(ValueError, match="alpha: 50"):
        explorer.set(curvature=2.0, alpha=50.0)
    assert explorer.settings["curvature"] == 1.0


@pytest.mark.parametrize("settings", [{"step_shown": 200, "steps": 300}, {"steps": 300, "step_shown": 200}])
def test_set_does_not_depend_on_the_order_of_its_arguments(settings):
    assert undrawn("Momentum").set(**settings).settings["step_shown"] == 200


def test_numbers_of_numpy_are_numbers():
    explorer = undrawn("Momentum", alpha=np.float64(4), beta=np.array(0.9), steps=np.int64(50))
    assert explorer.settings["steps"] == 50 and explorer.settings["beta"] == 0.9
    assert undrawn("Average", bias_correction=np.True_).settings["bias_correction"] is True


def test_a_slider_takes_any_value_in_its_range_and_keeps_the_number_of_its_stops():
    explorer = undrawn("Momentum")
    slider = explorer.controls["alpha"]
    count = len(slider.stops)
    for value in (3.3333, 0.0051, 499.9, 4.0):
        slider.value = value
        assert explorer.settings["alpha"] == value in slider.stops and len(slider.stops) == count
        assert slider.stops[0] == 0 and slider.stops[-1] == 500 and list(slider.stops) == sorted(slider.stops)
    assert 3.3333 not in slider.stops
    with pytest.raises(ValueError, match="alpha: 501 is outside"):
        slider.value = 501
    assert explorer.settings["alpha"] == 4.0


@pytest.mark.parametrize("kind", ["Ball", "Momentum"])
def test_presets_stand_on_the_sliders_own_stops(kind):
    """A learner can go back to each of them by hand."""
    explorer = undrawn(kind)
    for name, values in explorer.presets.items():
        for control in {"alpha", "beta"} & set(values):
            assert values[control] in explorer.controls[control].stops, (name, control)


# --- the end of a walk follows the end of the run ---------------------------------------------------------


def test_the_walks_end_follows_the_run():
    explorer = undrawn("Momentum")
    explorer.set(steps=300)
    assert explorer.settings["step_shown"] == 300
    explorer.set(step_shown=7)
    explorer.set(steps=200)
    assert explorer.settings["step_shown"] == 7
    explorer.set(steps=5)
    assert explorer.settings["step_shown"] == 5


def test_the_days_end_follows_the_days_shown():
    explorer = undrawn("Bias")
    explorer.set(days=300, day=228)
    assert explorer.settings["day"] == 228
    explorer.set(days=20)
    assert explorer.settings["day"] == 20 and explorer.controls["day"].max == 20


def test_the_walks_end_follows_epochs_and_batch_size():
    explorer = undrawn("Training")
    assert explorer.settings["step_shown"] == 460
    explorer.set(batch=1460)
    assert explorer.settings["step_shown"] == 10
    explorer.set(epochs=100, step_shown=7)
    explorer.set(batch=1)
    assert explorer.settings["step_shown"] == 7 and explorer.controls["step_shown"].max == 1460
    explorer.reset()
    assert explorer.settings["step_shown"] == 460


def test_the_walk_stays_where_it_is_while_several_settings_change():
    explorer = undrawn("Training", step_shown=50)
    explorer.set(batch=1460, epochs=100)
    assert explorer.settings["step_shown"] == 50, "batches of all days make a run of 10 steps on the way"
    explorer.set(batch=1460, epochs=20)
    assert explorer.settings["step_shown"] == 20
    explorer.set(batch=32, epochs=10)
    assert explorer.settings["step_shown"] == 460, "a walk at the run's end stays there"
    explorer.set(batch=1460, epochs=100, step_shown=7)
    assert explorer.settings["step_shown"] == 7
