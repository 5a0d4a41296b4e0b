"""Rehearse what Binder does with the committed state, without Docker.

    python -m workshop.benchmarks.binder                  one lesson
    python -m workshop.benchmarks.binder --all            every lesson and homework
    python -m workshop.benchmarks.binder --clone FOLDER   another checkout, or the address of a repository

repo2docker prints the Dockerfile for a clean clone. Its COPY and RUN lines that concern the project are replayed
in a fresh environment with the base packages that Binder pins. The server is then started as Binder starts it,
and notebooks run through its API. The table says what the project adds to Binder's base. On the way three mistakes
are made on purpose, and each must be noticed. For Linux.
"""

import argparse
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from workshop.benchmarks.image import Image, RehearsalError, base, clone, dockerfile, run, steps
from workshop.files import ROOT
from workshop.links import notebooks


@contextmanager
def changed(path, change):
    """Write a file anew as `change` gives its text, and put it back at the end."""
    before = path.read_bytes()
    path.write_bytes(change(before.decode()).encode())
    try:
        yield
    finally:
        path.write_bytes(before)


def noticed(mistake, action, *arguments):
    """Print what the rehearsal says of a mistake. RehearsalError: it says nothing."""
    try:
        action(*arguments)
    except RehearsalError as problem:
        print(f"noticed: {mistake}: {problem}")
    else:
        raise RehearsalError(f"not noticed: {mistake}")


def without(word):
    """Return a function that leaves out the lines of a text which hold `word`."""
    return lambda text: "".join(line for line in text.splitlines(keepends=True) if word not in line)


def line_ends(image, lines):
    """Build with CRLF in postBuild, and notice it."""
    with changed(image.folder / "src/binder/postBuild", lambda text: text.replace("\n", "\r\n")):
        noticed("CRLF in postBuild", image.replay, lines)


def not_importable(image, lines, served, path):
    """Build without installing the package, and notice it in a lesson."""
    image.lose("rolling-downhill")
    with changed(image.folder / "src/binder/postBuild", without("pip install")):
        image.replay(lines)
        noticed("package not importable", run, served, path)


def missing_requirement(image, lines):
    """Build without a requirement, and notice it."""
    image.lose("matplotlib")
    with changed(image.folder / "src/binder/requirements.txt", without("matplotlib")):
        noticed("a requirement is missing", image.replay, lines)


def rehearse(source, paths):
    """Print what is noticed and the table for the committed state of `source`; return whether the base stays."""
    with tempfile.TemporaryDirectory() as folder:
        text = dockerfile(clone(source, Path(folder) / "src"))
        image, lines = Image(Path(folder), text), steps(text)
        if image.version != base(text)[0]:
            print(f"Python {base(text)[0]}, which Binder takes, is not on this machine")
        late = lines[lines.index(("COPY", "src/ ${REPO_DIR}/")) :]
        seconds = image.replay(lines[: -len(late)])
        line_ends(image, late)
        seconds += image.replay(late)
        rows = table(image, seconds, paths)
        with image.server() as served:
            for path in paths:
                run(served, path)
            not_importable(image, late, served, paths[0])
        missing_requirement(image, lines)
    print("\n".join(f"{name:<24}{value}" for name, value in rows.items()))
    return rows["base packages changed"] == "none"


def table(image, seconds, paths):
    """Return what the project adds to Binder's base, by name."""
    now = image.packages()
    added = sorted(set(now) - set(image.base))
    changed = [
        f"{name} {was} → {now.get(name, 'gone')}" for name, was in image.base.items() if now.get(name) != was
    ]
    return {
        "Python": image.version,
        "packages of the base": len(image.base),
        "packages added": f"{len(added)}: {', '.join(added)}",
        "base packages changed": ", ".join(changed) or "none",
        "MB added": f"{image.added_size() / 1e6:.0f}",
        "seconds added": f"{seconds:.1f}",
        "notebooks run": f"{len(paths)}: {', '.join(Path(path).stem for path in paths)}",
    }


def main():
    """Rehearse, and print a table or the sentence that says what fails."""
    parser = argparse.ArgumentParser(description="Rehearse what Binder does with the committed state.")
    parser.add_argument("--all", action="store_true", help="run every lesson and homework, and not only one")
    parser.add_argument(
        "--clone", default=ROOT, metavar="FOLDER", help="a checkout or a repository's address"
    )
    given = parser.parse_args()
    lessons, homework = notebooks()
    try:
        return int(not rehearse(given.clone, lessons + homework if given.all else lessons[:1]))
    except (RehearsalError, RuntimeError) as problem:
        print(problem)
        return 1


if __name__ == "__main__":
    sys.exit(main())
