"""The extension screen of VC 3.3: `base.py` is the interface, `pick.py` the choice, `driver.py` its thread."""
