"""virtualcard-shim: an open, drop-in replacement for VirtualCardChk.dll and NationECCode.dll.

Importing this package has no side effects and costs nothing; the layers are drawn in CONTRIBUTING.md.
"""

__version__ = "0.2.0"
