"""Child processes of the devices: ends them with the host."""
