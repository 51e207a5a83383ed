"""Opens a file of ours in the default browser. Not a command."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def open_in_browser(path: Path) -> bool:
    """Whether the system has taken the page; what it does with it is not known."""
    if sys.platform == "win32":
        try:
            os.startfile(path)
        except OSError:
            return False
        return True
    import webbrowser

    return webbrowser.open(path.as_uri())
