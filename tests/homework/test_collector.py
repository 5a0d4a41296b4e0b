"""What the collector makes of the names of handed-in files; nbgrader's own Python runs it."""

import json
import subprocess
import unicodedata

import pytest

from tests.notebook_files import ROOT

PROGRAM = """
import json, sys
from grading import Collector
one = Collector(named_regexp=r".*/extracted/(?P<student_id>[^/_]+)_(?P<file_id>[^/]+)$")
print(json.dumps([one.collect("/x/extracted/" + file) for file in sys.argv[1:]]))
"""
NAMES = {  # of a file: the student's, and the file's
    "rar_hw.rar": ("rar", "hw.rar"),
    "ups_hw.IPYNB": ("ups", "hw.IPYNB"),
    "ups_hw.ipynb": ("ups", "hw (2).ipynb"),
    ".DS_Store": None,
    unicodedata.normalize("NFD", "zoé_hw.ipynb"): ("zoé", "hw.ipynb"),
}


@pytest.mark.line("change")
def test_every_kind_of_file_is_collected_and_an_id_is_one_however_it_is_written(teacher):
    command = [teacher, "-c", PROGRAM, *NAMES]
    done = subprocess.run(command, cwd=ROOT / "homework", capture_output=True, text=True, check=True)
    found = [info and (info["student_id"], info["file_id"]) for info in json.loads(done.stdout)]
    assert found == list(NAMES.values())
