"""Helper processes of the devices: started without a window, ended with the host.

`process.py` starts and ends one, `job.py` is the host's side of ending with the host, `parent.py` the helper's. Not
what a helper does: that is its device's.
"""
