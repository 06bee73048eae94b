-- What the figures come to in an area at a month's end, so that the city's board need not add up every township's:
-- the sums of all indicators ('sums'), and the lights of all tasks ('lights').  A row is struck out in the same
-- transaction in which anything it rests on changes, and made again when it is next asked for: it may be missing at any
-- time, and is never out of date.

CREATE TABLE area_sum (
  area TEXT NOT NULL,
  month INTEGER NOT NULL,
  plan TEXT NOT NULL,
  what TEXT NOT NULL,
  told BLOB NOT NULL,
  PRIMARY KEY (area, month, plan, what)
) WITHOUT ROWID;
