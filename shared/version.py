"""Which version of the program this is; the server, the app and the package say the same."""

VERSION = "0.1.0"
