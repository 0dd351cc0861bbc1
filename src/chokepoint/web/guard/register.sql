-- What the web desk itself remembers. Ids of sessions, links and keys are kept as SHA-256 alone; times are Unix seconds.

CREATE TABLE IF NOT EXISTS secrets (
  name  TEXT PRIMARY KEY,
  value BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS sessions (
  id           BLOB PRIMARY KEY,
  organisation TEXT NOT NULL,
  person       TEXT NOT NULL,
  made         INTEGER NOT NULL,
  seen         INTEGER NOT NULL,
  purpose      TEXT NOT NULL DEFAULT '',
  how          TEXT NOT NULL
) WITHOUT ROWID;

-- Links that sign somebody in once.
CREATE TABLE IF NOT EXISTS links (
  id           BLOB PRIMARY KEY,
  organisation TEXT NOT NULL,
  person       TEXT NOT NULL,
  until        INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS passwords (
  organisation TEXT NOT NULL,
  person       TEXT NOT NULL,
  hash         TEXT NOT NULL,
  PRIMARY KEY (organisation, person)
) WITHOUT ROWID;

-- Failed ways in, to slow down whoever guesses.
CREATE TABLE IF NOT EXISTS failures (
  whose TEXT NOT NULL,
  at    INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS failures_whose ON failures (whose, at);

CREATE TABLE IF NOT EXISTS api_keys (
  id           BLOB PRIMARY KEY,
  prefix       TEXT NOT NULL UNIQUE,
  organisation TEXT NOT NULL,
  person       TEXT NOT NULL,
  label        TEXT NOT NULL,
  scopes       TEXT NOT NULL,
  made         INTEGER NOT NULL,
  until        INTEGER NOT NULL,
  used         INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS passkeys (
  id           BLOB PRIMARY KEY,
  organisation TEXT NOT NULL,
  person       TEXT NOT NULL,
  public       BLOB NOT NULL,
  count        INTEGER NOT NULL,
  label        TEXT NOT NULL,
  made         INTEGER NOT NULL
) WITHOUT ROWID;

-- What a browser was asked to sign, once, by the hash of the cookie that it shows.
CREATE TABLE IF NOT EXISTS challenges (
  id        BLOB PRIMARY KEY,
  challenge BLOB NOT NULL,
  until     INTEGER NOT NULL
) WITHOUT ROWID;

-- Sign-ins on their way to a provider and back, by the hash of their state; what they carry is sealed with it.
CREATE TABLE IF NOT EXISTS journeys (
  id       BLOB PRIMARY KEY,
  cookie   BLOB NOT NULL,
  provider TEXT NOT NULL,
  goal     TEXT NOT NULL,
  who      TEXT NOT NULL,
  carried  BLOB NOT NULL,
  until    INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS journeys_until ON journeys (until);

-- Which subject of which provider is who here: to the letter, each pair one person.
CREATE TABLE IF NOT EXISTS subjects (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  issuer       TEXT NOT NULL,
  subject      TEXT NOT NULL,
  organisation TEXT NOT NULL,
  person       TEXT NOT NULL,
  made         INTEGER NOT NULL,
  UNIQUE (issuer, subject)
);

-- What people brought in by the web, and what became of it, for some days. A person is shown their own alone.
CREATE TABLE IF NOT EXISTS gatherings (
  number       INTEGER PRIMARY KEY AUTOINCREMENT,
  id           TEXT NOT NULL UNIQUE,
  organisation TEXT NOT NULL,
  person       TEXT NOT NULL,
  names        TEXT NOT NULL,
  options      TEXT NOT NULL,
  state        TEXT NOT NULL,
  made         INTEGER NOT NULL,
  beat         INTEGER NOT NULL,
  account      TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS gatherings_whose ON gatherings (organisation, person, number);
