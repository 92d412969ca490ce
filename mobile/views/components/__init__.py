"""What several screens share: chips, tiles, the bar at the top."""
