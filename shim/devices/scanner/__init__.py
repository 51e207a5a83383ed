"""The scanner: `base.py` is the interface, `pick.py` the choice, `driver.py` one scan; the rest are its parts."""
