"""The subcommands of `mumen`, one a module."""
