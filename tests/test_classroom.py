"""A class on a JupyterHub: the benchmark really starts one, and what teacher/classroom.md says is what was measured."""

import json
import os
import re
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from lesson_utils.stage import Stage
from teacher.class_links import class_link
from tests.conftest import cannot
from tests.readme import arguments, command
from workshop.benchmarks.classroom import COLUMNS, table
from workshop.benchmarks.student import Asking, Watch
from workshop.environments import made
from workshop.files import LESSONS, ROOT
from workshop.links import repository
from workshop.second_starts import second_start

PAGE = (ROOT / "teacher" / "classroom.md").read_text(encoding="utf-8")
VALUES = yaml.safe_load((ROOT / "teacher" / "values.yaml").read_text(encoding="utf-8"))
MEASURED = json.loads((ROOT / "teacher" / "classroom_measured.json").read_text(encoding="utf-8"))
CLASSES = {int(count): pair for count, pair in MEASURED["classes"].items()}
UNITS = {"M": 2**20, "G": 2**30}


def mb(size):
    """Return a size as Kubernetes and tljh-config write it in MB."""
    return float(size[:-1]) * UNITS[size[-1]] / 1e6


@pytest.mark.line("change")
@pytest.mark.xdist_group("hub")
@pytest.mark.timeout(900)
@pytest.mark.skipif(os.name == "nt", reason="JupyterHub does not run on Windows")
def test_the_command_starts_a_hub_and_prints_its_table():
    for name in (".venv-hub", ".venv-hub-proxy"):
        try:
            made(name)
        except (RuntimeError, OSError, subprocess.TimeoutExpired) as problem:
            cannot(f"No JupyterHub here: {problem}")
    run = [*arguments(command("For a class on a JupyterHub").split(" && ")[-1]), "--short"]
    done = subprocess.run(run, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    for told in re.findall("^JupyterHub is started again: .*", done.stderr, re.MULTILINE):
        second_start("JupyterHub", told)
    head, *lines = done.stdout.splitlines()[1:]
    assert [name for name in COLUMNS if name not in head] == []
    usual, ours, ratios, shared = lines
    for row in (usual, ours):
        numbers = re.findall(r"\d+(?:\.\d)?", row.split("figure" if row is usual else "Explorer")[1])
        assert len(numbers) >= 8, row  # a Mac knows no PSS
        assert float(numbers[-7]) > 0 and float(numbers[-5]) > 0, "a figure came, and ticks were measured"
    assert numbers[-2:] == ["0", "30"], "each position of our slider was shown"
    assert "x / " in ratios and "MB" in shared


def test_every_position_waits_for_its_own_picture_or_a_newer_one(monkeypatch):
    now = iter([0.0, 1.0, 2.0, 5.0, 5.5, 9.0])
    monkeypatch.setattr("workshop.benchmarks.student.clock", lambda: next(now))
    watch = Watch()
    for number in (1, 2, 3):
        watch.moved(number)
    watch.shown(2)
    assert watch.waits == [5.0, 4.5] and not watch.settled
    watch.shown(1)  # a late answer shows nothing newer
    assert watch.give_up() == 1 and watch.waits == [5.0, 4.5, 7.0]
    watch.shown(3)  # too late: it has been counted
    assert len(watch.waits) == 3


@pytest.mark.line("change")
def test_frames_are_asked_for_in_advance_over_a_slow_link_and_not_in_a_busy_class():
    """The page's own rule, as the students of the benchmark have it."""
    far, busy = Asking(), Asking()
    for i in range(60):
        far.answered(0.150 + 0.004 * (i % 3))
        busy.answered(0.060 if i % 10 == 0 else 0.250)
    assert (far.most, busy.most) == (4, 1)


def test_the_pages_table_is_what_was_measured():
    shown = PAGE.split("<!-- measured -->\n")[1].split("<!-- end of measured -->")[0]
    assert shown == table(MEASURED)


def test_twenty_students_keep_to_the_limits():
    pair = CLASSES[20]
    assert pair["ours"]["p95"] <= pair["usual"]["p95"] / 5
    assert pair["ours"]["pss"] <= pair["usual"]["pss"]
    assert pair["ours"]["lost"] == 0


def test_memory_in_the_settings_covers_what_was_measured():
    most = max(pair["ours"]["pss"] for pair in CLASSES.values())
    memory = VALUES["singleuser"]["memory"]
    assert 1.2 * most <= mb(memory["guarantee"]) <= 1.6 * most
    assert 3 * most <= mb(memory["limit"]) <= 2000
    assert memory["guarantee"] != memory["limit"]
    assert VALUES["singleuser"]["cpu"]["guarantee"] == pytest.approx(2 / 20)
    assert re.search(r"limits\.memory (\S+)", PAGE)[1] == memory["limit"]
    assert re.search(r"cull\.timeout (\d+)", PAGE)[1] == str(VALUES["cull"]["timeout"])
    assert VALUES["singleuser"]["image"]["name"] in PAGE


def test_each_size_of_machine_is_large_enough():
    rows = re.findall(r"^\| (\d+) \| (\d+) GB \| (\d+) \|$", PAGE, re.MULTILINE)
    assert len(rows) >= 3
    each, shared = mb(VALUES["singleuser"]["memory"]["guarantee"]), MEASURED["shared"]["pss"]
    for students, gigabytes, cores in rows:
        assert int(gigabytes) * 1000 >= int(students) * each + shared + 1000, "1 GB for the system"
        assert int(cores) >= int(students) / 10


@pytest.mark.parametrize("hub", ["https://hub.school.org", "https://hub.school.org/base/"])
def test_a_link_is_as_nbgitpuller_reads_it(hub):
    path = LESSONS[3].relative_to(ROOT).as_posix()
    link = urlsplit(class_link(hub, path, branch="main"))
    assert link.geturl().startswith(hub.rstrip("/") + "/hub/user-redirect/git-pull?")
    wanted = parse_qs(link.query, strict_parsing=True)
    folder = repository().rsplit("/", 1)[1]
    assert wanted == {"repo": [repository()], "branch": ["main"], "urlpath": [f"lab/tree/{folder}/{path}"]}


@pytest.mark.parametrize("hub", ["hub.school.org", "https://", "https://hub.school.org?a=1"])
def test_what_is_no_address_of_a_hub_is_refused(hub):
    with pytest.raises(ValueError, match=r"hub=.*allowed is"):
        class_link(hub, "notebooks/x.ipynb")


def test_a_link_is_printed_for_each_lesson_and_homework():
    run = [sys.executable, "-m", "teacher.class_links", "https://hub.school.org"]
    done = subprocess.run(run, capture_output=True, text=True, cwd=ROOT, check=True)
    lines = done.stdout.splitlines()
    homework = sorted((ROOT / "notebooks" / "homework").glob("hw*.ipynb"))
    assert [line.split(": ")[0] for line in lines] == [path.name for path in (*LESSONS, *homework)]
    assert all(line.split("%2F")[-1] == line.split(": ")[0] for line in lines)
    assert ".venv/bin/python -m teacher.class_links https://YOUR-HUB" in PAGE


def test_the_page_says_what_the_figure_says():
    script = Stage._esm
    said = re.findall(r'"([A-Z][^"]*[.;…:]) ?"?', PAGE.split("## What happens when")[1])
    assert len(said) >= 5
    assert [words for words in said if words.rstrip("…").rstrip() not in script] == []
