-- Files that were merged, by the SHA-256 of their bytes and of the roots that were pinned then, so that the same file
-- again need not be read again.  Beside the journal: it may be emptied at any time, and merging is only slower.

CREATE TABLE known_file (
  sha256 BLOB PRIMARY KEY,
  told BLOB NOT NULL
) WITHOUT ROWID;
