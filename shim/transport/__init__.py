"""One POST to a platform and the body of its answer. It knows no JSON and no method; the service sees `base` only."""
