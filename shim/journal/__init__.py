"""The list of calls on this PC, without patients' data, by which unknown outcomes are reconciled."""
