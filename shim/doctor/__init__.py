"""`vcshim doctor`: what may keep an installation from working, and how to put it right.

`checks.py` is the table of what is looked at; each check is a row with a function that yields findings (`finding.py`).
Nothing here changes anything: a platform gets a GET, a scanner the command that switches its light off, a printer its
status query. What was found becomes a page (`page.py`) and a zip for support (`bundle.py`). For the command alone;
hosts do not import it.
"""
