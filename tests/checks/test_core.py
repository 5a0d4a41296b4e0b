"""The core of the checks: whatever a notebook holds, a sentence comes back, soon, and no lie passes."""

import copy
import os
import re
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from lesson_utils import guard
from lesson_utils.checks import EXERCISES, apart, examine
from lesson_utils.checks.numbers import TooMuch, finite, formatted, near, plain, shape
from lesson_utils.checks.student import PLACES, changed, is_stub, place_of
from lesson_utils.checks.verdict import OPEN, WRONG, sentences
from tests.answers import function
from tests.answers.hw1 import HW1
from tests.answers.hw1 import ewa as body
from tests.answers.hw2 import HW2
from tests.checks.notebooks import STOPPED, cause, notebook, verdict

pytestmark = STOPPED
RIGHT_EWA = HW1.right["ewa"]["a loop"]
WRONG_EWA = HW1.slip("ewa", "swapped")


def ewa(*lines, seed=0):
    """Return the verdict on an ewa with these lines in it."""
    return verdict("ewa", body(*lines), seed=seed)


# --- the name -------------------------------------------------------------------------------------------------


def test_a_name_that_was_never_defined():
    found = verdict("ewa")
    assert (found.status, found.cause) == (OPEN, "not_done")
    assert "knows no function ewa" in found.sentence and "SyntaxError" in found.sentence


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("def ewa(values, beta)\n    return values", "line 1"),
        ("def ewa(values, beta):\nreturn values", "line 2"),
        ("def ewa(values, beta):\n    return (values", "line 2"),
        ("def ewa(values, beta):\n    v = 0\n    for x in values\n        v = x", "line 3"),
        ("x = 1\ndef ewa(values, beta):\n    return values]", "line 3"),
    ],
)
def test_a_syntax_error_above_is_told_with_its_line(cell, words):
    found = verdict("ewa", cell)
    assert (found.status, found.cause) == (WRONG, "syntax")
    assert words in found.sentence


def test_a_syntax_error_that_is_mended_is_no_more_told():
    wrong = "def ewa(values, beta)\n    return values"
    assert verdict("ewa", wrong, RIGHT_EWA).passed
    assert verdict("ewa", wrong, "def ewa(values, beta): pass").cause == "not_done"


def test_a_syntax_error_in_the_newest_cell_is_told_before_an_older_answer_is_judged():
    for older in (RIGHT_EWA, WRONG_EWA):
        found = verdict("ewa", older, RIGHT_EWA.replace("beta):", "beta)", 1))
        assert found.cause == "syntax" and "still the older one" in found.sentence
    assert verdict("ewa", RIGHT_EWA, "print(ewa([1.0], 0.9)").passed, "a cell that makes no ewa"
    names = {"me": "Ada", "momentum_alpha": 1.0, "momentum_beta": 0.5}
    assert cause("momentum_settings", "momentum_alpha, momentum_beta = (1, 0.5", **names) == "syntax"
    assert cause("momentum_settings", "momentum_alpha == (1", **names) != "syntax"


def test_a_syntax_error_where_cells_are_not_kept():
    assert examine("ewa", {"__name__": "__main__"}, 0).cause == "not_done"
    for trap in (5, None, [1, None, "def ewa(:"], "def ewa(:"):
        assert examine("ewa", {"In": trap}, 0).cause in ("not_done", "syntax")


@pytest.mark.parametrize("name", ["Ewa", "EWA", "ewa1", "eewa"])
def test_another_spelling(name):
    found = verdict("ewa", RIGHT_EWA.replace("def ewa", f"def {name}"))
    assert (found.cause, name in found.sentence) == ("misspelled", True)


def test_another_exercise_is_no_other_spelling():
    assert verdict("ewa", RIGHT_EWA.replace("def ewa", "def ewa_corrected")).cause == "not_done"
    assert verdict("ewa_corrected", RIGHT_EWA).cause == "not_done"


@pytest.mark.parametrize(
    "line", ["ewa = 3.0", "ewa = ewa([1.0], 0.9)", "ewa = 'done'", "ewa = None", "ewa = True"]
)
def test_the_function_has_become_something_else(line):
    found = verdict("ewa", RIGHT_EWA, line)
    assert found.cause == "no_function" and "`ewa =`" in found.place


@pytest.mark.parametrize(
    "header", ["values", "beta", "", "values, beta, more", "values, *, beta", "beta, values"]
)
def test_wrong_arguments(header):
    found = verdict("ewa", RIGHT_EWA.replace("values, beta)", f"{header})", 1))
    assert found.cause == "arguments"
    assert "def ewa(values, beta):" in found.place


@pytest.mark.parametrize(
    "header", ["values, beta, more=1", "values, beta=0.9", "*args", "values, beta, **options"]
)
def test_arguments_that_will_do(header):
    first = "    values, beta = args\n" if header == "*args" else ""
    assert verdict("ewa", RIGHT_EWA.replace("values, beta):\n", f"{header}):\n{first}", 1)).passed


@pytest.mark.parametrize(
    "cell",
    [
        "from lesson_utils.averages import ewa",
        "from lesson_utils.averages import ewa as theirs\newa = theirs",
        "from functools import partial\nfrom lesson_utils.averages import ewa as a\newa = partial(a, bias_correction=False)",
        "from lesson_utils.averages import ewa as a\ndef ewa(values, beta):\n    return a(values, beta)",
        "def ewa(values, beta):\n    from lesson_utils.averages import ewa as a\n    return a(values, beta)",
        "import lesson_utils\ndef ewa(values, beta):\n    return lesson_utils.averages.ewa(values, beta)",
        "import lesson_utils.averages as la\ndef ewa(values, beta):\n    return list(la.ewa(values, beta))",
        "from lesson_utils import averages\newa = lambda values, beta: averages.ewa(values, beta)",
        "from lesson_utils.averages import ewa as a\ndef ewa(values, beta):\n    return [x for x in a(values, beta)]",
    ],
)
def test_imported_from_the_package(cell):
    assert verdict("ewa", cell).cause == "imported"


@pytest.mark.parametrize(
    ("exercise", "theirs", "returned"),
    [
        ("momentum_step", "optimizers import momentum_step as ms", "ms(w, v, dw, alpha, beta)"),
        ("initialize_velocity", "optimizers import initialize_velocity as iv", "iv(parameters)"),
        ("alpha_limit", "theory import stability_limit", "stability_limit(beta) / curvature"),
    ],
)
def test_borrowed_in_other_homework(exercise, theirs, returned):
    cell = function(HW2.headers[exercise], f"return {returned}")
    assert cause(exercise, f"from lesson_utils.{theirs}", cell) == "imported"


def test_what_the_text_allows_is_no_borrowing():
    step = "w, v = (w[0] - alpha * v[0], w[1] - alpha * v[1]), v"
    cell = f"""
import numpy as np
from lesson_utils.losses import LeastSquares
from lesson_utils.temperatures import load_temperatures
city = load_temperatures()
def train(x, y, batches, alpha, beta):
    w = v = np.zeros(2)
    for batch in batches:
        v = beta * v + (1 - beta) * np.array(LeastSquares(x[batch], y[batch]).gradient(w))
        {step}
        w = np.array(w)
    return w[0], w[1]
"""
    assert verdict("train", cell).passed


# --- a mistake that was made earlier --------------------------------------------------------------------------

BY_EWA = """def ewa_corrected(values, beta):
    return [v / (1 - beta ** t) for t, v in enumerate(ewa(values, beta), 1)]
"""


@pytest.mark.parametrize("earlier", [WRONG_EWA, "def ewa(values, beta):\n    ...\n"])
def test_a_wrong_earlier_function_is_told_first(earlier):
    found = verdict("ewa_corrected", earlier + BY_EWA)
    assert found.cause == "earlier" and not found.passed
    assert found.sentence == "your ewa_corrected calls your ewa, and ewa does not pass its own check yet."


def test_a_right_earlier_function_is_not_blamed():
    assert verdict("ewa_corrected", RIGHT_EWA + BY_EWA).passed
    assert verdict("ewa_corrected", RIGHT_EWA + BY_EWA.replace("beta **", "2 * beta **")).cause != "earlier"
    assert (
        verdict("ewa_corrected", WRONG_EWA + BY_EWA.replace("ewa(values, beta)", "values")).cause != "earlier"
    )


# --- stubs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "...  # your code here", '"""Average."""', '"""Average."""; ...', "return None", "return",
        "return ...", "raise NotImplementedError", "raise NotImplementedError('todo')",
    ],
)  # fmt: skip
def test_a_stub_is_not_done(line):
    found = ewa(line)
    assert (found.status, found.cause) == (OPEN, "not_done")


def test_what_does_something_is_no_stub():
    assert ewa("v = 0").cause == "nothing"
    assert ewa("values[0] * beta").cause == "nothing"
    assert not is_stub(len) and not is_stub(5)


# --- what a call comes to -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("print(values); return None", "printed"), ("class E(BaseException): pass; raise E", "raised"),
        ("raise KeyboardInterrupt", "raised"), ("raise GeneratorExit", "raised"),
        ("raise StopIteration", "raised"), ("raise MemoryError", "raised"),
        ("class E(Exception):;    def __str__(self): raise ValueError;raise E", "raised"),
        ("import sys; sys.exit()", "exit"), ("exit(0)", "exit"), ("raise SystemExit('x' * 10**6)", "exit"),
        ("return undefined", "name"), ("return ewa(values, beta)", "recursion"),
        ("return [float('inf')] * len(values)", "nan"), ("return 5.0", "values_ignored"),
        ("return [[1.0], [2.0, 3.0]]", "values_ignored"), ("return [list(values)]", "length"),
        ("a = []; a.append(a); return a", "length"), ("return np.zeros(10**6)", "length"),
        ("return np.broadcast_to(0.0, (10**9,))", "length"), ("return ['1.0'] * len(values)", "no_numbers"),
        ("return b'1'", "no_numbers"), ("return True", "no_numbers"),
        ("return [None] * len(values)", "no_numbers"), ("return print", "no_numbers"),
        ("yield 1.0", "no_numbers"), ("return map(float, values)", "no_numbers"),
        ("return object()", "no_numbers"), ("return [10**400] * len(values)", "no_numbers"),
        ("values += 1; return values", "in_place"), ("values[:] = list(values)[::-1]", "in_place"),
    ],
)  # fmt: skip
def test_whatever_the_function_does_its_mistake_is_named(line, expected):
    found = ewa(*re.split("; ?", line))
    assert (found.status, found.cause) == (WRONG, expected)
    assert 10 < len(found.sentence) < 320 and "\n" not in found.sentence
    assert found.place


@pytest.mark.parametrize(
    ("before", "line"),
    [
        ([1.0, 2.0], "x[0] = 3.0"), ([1.0, 2.0], "x.append(3.0)"), ([1.0, 2.0], "x.clear()"),
        ([[1.0], [2.0]], "x[1][0] = 5.0"), ({"w": np.ones(2)}, "x['w'] += 1"),
        ({"w": np.ones(2)}, "x['w'] = x['w'] * 2"), ({"w": np.ones(2)}, "x['w'] = x['w'].reshape(2, 1)"),
        ({"w": np.ones(2)}, "x['w'] = x['w'].astype('float32')"), ({"w": np.ones(2)}, "x['b'] = 0"),
        ({"w": np.ones(2)}, "del x['w']"), ({"w": np.ones(2)}, "x['w'] = None"),
        ({"w": [1.0, {"v": np.zeros((2, 2))}]}, "x['w'][1]['v'][0, 1] = 1"), (np.ones(3), "x[1] = 2"),
        (np.ones(3), "x *= 2"), (np.ones((2, 2)), "x[0] += 1"), (np.ones((2, 3)), "x.shape = (3, 2)"),
        (np.arange(3), "x.sort(); x[0] = -1"), ([np.ones(2)], "x[0] -= 1"),
        (np.array([1.0, float("nan")]), "x[1] = 0"),
    ],
)  # fmt: skip
def test_every_change_in_place_is_seen(before, line):
    kept = copy.deepcopy(before)
    assert not changed(before, kept)
    exec(line, {"x": before})
    assert changed(before, kept)


@pytest.mark.parametrize(
    "thing", [np.array([np.nan]), [float("nan")], {"a": (1, "b", None)}, np.float64("nan"), print, 3, "x"]
)
def test_what_stays_is_not_called_changed(thing):
    assert not changed(copy.deepcopy(thing), thing)


ENDLESS = {  # tests/test_guard.py has more of them
    "one line": ("while True: pass",),
    "with an except": ("while True:", "    try:", "        x = 1", "    except:", "        pass"),
    "printing": ("while True:", "    print('x' * 1000)"),
    "growing": ("values = list(values)", "for x in values:", "    values.append(x)"),
}


def learners():
    return [thread for thread in threading.enumerate() if thread.name in ("learner", "watchdog")]


def refuse(self):
    raise RuntimeError("can't start new thread")


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 never looks up inside such loops")
@pytest.mark.parametrize("lines", ENDLESS.values(), ids=ENDLESS)
def test_a_loop_that_does_not_end_is_stopped_and_gone(lines, hurried, capsys):
    assert ewa(*lines).cause == "endless"
    end = time.monotonic() + 60
    while learners() and time.monotonic() < end:
        time.sleep(0.01)
    assert learners() == []
    assert capsys.readouterr() == ("", "")


def test_where_threads_cannot_start_all_is_the_same(hurried, monkeypatch):
    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert verdict("ewa", RIGHT_EWA).passed
    assert verdict("ewa", WRONG_EWA).cause == "swapped"
    assert ewa("return ewa(values, beta)").cause == "recursion"
    assert ewa("import sys", "sys.exit()").cause == "exit"
    assert ewa(*ENDLESS["growing"]).cause == "endless"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how large a process is")
def test_a_list_that_grows_without_an_end_is_stopped_before_the_memory_is_full(monkeypatch):
    monkeypatch.setattr(guard.limits, "MOST_MEMORY", 50 << 20)
    found = ewa("kept = []", "while True:", "    kept.append([0.0] * 100)")
    assert found.cause == "endless"
    assert found.sentence == "your ewa was stopped: it took more and more memory, and did not end."


def test_an_endless_loop_costs_three_seconds(as_learners_have_it):
    found = ewa("while True:", "    pass")
    assert found.cause == "endless" and "within 3 seconds" in found.sentence


@pytest.mark.parametrize(
    "line",
    [
        "print('x' * 10**7)", "for i in range(10**4): print(i)", "import sys; sys.stderr.write('x' * 10**6)",
        "import sys; sys.stdout.write('x' * 10**6)", "import warnings; warnings.warn('x' * 10**5)",
    ],
)  # fmt: skip
def test_huge_output_is_swallowed(line, capsys):
    names = notebook(RIGHT_EWA.replace("    v, kept", f"    {line}\n    v, kept"))
    assert examine("ewa", names, 0).passed
    assert capsys.readouterr() == ("", "")


def test_output_comes_back_after_a_check(hurried):
    before = sys.stdout, sys.stderr
    for lines in ENDLESS["one line"], ("import sys", "sys.stdout = None", "return 1 / 0"):
        ewa(*lines)
    assert (sys.stdout, sys.stderr) == before


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("return values * 'a'", "" ),
        ("return [x for x in values][99]", "does not have"),
        ("return beta(1 - beta)", "`*` missing"),
        ("return 2 ^ beta", "two stars"),
        ("return [].append(1) + 1", "None"),
        ("return list(values) * beta", "whole list"),
        ("return {}['a']", "Print its keys"),
        ("return 1 / 0", "What is 0"),
        ("return len(beta)", "One number is treated"),
        ("return values.append(1)", "not of an array"),
        ("return list(values).size", "not of a list"),
        ("import math; return math.log(-1)", "larger than 0"),
        ("if values > 0: return 1", "whole array"),
        ("return values + [1.0, 2.0]", "different lengths"),
        ("return vee", "typo"),
        ("v += 1; return v", "before the loop"),
    ],
)  # fmt: skip
def test_an_error_is_told_with_the_place_it_mostly_comes_from(line, words):
    found = ewa(*line.split("; "))
    assert found.cause in ("raised", "name")
    assert "your ewa stopped with" in found.sentence and "of it)" in found.sentence
    assert words in found.place


def test_places_know_every_error():
    class StrangeError(Exception):
        def __str__(self):
            raise ValueError

    assert place_of(StrangeError()) == place_of(None) == place_of(OSError("x"))
    assert {f"raised/{name}" for _, _, name in PLACES} <= set(sentences())


# --- lies -----------------------------------------------------------------------------------------------------

LIARS = {
    "a list equal to everything": """
class Liar(list):
    def __eq__(self, other): return True
    def __len__(self): return 3
    def __iter__(self): return iter([0.1])
    def tolist(self): return [1.0, 2.9, 6.61]
""",
    "an array that converts itself": """
class Array(np.ndarray):
    def tolist(self): return [1.0, 2.9, 6.61]
    def __eq__(self, other): return True
    shape = property(lambda self: (3,))
def Liar(values): return np.array(values).view(Array)
""",
    "an object that raises everywhere": """
class Liar:
    def __init__(self, values): pass
    def __getattribute__(self, name): raise SystemExit
    def __float__(self): raise KeyError
    def __repr__(self): raise ValueError
    def __eq__(self, other): raise ValueError
    def __bool__(self): raise ValueError
""",
    "a converter that never ends": """
class Liar:
    def __init__(self, values): pass
    def tolist(self):
        while True: pass
""",
}


@pytest.mark.parametrize("liar", LIARS.values(), ids=LIARS)
@pytest.mark.parametrize("wrap", ["Liar(list(values))", "[Liar([x]) for x in values]"])
def test_an_object_that_lies_does_not_pass(liar, wrap, hurried):
    found = verdict("ewa", liar, body(f"return {wrap}"))
    assert found.status == WRONG and found.cause != "check_failed"


@pytest.mark.parametrize(
    "own",
    [
        "class L(list): pass",
        "class A(np.ndarray): pass\nL = lambda x: np.array(x).view(A)",
        "class L:\n    def __init__(self, x): self.x = x\n    def tolist(self): return self.x",
    ],
)
def test_a_right_answer_in_a_class_of_its_own_passes(own):
    assert verdict("ewa", own, RIGHT_EWA.replace("return kept", "return L(kept)")).passed


@pytest.mark.parametrize(
    "line",
    [
        "list = len = sum = float = print = isinstance = max = all = None",
        "import warnings; warnings.simplefilter('error')",
    ],
    ids=["names of Python's own", "warnings as errors"],
)
def test_what_a_notebook_overwrites_decides_nothing(line):
    """In a Python of its own: what is overwritten there stays."""
    code = f"""
import sys
{line}
from lesson_utils.checks import examine
for source in ({RIGHT_EWA!r}, {WRONG_EWA!r}):
    exec(source)
    found = examine("ewa", globals(), 7)
    sys.stdout.write(found.status + " " + found.cause + ";")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("right ;wrong swapped;", 0), done.stderr


def test_grade_does_not_ask_the_notebooks_check(capsys):
    names = notebook(WRONG_EWA, "check = lambda *a, **k: print('all right')\ngrade = lambda *a: 4")
    exec("from lesson_utils.checks import grade\nmarks = grade('ewa', 4)", names)
    assert names["marks"] == 0
    assert "✗ ewa" in capsys.readouterr().out


# --- check and grade ------------------------------------------------------------------------------------------


def call(code, *sources):
    """Run a line with check or grade in a notebook with these cells, and return its names."""
    names = notebook(*sources)
    exec("from lesson_utils.checks import check, grade\n" + code, names)
    return names


def test_check_prints_and_returns_nothing(capsys):
    call("assert check('ewa') is None", RIGHT_EWA)
    assert capsys.readouterr().out.startswith("✓ ewa: these checks pass. ")


def test_a_hint_comes_second(capsys):
    call("check('ewa')", WRONG_EWA)
    first = capsys.readouterr().out
    assert first.startswith("✗ ewa: the two weights look swapped") and "Look here" not in first
    assert 'check("ewa", hint=True)' in first
    call("check('ewa', hint=True)", WRONG_EWA)
    second = capsys.readouterr().out
    assert "Look here: When β is close to 1" in second


def test_check_inside_a_function_finds_the_notebook(capsys):
    call("def look():\n    check('ewa')\nlook()", RIGHT_EWA)
    assert "✓" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ("ewa", 'in quotation marks: check("ewa")'), ("'ewaa'", 'Did you mean check("ewa")?'),
        ("'xyz'", "There are: ewa, ewa_corrected"), ("['ewa']", "quotation marks"), ("5", "quotation marks"),
        ("None", "quotation marks"), ("'x' * 10**6", "There is no exercise"), ("{}", "quotation marks"),
    ],
)  # fmt: skip
def test_a_name_that_is_no_exercise(argument, words, capsys):
    call(f"check({argument})", RIGHT_EWA)
    out = capsys.readouterr().out
    assert words in out and len(out) < 500


def test_grade_gives_all_marks_or_none(capsys):
    assert call("marks = grade('ewa', 4)", RIGHT_EWA)["marks"] == 4
    assert call("marks = grade('ewa', 4)", WRONG_EWA)["marks"] == 0
    assert call("marks = grade('ewa', 4)")["marks"] == 0
    out = capsys.readouterr().out
    assert "✓" in out and "Look here" in out and "not done yet" in out


def test_grading_twice_is_the_same(capsys):
    wrong_somehow = body("return [x * 0.5 for x in values]")
    call("grade('ewa', 4)", wrong_somehow)
    first = capsys.readouterr().out
    call("grade('ewa', 4)", wrong_somehow)
    assert capsys.readouterr().out == first


@pytest.mark.parametrize(
    "error", [ValueError("ours"), RecursionError(), SystemExit(), ZeroDivisionError(), KeyError("x")]
)
def test_a_mistake_of_ours_is_a_sentence(error, monkeypatch, capsys):
    def broken(notebook, random):
        raise error

    monkeypatch.setitem(EXERCISES, "ewa", broken)
    found = verdict("ewa", RIGHT_EWA)
    assert (found.status, found.cause) == (OPEN, "check_failed")
    assert call("marks = grade('ewa', 4)", RIGHT_EWA)["marks"] == 0
    call("check('ewa')", RIGHT_EWA)
    out = capsys.readouterr()
    assert "could not look at your answer" in out.out and out.err == ""


def test_the_readers_own_stop_comes_through(monkeypatch):
    def stopped(notebook, random):
        raise KeyboardInterrupt

    monkeypatch.setitem(EXERCISES, "ewa", stopped)
    with pytest.raises(KeyboardInterrupt):
        verdict("ewa", RIGHT_EWA)


# --- a copy of the process ---------------------------------------------------------------------------------------

COPIES = pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux only")


@COPIES
def test_a_loop_inside_of_c_is_ended(monkeypatch):
    monkeypatch.setattr(sys.modules[apart.__module__], "IDLE", 0.05)
    monkeypatch.setattr(sys.modules[apart.__module__], "ENOUGH", 0.05)
    with pytest.raises(TimeoutError):
        apart(lambda: sum(range(10**12)), 1.0)


@COPIES
def test_what_a_check_says_when_the_answer_is_held(hurried, monkeypatch, capsys):
    monkeypatch.setattr(sys.modules[apart.__module__], "IDLE", 0.05)
    monkeypatch.setattr(sys.modules[apart.__module__], "ENOUGH", 0.05)
    names = notebook(body("return [sum(range(10**12))]"))
    exec("from lesson_utils.checks import check, grade\ncheck('ewa')\nmarks = grade('ewa', 4)", names)
    said = capsys.readouterr().out
    assert said.count("✗ ewa: this check was ended: your answer did not come to an end within") == 2
    assert names["marks"] == 0


@COPIES
def test_what_the_copy_changes_is_lost_and_what_it_finds_is_not():
    kept = []
    assert apart(lambda: (kept.append(1), os.getpid())[1]) != os.getpid()
    assert kept == []


@COPIES
def test_a_check_answers_where_no_process_can_be_copied_or_many_files_are_open(monkeypatch, capsys):
    import resource

    names, (soft, hard) = notebook(RIGHT_EWA), resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 2000)), hard))
    files = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]  # `select` knows the first 1,024
    try:
        exec("from lesson_utils.checks import check\ncheck('ewa')", names)
    finally:
        for file in files:
            os.close(file)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    def refused():
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(os, "fork", refused)
    before = set(os.listdir("/proc/self/fd"))
    exec("check('ewa')", names)
    assert capsys.readouterr().out.count("✓ ewa") == 2
    assert len(os.listdir("/proc/self/fd")) == len(before)


@COPIES
def test_a_copy_that_comes_to_compute_too_little_may_go_on(monkeypatch):
    module = sys.modules[apart.__module__]
    monkeypatch.setattr(
        module, "_computed", lambda process: 0.5
    )  # as on a machine that is busy with other things
    assert apart(lambda: time.sleep(0.5) or "done", 0.2) == "done"


@COPIES
def test_what_a_process_has_computed_is_what_its_clock_says():
    assert abs(sys.modules[apart.__module__]._computed(os.getpid()) - time.process_time()) < 0.5


@COPIES
def test_a_copy_that_only_waits_is_no_verdict_and_the_work_is_done_here():
    original = os.getpid()
    assert apart(lambda: "here" if os.getpid() == original else time.sleep(1000), 0.5) == "here"


@COPIES
@pytest.mark.parametrize("ending", ["os._exit(0)", "os.kill(os.getpid(), 9)"])
def test_an_answer_that_ends_python_ends_a_copy_only(ending, capsys):
    names = notebook(body("import os", ending, "return values"))
    exec("from lesson_utils.checks import check\ncheck('ewa')", names)
    assert "something in it ends Python itself" in capsys.readouterr().out


# --- verdicts and numbers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, 1), (1.5, 1.5), (True, True), ("a", "a"), (None, None),
        (np.float32(1.5), 1.5), (np.int64(3), 3), (np.bool_(True), True), (np.longdouble(2), 2.0), (np.str_("a"), "a"),
        (np.arange(3), [0, 1, 2]), (np.ones((1, 2)), [[1.0, 1.0]]), (np.array(2.0), 2.0), ((1, [2.0]), (1, [2.0])),
        ({"w": np.ones(1)}, {"w": [1.0]}), (range, None),
    ],
)  # fmt: skip
def test_plain(value, expected):
    got = plain(value)
    if expected is None and value is not None:
        assert repr(got) == "a type"
    else:
        assert got == expected and type(got) is type(expected)


def test_plain_has_its_limits():
    with pytest.raises(TooMuch):
        plain([0.0] * 10**6)
    endless = []
    endless.append(endless)
    with pytest.raises(TooMuch):
        plain(endless)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(5, ()), ([1, 2], (2,)), ([[1, 2], [3, 4]], (2, 2)), ([[1], [2, 3]], None), ([1, [2]], None), ([], (0,)),
     ((1.0, 2.0), (2,)), (((1, 2), (3, 4)), (2, 2))],
)  # fmt: skip
def test_shape(value, expected):
    assert shape(value) == expected


def test_near():
    assert near([1.0, 2.0], [1, 2]) and near([0.1, 20.0001], [0.1, 20.0])
    assert not near([1.0], []) and not near([1, 2], [1, 2, 3]) and not near([1, 2.001], [1, 2])
    assert not near([float("nan")], [1.0]) and not near([float("inf")], [1.0])
    assert near([float("inf")], [float("inf")]) and near([float("nan")], [float("nan")])
    assert near([1e-12], [0.0], scale=1.0) and not near([1e-3], [0.0], scale=1.0)
    assert not finite([1.0, float("nan")]) and not finite("a") and finite([1, 2])


def test_formatted():
    assert formatted([-1.0, 2.5]) == "−1, 2.5"
    assert formatted([0.1, 0.2, 0.3, 0.4, 0.5]) == "0.1, 0.2, 0.3, 0.4, …"
    assert formatted("text") == "'text'" and formatted([]) == "an empty list"
    assert len(formatted("x" * 500)) == 60


def test_a_sentence_file_is_read_line_by_line(tmp_path, monkeypatch):
    file = tmp_path / "sentences.txt"
    file.write_text(
        "# a comment\none: first\n  goes on.\n  ? Look\n  there.\n\n? Shared\n  place.\ntwo/a b: {x} is: so.\nthree: last.\n"
        "  ? Own place.\n\nfour: alone.\n",
        encoding="utf-8",
    )
    monkeypatch.setattr("lesson_utils.checks.verdict.SENTENCES", file)
    assert sentences.__wrapped__() == {
        "one": ("first goes on.", "Look there."),
        "two/a b": ("{x} is: so.", "Shared place."),
        "three": ("last.", "Own place."),
        "four": ("alone.", ""),
    }
