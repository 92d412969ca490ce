"""Labels and their printers: what is printed, by which printer and how far, copied or revoked."""
