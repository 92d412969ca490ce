"""HTTP endpoints for devices and integrations: thin, they only translate."""
