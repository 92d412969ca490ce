"""The floor as the office sees it: pieces, racks, photographs, scans, and what waits for a decision."""
