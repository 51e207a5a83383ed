"""The label printer of VC 3.4: `base.py` is the interface, `pick.py` the choice, `driver.py` one label."""
