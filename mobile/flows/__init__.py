"""What people do at a device, one after the other: each flow owns its screens and what was chosen on them."""
