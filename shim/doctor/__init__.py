"""`vcshim doctor`: what may keep an installation from working, and how to put it right.

`checks.py` is the table of what is looked at; each check is a row with a function that yields findings (`finding.py`).
Nothing here changes anything, and nothing is sent. For the command alone; hosts do not import it.
"""
