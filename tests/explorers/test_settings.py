"""What is no setting of an explorer is named; what is one is taken, alone and together with others."""

import ipywidgets as widgets
import numpy as np
import pytest

from lesson_utils import explorers

from .undrawn import kind_of, undrawn

NAMES = [name.removesuffix("Explorer") for name in explorers.__all__]
RANGES = {"beta": "0 to 0.99", "beta_2": "0 to 0.999", "day": "1 to 300"}


def refused(name, control, is_walk):
    """Yield what a control must refuse: a value, the error, and what is said of it."""
    if isinstance(control, widgets.Dropdown):
        yield "nonsense", (ValueError, TypeError), f"{name} must be .* or .*, not 'nonsense'"
        yield [3], TypeError, rf"{name} must be .* or .*, not \[3\]"
    elif isinstance(control, widgets.Checkbox):
        yield 1, TypeError, f"{name} must be True or False"
    elif isinstance(control, widgets.IntRangeSlider):
        yield (9, 5), ValueError, rf"{name}: \(9, 5\) must be \(first, last\)"
        for value in (None, 5, "ab", {0, 5}, (0.5, 9.5), (True, 5)):
            yield value, TypeError, name
    else:
        stops = getattr(control, "stops", ())
        low, high = (stops[0], stops[-1]) if stops else (control.min, control.max)
        allowed = RANGES.get(name, f"{low:g} to {high:g}")
        outside = f"{name}(: .* is outside the figure's range; allowed is {allowed}$| must be a whole number)"
        yield low - 1, ValueError, outside
        if not is_walk:  # its end follows the run
            yield high + 1, ValueError, outside
        for value in ("0.9", None, True, 2.5 if isinstance(low, int) else [1.0]):
            yield value, TypeError, f"{name} must be a (finite|whole) number"


@pytest.mark.parametrize("kind", NAMES)
def test_each_control_refuses_what_it_cannot_be_and_leaves_the_others(kind):
    explorer = undrawn(kind)
    before = explorer.settings
    for name, control in explorer.controls.items():
        for value, error, words in refused(name, control, name == explorer.player):
            for give in (explorer.set, kind_of(kind)):
                with pytest.raises(error, match=words):
                    give(**{name: value})
                assert explorer.settings == before
    with pytest.raises(TypeError, match="alfa: no such control; allowed are"):
        explorer.set(alfa=1)
    with pytest.raises(TypeError, match="has no such setting; allowed are"):
        kind_of(kind)(alfa=1)
    if not (own := kind_of(kind).own):  # it runs nothing of the learner's
        return
    with pytest.raises(TypeError, match=rf"{own}: 3 is not a function; allowed is {own}\("):
        kind_of(kind)(**{own: 3})


@pytest.mark.parametrize(
    ("error", "kind", "settings", "words"),
    [
        (
            ValueError,
            "Methods",
            {"first": "own"},
            "first must be 'plain' or",
        ),  # there is no rule of one's own
        (ValueError, "Convention", {"later": 0.3}, r"later must be 1\.0, 0\.1, 0\.0 or 10\.0, not 0\.3"),
        *(
            (TypeError, kind, {"temperatures": [1]}, "not what load_temperatures")
            for kind in ("Average", "Bias")
        ),
    ],
)
def test_a_wrong_setting_is_named(error, kind, settings, words):
    with pytest.raises(error, match=words):
        kind_of(kind)(**settings)


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
