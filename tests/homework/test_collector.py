"""What the collector makes of the names of handed-in files; nbgrader's own Python runs it."""

import json
import subprocess
import unicodedata

import pytest

from tests.notebook_files import ROOT

pytestmark = pytest.mark.line("change")
PROGRAM = """
import json, sys
sys.path.insert(0, sys.argv[1])
from grading import Collector
one = Collector(named_regexp=r".*/extracted/(?P<student_id>[^/_]+)_(?P<file_id>[^/]+)$")
print(json.dumps([one.collect("/x/extracted/" + file) for file in sys.argv[2:]]))
"""


def test_every_kind_of_file_is_collected_and_an_id_is_one_however_it_is_written(teacher):
    files = [
        "rar_hw.rar",
        "ups_hw.IPYNB",
        "ups_hw.ipynb",
        ".DS_Store",
        unicodedata.normalize("NFD", "zoé_hw.ipynb"),
    ]
    done = subprocess.run(
        [teacher, "-c", PROGRAM, str(ROOT / "homework"), *files], capture_output=True, text=True, check=True
    )
    found = [info and (info["student_id"], info["file_id"]) for info in json.loads(done.stdout)]
    assert found == [
        ("rar", "hw.rar"),
        ("ups", "hw.IPYNB"),
        ("ups", "hw (2).ipynb"),
        None,
        ("zoé", "hw.ipynb"),
    ]
