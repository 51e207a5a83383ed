"""The devices of a workstation: scanner, extension screen, label printer and auto-fill, a package each."""
