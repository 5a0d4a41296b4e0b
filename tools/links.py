"""Where the course lives on the web, from the one place that says so: [project.urls] in pyproject.toml."""

import re
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
UNKNOWN = "OWNER/REPOSITORY"


def repository():
    """Return the repository as OWNER/REPOSITORY."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    found = re.search(r'^Repository = "https://github\.com/([^"/]+/[^"/]+?)/?"$', text, re.MULTILINE)
    return found[1] if found else UNKNOWN


def binder(notebook):
    """Return the address that opens a notebook, such as "notebooks/04_momentum.ipynb", on Binder."""
    return f"https://mybinder.org/v2/gh/{repository()}/HEAD?urlpath=/lab/tree/{quote(notebook)}"
