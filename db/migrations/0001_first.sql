-- The journal: what was said, kept for ever.  Triggers refuse every change and deletion.

CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

-- A container is what carried entries here: the keyboard ('local'), a package of our own, a package received, or a
-- unit's submission that a package carried on.  Its digest is the SHA-256 of its sig1.xml.
CREATE TABLE container (
  seq INTEGER PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  origin TEXT NOT NULL CHECK (origin IN ('local', 'own', 'package', 'forwarded')),
  unit TEXT NOT NULL,
  issuer TEXT NOT NULL,
  certificate TEXT NOT NULL,
  purpose TEXT NOT NULL,
  addressee TEXT NOT NULL,
  plan TEXT NOT NULL,
  period TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  code TEXT NOT NULL,
  arrived TEXT NOT NULL,
  file TEXT NOT NULL,
  state TEXT NOT NULL,
  notes TEXT NOT NULL,
  entries INTEGER NOT NULL,
  fresh INTEGER NOT NULL,
  known INTEGER NOT NULL,
  conflicting INTEGER NOT NULL,
  refused INTEGER NOT NULL
);
CREATE INDEX container_unit ON container (unit, period);

-- The signed parts of a container, byte for byte, so that it can be carried on (sig1.xml, payload.json).
CREATE TABLE container_part (
  container INTEGER NOT NULL REFERENCES container (seq) DEFERRABLE INITIALLY DEFERRED,
  name TEXT NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (container, name)
) WITHOUT ROWID;

-- A segment is one journal file of a container, or one line typed here.
CREATE TABLE segment (
  seq INTEGER PRIMARY KEY,
  container INTEGER NOT NULL REFERENCES container (seq) DEFERRABLE INITIALLY DEFERRED,
  name TEXT NOT NULL,
  lines BLOB NOT NULL
);
CREATE INDEX segment_container ON segment (container);

-- Where each entry's bytes lie; clustered by subject, so that a unit's entries are written side by side.
CREATE TABLE entry (
  subject TEXT NOT NULL,
  id BLOB NOT NULL,
  kind TEXT NOT NULL,
  unit TEXT NOT NULL,
  n INTEGER NOT NULL,
  replaces BLOB NOT NULL,
  segment INTEGER NOT NULL,  -- segment.seq; a foreign key would have SQLite search all entries at each new segment
  start INTEGER NOT NULL,
  length INTEGER NOT NULL,
  PRIMARY KEY (subject, id)
) WITHOUT ROWID;

-- An entry may have come by several containers; it counts while one of them stands.
CREATE TABLE origin (
  subject TEXT NOT NULL,
  id BLOB NOT NULL,
  container INTEGER NOT NULL REFERENCES container (seq) DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (subject, id, container)
) WITHOUT ROWID;

CREATE INDEX origin_container ON origin (container);

CREATE TRIGGER container_kept BEFORE DELETE ON container BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER container_fixed BEFORE UPDATE ON container BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER container_part_kept BEFORE DELETE ON container_part BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER container_part_fixed BEFORE UPDATE ON container_part BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER segment_kept BEFORE DELETE ON segment BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER segment_fixed BEFORE UPDATE ON segment BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER entry_kept BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER entry_fixed BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER origin_kept BEFORE DELETE ON origin BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER origin_fixed BEFORE UPDATE ON origin BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

-- Beside the journal: bytes of evidence and sealed records that are here, and files that were set aside.

CREATE TABLE file (
  sha256 TEXT PRIMARY KEY,
  size INTEGER NOT NULL,
  sealed INTEGER NOT NULL,
  arrived TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE sealed_record (
  hash TEXT PRIMARY KEY,
  blob BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE set_aside (
  digest TEXT PRIMARY KEY,
  file TEXT NOT NULL,
  path TEXT NOT NULL,
  state TEXT NOT NULL,
  rule INTEGER NOT NULL,
  reason TEXT NOT NULL,
  next_step TEXT NOT NULL,
  unit TEXT NOT NULL,
  period TEXT NOT NULL,
  arrived TEXT NOT NULL
) WITHOUT ROWID;

-- The ledger: computed from the journal in the same transaction; can be thrown away and rebuilt.

CREATE TABLE head (
  subject TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  owner TEXT NOT NULL,
  id BLOB NOT NULL,
  n INTEGER NOT NULL,
  heads INTEGER NOT NULL,
  unit TEXT NOT NULL,
  operator TEXT NOT NULL,
  at TEXT NOT NULL,
  body TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX head_kind ON head (kind, owner);

CREATE TABLE refused (
  subject TEXT NOT NULL,
  id BLOB NOT NULL,
  why TEXT NOT NULL,
  PRIMARY KEY (subject, id)
) WITHOUT ROWID;

-- Values are in millionths, exact for up to six decimals; `month` is year * 12 + month of the period's end.
CREATE TABLE figure (
  plan TEXT NOT NULL,
  indicator TEXT NOT NULL,
  area TEXT NOT NULL,
  month INTEGER NOT NULL,
  period TEXT NOT NULL,
  value INTEGER NOT NULL,
  denominator INTEGER,
  heads INTEGER NOT NULL,
  proxy INTEGER NOT NULL,
  PRIMARY KEY (plan, indicator, area, month, period)
) WITHOUT ROWID;

CREATE TABLE verdict (
  plan TEXT NOT NULL,
  indicator TEXT NOT NULL,
  area TEXT NOT NULL,
  month INTEGER NOT NULL,
  period TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  verdict TEXT NOT NULL,
  current INTEGER NOT NULL,
  seen INTEGER,
  value INTEGER,
  denominator INTEGER,
  comment TEXT NOT NULL,
  operator TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (plan, indicator, area, month, period, reviewer)
) WITHOUT ROWID;

CREATE TABLE site_quantity (
  indicator TEXT NOT NULL,
  area TEXT NOT NULL,
  subject TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  completed TEXT NOT NULL,
  PRIMARY KEY (indicator, area, subject)
) WITHOUT ROWID;
CREATE INDEX site_quantity_subject ON site_quantity (subject);

CREATE TABLE evidence_about (
  about TEXT NOT NULL,
  subject TEXT NOT NULL,
  PRIMARY KEY (about, subject)
) WITHOUT ROWID;
CREATE INDEX evidence_about_subject ON evidence_about (subject);
