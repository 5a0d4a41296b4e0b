"""The pictures on a page without a kernel are those that the lesson's text speaks of."""

import ast

import pytest

from lesson_utils import explorers
from workshop.files import LESSONS, cells

from .undrawn import undrawn


def calls(path):
    """Return (name, settings) of each explorer that a notebook makes; a function of its own is no setting."""
    found = []
    for source in cells(path, "code"):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in explorers.__all__:
                named = {one.arg: one.value for one in node.keywords if not isinstance(one.value, ast.Name)}
                settings = {name: ast.literal_eval(value) for name, value in named.items()}
                found.append((node.func.id.removesuffix("Explorer"), settings))
    return found


IN_LESSONS = [(path.stem, *call) for path in LESSONS for call in calls(path)]


def test_each_strip_is_of_a_figure_in_a_lesson_and_shows_something_else():
    used = []
    for lesson, name, settings in IN_LESSONS:
        explorer = undrawn(name, **settings)
        strip = explorer._strip()
        if strip is not explorer.strip:
            used.append((name, strip))
            pictured = explorer._pictured()
            assert len(pictured) == 1 + len(strip), (lesson, settings)
            for one in pictured:
                explorer._validate(one)
    for name in explorers.__all__:
        strips = [(name.removesuffix("Explorer"), strip) for _, strip in getattr(explorers, name).strips]
        assert [one for one in strips if one not in used] == []


@pytest.mark.parametrize(("name", "player", "stands"), [
    ("Momentum", "step_shown", (0, 2, 8)), ("Training", "step_shown", (0, 115, 460)), ("Bias", "day", (1, 15, 60)),
])  # fmt: skip
def test_a_figure_that_walks_by_itself_is_pictured_at_its_first_step_on_its_way_and_at_its_end(
    name, player, stands
):
    explorer = undrawn(name, walk=True, **({"steps": 8} if name == "Momentum" else {}))
    assert explorer.stage.walks and tuple(one[player] for one in explorer._pictured()) == stands
    later = undrawn(name, walk=True, **{player: 4})
    assert later.settings[player] == 4 and not undrawn(name).stage.walks


def test_what_cannot_walk_says_so():
    with pytest.raises(TypeError, match=r"walk: .* has no steps to walk through"):
        undrawn("Map", walk=True)
    with pytest.raises(TypeError, match="walk must be True or False"):
        undrawn("Momentum", walk=1)


SPOKEN_OF = [  # settings of a lesson's figure, and words of the sentences under its second and third picture
    ("Average", {"beta": 0.98, "days": (0, 300)}, "With bias correction"),
    ("Bias", {"day": 1, "corrected": False}, "day 7: v = 3.41 °C"),
    ("Bias", {"day": 2}, "Stored back: 45.7 °C", "Stored back: 10.4 °C"),
    ("Bias", {"beta": 0.9, "days": 300, "day": 10}, "below 1 % on day 7", "below 1 % on day 228"),
    ("Bias", {"unit": "°F", "day": 1}, "28.2 K", "v = 0.89 °C"),
    ("FirstSteps", {}, "settles in 96 steps", "settles in 88 steps"),
    ("Descent", {"alpha": 1.0, "kappa": 10, "steps": 60}, "settles in 25 steps", "settles in 29 steps"),
    ("Momentum", {}, "settles in 909 steps", "settles in 81 steps"),
    ("Momentum", {"step_shown": 0}, "Step 3: the gradient dw = (−0.088, −0.648)", "Step 4:"),
    ("Momentum", {"alpha": 2, "plain": "best", "limits": False}, "settles in 88 steps", "α = 39, β = 0.9: diverges."),
    ("Momentum", {"alpha": 10, "plain": "best"}, "Plain, α = 1.95: settles in 88 steps", "settles in 81 steps"),
    ("Ball", {"step_shown": 0}, "next step 0.518", "push −0.00583"),
    ("Ball", {"alpha": 0.25, "beta": 0, "steps": 40}, "critically damped", "w rings"),
    ("Ball", {"alpha": 0.25, "beta": 0.9, "steps": 300}, "126 steps", "39.6 steps"),
    ("Ball", {"dimensions": "two", "alpha": 0.25, "beta": 0.9}, "w₁ is over-damped"),
    ("Ball", {"alpha": 2, "beta": 0.2, "steps": 40}, "settles in 22 steps", "gains energy"),
    ("Convention", {"form": "heavy_ball", "alpha": 4.0, "keep": False}, "in 122 steps", "in 96 steps"),
    ("Convention", {}, "The heavy ball, α = 0.4, β = 0.9: settles in 96", "with α = 100"),
    ("Convention", {"form": "heavy_ball", "alpha": 0.4, "beta": 0.0, "keep": False}, "in 96 steps", "in 921 steps"),
    ("Map", {}, "settles in 88 steps", "diverges, its limit is α = 38"),
    ("Training", {"step_shown": 50}, "this batch says dw = −1.44"),
    ("Training", {"alpha": 0.1}, "5.85 % above"),
    ("Training", {"alpha": 0.1, "batch": 1460, "epochs": 100}, "runs away"),
    ("Methods", {"second": "plain", "alpha_second": 1.9}, "settles in 44 steps", "settles in 2422 steps"),
    ("Methods", {"alpha_second": 10}, "settles in 423 steps"),
    ("Methods", {"angle": 0, "steps": 300}, "settles in 267 steps", "settles in 90 steps"),
    ("Methods", {"first": "nesterov", "alpha_first": 4, "alpha_second": 4, "step_shown": 0}, "Step 2", "in 67 steps"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "settings", "words"), [(name, settings, words) for name, settings, *words in SPOKEN_OF]
)
def test_the_pictures_show_what_the_lesson_speaks_of(name, settings, words):
    explorer = getattr(explorers, f"{name}Explorer")(**settings)
    further = explorer._pictured()[1:]
    said = [explorer.stage.frame(one).twin for one in further]
    assert len(said) == len(words)
    assert [(one, sentence) for one, sentence in zip(words, said, strict=True) if one not in sentence] == []


def test_a_whole_run_is_shown_whole_however_long_it_is():
    explorer = explorers.MomentumExplorer()
    longer = next(one for one in explorer._pictured() if one["steps"] == 300)
    assert not explorer.stage.frame(longer).twin.startswith("Step "), "it would stop at step 120"
    explorer.set(step_shown=7)
    assert {one["step_shown"] for one in explorer._pictured()} == {7}
