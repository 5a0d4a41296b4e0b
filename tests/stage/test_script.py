"""The browser's half of the stage, as far as it can be looked at without a browser."""

import shutil
import subprocess

import pytest

from tests.notebook_files import ROOT

NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None, reason="Node.js is not installed")
@pytest.mark.parametrize("more", ["", "\nconst SVG = 1;\n"])
def test_it_is_javascript(tmp_path, more):
    """A name declared twice leaves every figure blank."""
    script = tmp_path / "stage.mjs"
    text = (ROOT / "lesson_utils/stage/stage.js").read_text(encoding="utf-8")
    script.write_text(text + more, encoding="utf-8")
    done = subprocess.run([NODE, "--check", script], capture_output=True, text=True, check=False)
    assert (done.returncode != 0) == bool(more), done.stderr
