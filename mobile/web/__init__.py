"""What the app needs of a web page: its builder, its service worker, the files of its store, keyboard and sound."""
