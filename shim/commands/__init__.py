"""The commands of `vcshim`, one to a file: HELP, arguments(parser) and run(options) -> exit code. They may print."""
