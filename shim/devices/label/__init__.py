"""The label printer of VC 3.4: `base.py` is the interface, `pick.py` the choice, `driver.py` one label.

What is printed: `content.py`, `layout.py` (where it stands), `drawing.py` (its dots). How: a `PrintMethod`, either
`raw.py`, which sends the bytes of a printer language (`languages.py`, `encoders.py`, `statuses.py`) over a line, or
`gdi.py`, which prints a page by a driver of Windows.
"""
