"""Auto-fill of VC 3.5: `base.py` is the interface, `pick.py` the choice, `driver.py` one fill."""
