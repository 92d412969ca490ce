"""The app for the people who touch doors: the same code in a browser and on a station PC."""
