"""The pages are valid HTML, as html-validate sees it."""

import json
import shutil
import subprocess

import pytest

from tests.site.building import had
from workshop.environments import made


@pytest.fixture
def validate(tmp_path):
    """Return a function that hands files to the validator and returns what it finds wrong."""
    folder = had("html-validate", made, ".venv-html-validate") / "html-validate"
    settings = tmp_path / ".htmlvalidate.json"
    settings.write_text('{"root": true, "extends": ["html-validate:recommended"]}')

    def run(*paths):
        script = folder / "bin/html-validate.mjs"
        command = [
            shutil.which("node"),
            script,
            "--config",
            settings,
            "--formatter",
            "json",
            *map(str, paths),
        ]
        # Into a file: the validator ends before a pipe has taken all of it.
        with (tmp_path / "found.json").open("w") as out:
            subprocess.run(command, stdout=out, check=False)
        results = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
        return [
            f"{one['filePath']}:{message['line']}: {message['ruleId']}: {message['message']}"
            for one in results
            for message in one["messages"]
        ]

    return run


def test_all_pages_are_valid(site, validate, tmp_path):
    bad = tmp_path / "bad.html"
    bad.write_text("<!DOCTYPE html>\n<html><p><img src=x></html>", encoding="utf-8")
    found = validate(site / "index.html", site / "open.html", *sorted((site / "read").glob("*.html")), bad)
    assert any("wcag/h37" in line for line in found), "a picture without words must be found"
    assert [line for line in found if "bad.html" not in line] == []
