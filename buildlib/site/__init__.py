"""`build_dll.py site`: docs/ as pages to read in a browser, in dist/site; and vcshim/help.html of a set.

MkDocs has the navigation, the templates and the files; what stands in a page is made by render.py, which reads Markdown
as GitHub does, and links.py, which knows every page and every place in it. help_file.py makes one file of the guides.
"""

from __future__ import annotations

import sys
from pathlib import Path

from buildlib import console, environment
from buildlib.layout import DIST, ROOT

CONFIGURATION = ROOT / "mkdocs.yml"
FOLDER = DIST / "site"


def run(folder: Path = FOLDER) -> int:
    """Build the site. Failed names every link that leads nowhere."""
    environment.ensure("site", "help")
    words: list[str | Path] = [
        "-m",
        "mkdocs",
        "build",
        "--strict",
        "--quiet",
        "--config-file",
        CONFIGURATION,
        "--site-dir",
        folder,
    ]
    console.run([environment.python(), *words], cwd=ROOT)
    pages = len(list(folder.rglob("*.html")))
    console.say(f"{_shown(folder)}: {pages} pages, begin with {_shown(folder / 'index.html')}")
    return 0


def _shown(path: Path) -> Path:
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


if __name__ == "__main__":
    sys.exit(run(*map(Path, sys.argv[1:])))
