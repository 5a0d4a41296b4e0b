"""Functions that learners might write: each mistake becomes one sentence, and nothing hangs."""

import sys
import threading
import time
import weakref
from pathlib import Path

import numpy as np
import pytest

from lesson_utils import guard
from lesson_utils.averages import ewa
from lesson_utils.losses import Quadratic
from lesson_utils.optimizers import momentum

RAVINE = Quadratic((0.01, 1.0))
END = 60.0  # seconds that only a fault takes
W, V, DW = np.array([1.0, 2.0]), np.array([0.5, 0.5]), np.array([3.0, 4.0])


def momentum_step(w, v, dw, alpha, beta):
    v = beta * v + (1 - beta) * dw
    return w - alpha * v, v


def for_ever(*args):
    while True:
        pass


def stubborn():
    until = time.monotonic() + 2 * END
    while time.monotonic() < until:
        try:
            while time.monotonic() < until:
                pass
        except Exception:
            pass


def helper(w):
    return w / zero  # noqa: F821


def tries_again():
    """Of all programs that swallow a stop the likeliest: from Python 3.13 on a stop falls in the call alone."""
    while True:
        try:
            return helper(1.0)
        except:  # noqa: E722 - that is what a learner writes
            pass


def tries_each_day():
    for _ in range(1461):
        try:
            while True:
                pass
        except:  # noqa: E722
            pass


def swallows_and_goes_on():
    while True:
        try:
            while True:
                time.sleep(0.001)
        except BaseException:
            continue


class Node:
    def __init__(self):
        self.itself = self


def collects_garbage():
    """A stop falls in a callback of the garbage collector, from which nothing can be raised."""
    kept = []
    while True:
        kept = [*kept[-99:], weakref.ref(Node(), lambda _: [])]


ENDLESS = (for_ever, stubborn, tries_again, tries_each_day, collects_garbage, swallows_and_goes_on)
NEWER = pytest.mark.skipif(
    sys.version_info < (3, 12), reason="a browser, where no thread starts, has a newer Python"
)


def sentence_of(function, *args, **options):
    with pytest.raises(guard.LearnerError) as caught:
        function(*args, **options)
    assert str(caught.value) == caught.value.sentence
    assert "\n" not in caught.value.sentence
    return caught.value.sentence


def learners():
    return [thread for thread in threading.enumerate() if thread.name in ("learner", "watchdog")]


def no_learner_is_left():
    until = time.monotonic() + END
    while learners() and time.monotonic() < until:
        time.sleep(0.02)
    return not learners()


@pytest.fixture
def no_threads(monkeypatch):
    def refuse(self):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)


def test_call_returns_what_the_function_returns():
    assert guard.call(max, 3, 7) == 7
    assert guard.call(lambda: None) is None


def test_a_path_is_the_same_with_a_guard():
    path = guard.run_path(
        lambda: momentum(RAVINE.gradient, (-9, 1.2), 4.0, 0.9, 120, step=guard.GuardedStep(momentum_step))
    )
    assert (path.w == momentum(RAVINE.gradient, (-9, 1.2), 4.0, 0.9, 120).w).all()


def test_a_path_that_diverges_is_no_mistake():
    path = guard.run_path(
        lambda: momentum(RAVINE.gradient, (-9, 1.2), 50.0, 0.9, 9000, step=guard.GuardedStep(momentum_step)),
        seconds=END,
    )
    assert path.diverged_at and np.isnan(path.w[-1]).all()


@pytest.mark.parametrize("function", ENDLESS)
def test_a_function_that_does_not_end_is_stopped_in_silence(function, capfd):
    sentence = sentence_of(guard.call, function, seconds=0.2)
    assert sentence == f"Your {function.__name__} was stopped: it did not end within 0.2 seconds."
    assert no_learner_is_left() and capfd.readouterr() == ("", "")


def test_the_time_limit_has_its_own_class_and_covers_the_whole_path():
    with pytest.raises(guard.TimeLimit):
        guard.run_path(
            lambda: momentum(RAVINE.gradient, (1, 1), 1.0, 0.9, 9, step=guard.GuardedStep(for_ever)),
            seconds=0.2,
        )
    assert no_learner_is_left()


@pytest.mark.skipif(
    not Path("/proc/self/statm").exists(), reason="this system has no file that tells a process's size"
)
def test_a_function_that_fills_the_memory_is_stopped_long_before_it_is_late(monkeypatch):
    monkeypatch.setattr(guard.limits, "MOST_MEMORY", 50 << 20)

    def appends():
        found = []
        while True:
            found.append([0.0] * 100)

    sentence = sentence_of(guard.call, appends, seconds=END)
    assert sentence == "Your appends was stopped: it took 50 MB more memory, and was not done yet."
    assert no_learner_is_left()
    with pytest.raises(guard.MemoryLimit):
        guard.call(appends, seconds=END)
    assert guard.call(lambda: sum(range(10)), seconds=END) == 45


def test_a_function_stuck_in_c_is_left_behind():
    lock = threading.Lock()
    with lock:
        with pytest.raises(guard.TimeLimit):
            guard.call(lock.acquire, seconds=0.1)
        assert learners()
    assert no_learner_is_left()


@pytest.mark.parametrize("function", [for_ever, *(pytest.param(one, marks=NEWER) for one in ENDLESS[1:])])
def test_without_threads_the_clock_is_watched_line_by_line(function, no_threads, capfd):
    before, start = sys.gettrace(), time.monotonic()
    assert "did not end within 0.2 seconds" in sentence_of(guard.call, function, seconds=0.2)
    assert time.monotonic() - start < END
    assert sys.gettrace() is before and capfd.readouterr() == ("", "")


def returns_from_its_except():
    try:
        for_ever()
    except:  # noqa: E722
        return 3


def test_a_stop_that_comes_too_late_hits_nobody(no_threads):
    for _ in range(20):
        assert "did not end within 0.01 seconds" in sentence_of(
            guard.call, returns_from_its_except, seconds=0.01
        )
        assert guard.call(lambda: 7) == 7


def test_without_threads_what_ends_comes_through(no_threads):
    before = sys.gettrace()
    assert guard.call(lambda: sum(i for i in range(10)), seconds=END) == 45
    assert "ZeroDivisionError" in sentence_of(guard.call, lambda: 1 / 0, seconds=END)
    assert sys.gettrace() is before


def test_what_else_cannot_be_raised_is_told(monkeypatch):
    class Broken:
        def __del__(self):
            raise KeyError("else")

    told = []
    monkeypatch.setattr(sys, "unraisablehook", told.append)
    sentence_of(guard.call, for_ever, seconds=0.1)
    assert no_learner_is_left()
    Broken()
    assert [one.exc_type for one in told] == [KeyError]


def broken(w, v, dw, alpha, beta):
    v = beta * v
    return w - alpha * bta, v  # noqa: F821


def raiser(error):
    def function(*args):
        raise error

    return function


def test_exceptions_become_sentences():
    expected = "Your broken stopped with NameError: name 'bta' is not defined (line 3 of it)."
    assert sentence_of(guard.GuardedStep(broken), W, V, DW, 0.1, 0.9) == expected
    assert sentence_of(guard.call, broken, W, V, DW, 0.1, 0.9) == expected
    step = guard.GuardedStep(broken, name="momentum_step")
    sentence = sentence_of(guard.run_path, lambda: momentum(RAVINE.gradient, (1, 1), 1.0, 0.9, 9, step=step))
    assert sentence == expected.replace("broken", "momentum_step")
    assert sentence_of(guard.call, lambda: 1 / 0).startswith("Your function stopped with ZeroDivisionError")


@pytest.mark.parametrize(
    "error", [SystemExit(3), KeyboardInterrupt(), RecursionError("deep"), ValueError("a\nb")]
)
def test_nothing_gets_through(error):
    assert type(error).__name__ in sentence_of(guard.call, raiser(error))


def test_a_step_with_squares_that_is_right():
    def step(w, v, s, dw, t, alpha, beta, beta_2):
        return w - alpha * dw, v + beta * dw, s + t * beta_2

    w, v, s = guard.GuardedStep(step, returns=3)(W, W, W, W, 2, 0.5, 0.25, 0.125)
    np.testing.assert_array_equal([w, v, s], [0.5 * W, 1.25 * W, W + 0.25])


def changes(name):
    def step(w, v, dw, alpha, beta):
        array = {"w": w, "v": v, "dw": dw}[name]
        array *= 0.5
        return w - alpha * v, v

    return step


@pytest.mark.parametrize(
    ("step", "text"),
    [
        (lambda w, v, dw, alpha, beta: None, "returned nothing: does it end with `return w, v`?"),
        (lambda w, v, dw, alpha, beta: w, "returned one array, not a pair"),
        (lambda w, v, dw, alpha, beta: 3, "returned 3, not a pair"),
        (lambda w, v, dw, alpha, beta: (w, v, dw), "returned 3 values, not the pair"),
        (lambda w, v, dw, alpha, beta: (w[:1], v), "returned w with the shape (1,); it must have the shape"),
        (lambda w, v, dw, alpha, beta: (w, 0.0), "returned v with the shape ()"),
        (lambda w, v, dw, alpha, beta: (w, None), "must return numbers for v, but returned None"),
        (lambda w, v, dw, alpha, beta: ("ab", v), "must return numbers for w, but returned text"),
        (lambda w, v, dw, alpha, beta: (w + 1j, v), "numbers for w, but returned complex numbers"),
        (lambda w, v, dw, alpha, beta: (w > 0, v), "must return numbers for w, but returned True and False"),
        (lambda w, v, dw, alpha, beta: ([[1], [1, 2]], v), "returned w with rows of different lengths"),
        (lambda w, v, dw, alpha, beta: (w, v + np.nan), "returned NaN (not a number) in v"),
        (lambda w, v, dw, alpha, beta: (w + np.inf, v), "returned infinity in w"),
        (lambda w, dw, alpha: w, "takes (w, dw, alpha); it must take 5 arguments: (w, v, dw, alpha, beta)"),
        (lambda w, v, dw, alpha, beta: len(), "stopped with TypeError"),
        (changes("w"), "changed w in place"),
        (changes("v"), "changed v in place"),
        (changes("dw"), "changed dw in place"),
    ],
)
def test_a_step_that_is_wrong_is_told_how(step, text):
    assert text in sentence_of(guard.GuardedStep(step), W, V, DW, 0.1, 0.9)


@pytest.mark.parametrize(
    ("returned", "text"),
    [
        (None, "returned nothing: does it end with `return w, v, s`?"),
        (W, "returned one array, not the three"),
        ((W, V), "returned 2 values, not the three"),
        ((W, V, W[:1]), "returned s with the shape (1,)"),
        ((W, V, W * np.inf), "returned infinity in s"),
    ],
)
def test_a_step_with_squares_that_is_wrong_is_told_how(returned, text):
    step = guard.GuardedStep(lambda w, v, s, dw, t, alpha, beta, beta_2: returned, returns=3)
    assert text in sentence_of(step, W, W, W, W, 1, 0.1, 0.9, 0.999)
    few = guard.GuardedStep(momentum_step, returns=3)
    assert "must take 8 arguments: (w, v, s, dw, t, alpha," in sentence_of(
        few, W, W, W, W, 1, 0.1, 0.9, 0.999
    )


def test_a_step_gets_copies_and_may_return_lists():
    w, _ = guard.GuardedStep(lambda w, v, dw, alpha, beta: [[1, 2], v])(W, V, DW, 0.1, 0.9)
    assert w.tolist() == [1.0, 2.0] and w.dtype == float
    before = W.copy()
    sentence_of(guard.GuardedStep(changes("w")), W, V, DW, 0.1, 0.9)
    assert (before == W).all()


def test_infinity_from_a_run_that_diverges_passes():
    w, _ = guard.GuardedStep(lambda w, v, dw, alpha, beta: (w * np.inf, v))(W * 1e200, V, DW, 0.1, 0.9)
    assert np.isinf(w).all()


def test_plain_steps():
    step = guard.GuardedStep(lambda w, dw, alpha: w - alpha * dw, returns=1)
    assert step(W, DW, 0.1) == pytest.approx(W - 0.1 * DW)
    text = sentence_of(guard.GuardedStep(lambda w, dw, alpha: None, returns=1), W, DW, 0.1)
    assert "returned nothing: does it end with `return w`?" in text
    assert "must take 3 arguments" in sentence_of(guard.GuardedStep(momentum_step, returns=1), W, DW, 0.1)


def test_further_arguments_come_last():
    def step(w, v, dw, alpha, beta, t):
        return w - t * alpha * dw, v

    got, _ = guard.GuardedStep(step, extra=("t",))(W, V, DW, 0.1, 0.9, 3)
    assert got == pytest.approx(W - 0.3 * DW)
    text = sentence_of(guard.GuardedStep(momentum_step, extra=("t",)), W, V, DW, 0.1, 0.9, 3)
    assert "must take 6 arguments: (w, v, dw, alpha, beta, t)" in text


def test_series():
    values = np.arange(5.0)
    assert (guard.check_series(lambda x, beta: ewa(x, beta).tolist(), values, 0.9) == ewa(values, 0.9)).all()


def spoil(values, beta):
    values[0] = 7
    return values


@pytest.mark.parametrize(
    ("average", "text"),
    [
        (lambda values, beta: None, "returned nothing"),
        (lambda values, beta: values[1:], "returned 4 averages; it must return one for each value, 5"),
        (lambda values, beta: 3.0, "returned one number"),
        (lambda values, beta: values[:, None], "returned the shape (5, 1) averages"),
        (lambda values, beta: [None] * 5, "must return numbers for the averages"),
        (lambda values, beta: values * np.nan, "returned NaN (not a number)"),
        (lambda values, beta: values.nothing, "stopped with AttributeError"),
        (lambda values: values, "takes (values); it must take 2 arguments: (values, beta)"),
        (spoil, "changed values in place"),
    ],
)
def test_a_series_that_is_wrong_is_told_how(average, text):
    assert text in sentence_of(guard.check_series, average, np.arange(5.0), 0.9)
    assert text in sentence_of(guard.call, guard.check_series, average, np.arange(5.0), 0.9)


def test_wrong_arguments_of_the_guard_itself():
    for run in (
        lambda: guard.call(3),
        lambda: guard.GuardedStep(None),
        lambda: guard.check_series(1, [1.0], 0.9),
    ):
        with pytest.raises(TypeError, match="must be a function"):
            run()
    with pytest.raises(ValueError, match="seconds must be"):
        guard.call(max, 1, 2, seconds=0)
    with pytest.raises(ValueError, match="returns must be"):
        guard.GuardedStep(momentum_step, returns=4)


def test_prints_are_limited_for_the_learners_function_only(capsys):
    def loud():
        for i in range(50):
            print("line", i)

    with guard.Prints(most=3):
        guard.call(loud)
    print("the cell's own")
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ["line 0", "line 1", "line 2"] and lines[-1] == "the cell's own" and len(lines) == 5


def test_two_figures_drawn_at_once_give_print_back(capsys):
    """A frame is drawn in a subshell's thread while the cell asks for `figure()`: the same Prints, twice."""
    before, prints = sys.stdout, guard.Prints(most=3)
    inside, go_on = threading.Event(), threading.Event()

    def slow():
        inside.set()
        go_on.wait(END)
        print("from the frame")

    def frame():
        with prints:
            guard.call(slow, seconds=END)

    thread = threading.Thread(target=frame)
    thread.start()
    assert inside.wait(END)
    print("the cell's own")
    with prints:
        guard.call(lambda: print("from the figure"))
    go_on.set()
    thread.join(END)
    assert sys.stdout is before
    assert capsys.readouterr().out.splitlines() == ["the cell's own", "from the figure", "from the frame"]
