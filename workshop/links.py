"""The links that open the notebooks on Binder.

The repository's address stands in one place, pyproject.toml under [project.urls]. README.md and
notebooks/README.md hold the links between two comments; `python -m workshop.lists` writes them anew.
"""

import re
import sys
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

from workshop.files import ROOT

UNKNOWN = "https://github.com/OWNER/REPOSITORY"  # what stands there until the repository has an address
BEGIN, END = "<!-- binder links, by python -m workshop.lists -->", "<!-- end of binder links -->"
BETWEEN = re.compile(f"(?<={re.escape(BEGIN)}\n).*?(?={re.escape(END)})", re.DOTALL)


def repository(root=ROOT):
    """Return the repository's address, such as "https://github.com/OWNER/REPOSITORY"."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project["urls"]["Repository"].rstrip("/")


def binder(notebook, root=ROOT):
    """Return the link that opens a notebook on Binder.

    notebook: its path from the top of the repository, such as "notebooks/04_momentum.ipynb".
    ValueError: the repository is not on GitHub, or the notebook is not there.
    """
    address, path = repository(root), Path(notebook).as_posix()
    found = re.fullmatch(r"https://github\.com/([\w.-]+/[\w.-]+?)(\.git)?", address)
    if not found:
        raise ValueError(f"Repository={address!r}: allowed is https://github.com/OWNER/REPOSITORY")
    if not (root / path).is_file():
        raise ValueError(f"notebook={path!r}: allowed are the notebooks, from the top of the repository")
    return f"https://mybinder.org/v2/gh/{found[1]}/HEAD?urlpath=/lab/tree/{path}"


def notebooks(root=ROOT):
    """Return the paths of the lessons and of the homeworks, from the top of the repository, in order."""
    found = [root.glob("notebooks/[0-9][0-9]_*.ipynb"), root.glob("notebooks/homework/hw*.ipynb")]
    return [[path.relative_to(root).as_posix() for path in sorted(paths)] for paths in found]


def lines(root=ROOT):
    """Return what a page says between the comments: a line of links for the lessons, one for the homework."""
    lessons, homework = (
        " · ".join(f"[{number}]({binder(path, root)})" for number, path in enumerate(paths, 1))
        for paths in notebooks(root)
    )
    return f"Lessons on Binder: {lessons}\n\nHomework on Binder: {homework}\n"
