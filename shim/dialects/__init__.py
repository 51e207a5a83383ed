"""What goes over the wire and how: dialects as data, sealing and opening, and one module for each DLL. No I/O."""
