"""Auto-fill of VC 3.5: `base.py` is the interface, `pick.py` the choice, `driver.py` one fill.

A back end is a `Keyboard`: `sendinput.py` and `messages.py` on Windows, which share `focus.py`; `xtest.py` on Linux,
over `x11.py`. `last_code.py` holds what is typed.
"""
