"""Backups: the whole database in one portable file, from which either kind of database can be filled again.

    tables/<table>.jsonl      one row a line, as a JSON object, in the order of the primary key
    photos/ab/<sha256>        the bytes of photographs, by their hash
    mumen-backup.json         the manifest: format, revision of the database's migrations, server epoch, time, and for
                              each table its number of rows and the SHA-256 of its file

It is a zip. What a line says does not depend on the database: times and amounts are numbers, JSON columns are JSON.
`dump` reads a database in one snapshot, `write` makes the archive of it piece by piece, `files` puts it on a disk,
`read` checks it, `restore` fills a database from it.
"""
