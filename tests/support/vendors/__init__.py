"""The made-up vendors of tests/native/vendors: what each does, its platform, and calls for it."""
