"""Settings that all PCs of a hospital take from one file: fetched, proven, looked through, kept, looked for again.

The file is an ini with a head of comments (`document`); it is fetched from a path or a URL (`source`), taken or refused
(`take`), and the last good one is kept on each PC (`store`), where shim/configuration.py reads it as the weakest layer.
`watch` is the thread that does so from time to time. Nothing here is imported by a host whose settings name no source.
"""
