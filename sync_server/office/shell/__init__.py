"""What every page stands in: frame, languages, looks, sessions, forms, and what is said when something fails."""
