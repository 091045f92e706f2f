/// The access store's schema in SQLite's dialect.
enum SQLiteAccessSchema {
    /// Marks the file as an access store of this program ("TZCA").
    static let applicationID: Int64 = 0x545A_4341

    /// All steps, oldest first.
    static let migrations: [Migration] = [
        Migration(number: 1, name: "accounts, events, consents, grants, clients, keys, alerts", statements: people + events + programs),
        Migration(number: 2, name: "erasures of persons", statements: erasures),
        Migration(number: 3, name: "contracts of programs", statements: ["ALTER TABLE clients ADD COLUMN contract_until INTEGER"]),
        Migration(number: 4, name: "pages that embed verifications", statements: ["ALTER TABLE clients ADD COLUMN origins TEXT NOT NULL DEFAULT ''"]),
    ]

    private static let erasures = [
        """
        CREATE TABLE erasures (
          number INTEGER PRIMARY KEY,
          at INTEGER NOT NULL UNIQUE,
          reason TEXT NOT NULL,
          removed_at INTEGER
        ) STRICT
        """,
        """
        CREATE TABLE erased_records (
          delivery INTEGER NOT NULL,
          row INTEGER NOT NULL,
          erasure INTEGER NOT NULL REFERENCES erasures (number),
          PRIMARY KEY (delivery, row)
        ) STRICT, WITHOUT ROWID
        """,
    ]

    private static let people = [
        """
        CREATE TABLE accounts (
          number INTEGER PRIMARY KEY,
          login TEXT NOT NULL UNIQUE,
          name TEXT NOT NULL,
          body TEXT NOT NULL,
          roles TEXT NOT NULL,
          subject BLOB,
          state TEXT NOT NULL CHECK (state IN ('proposed', 'active', 'suspended', 'closed')),
          password TEXT NOT NULL,
          must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),
          password_set INTEGER NOT NULL,
          second_factor BLOB,
          last_counter INTEGER NOT NULL,
          failures INTEGER NOT NULL,
          locked_until INTEGER,
          created INTEGER NOT NULL,
          proposed_by TEXT NOT NULL,
          approved_by TEXT,
          CHECK (state = 'proposed' OR approved_by IS NOT NULL)
        ) STRICT
        """,
        """
        CREATE TABLE consents (
          number INTEGER PRIMARY KEY,
          subject BLOB NOT NULL,
          recipient TEXT NOT NULL,
          purpose TEXT NOT NULL,
          items TEXT NOT NULL,
          starts INTEGER NOT NULL,
          ends INTEGER NOT NULL,
          text_version TEXT NOT NULL,
          given_by TEXT NOT NULL,
          given INTEGER NOT NULL,
          revoked INTEGER,
          CHECK (starts < ends)
        ) STRICT
        """,
        "CREATE INDEX consents_by_subject ON consents (subject)",
        "CREATE INDEX consents_by_recipient ON consents (recipient)",
        """
        CREATE TABLE region_grants (
          number INTEGER PRIMARY KEY,
          body TEXT NOT NULL,
          region TEXT NOT NULL,
          reason TEXT NOT NULL,
          ends INTEGER NOT NULL,
          proposed_by TEXT NOT NULL,
          approved_by TEXT,
          approved INTEGER,
          CHECK (approved_by IS NULL OR approved_by <> proposed_by)
        ) STRICT
        """,
    ]

    /// `subject_events` holds, for each subject, how many events there were and the leaf of the last: what the next one links to.
    private static let events = [
        """
        CREATE TABLE access_events (
          position INTEGER PRIMARY KEY,
          at INTEGER NOT NULL,
          action TEXT NOT NULL,
          allowed INTEGER NOT NULL CHECK (allowed IN (0, 1)),
          actor TEXT NOT NULL,
          actor_name TEXT NOT NULL,
          role TEXT NOT NULL,
          body TEXT NOT NULL,
          address TEXT NOT NULL,
          channel TEXT NOT NULL,
          subject BLOB,
          items TEXT NOT NULL,
          purpose TEXT NOT NULL,
          case_number TEXT NOT NULL,
          consent INTEGER,
          detail TEXT NOT NULL,
          subject_count INTEGER,
          previous TEXT,
          salt BLOB
        ) STRICT
        """,
        "CREATE INDEX access_events_by_subject ON access_events (subject, position) WHERE subject IS NOT NULL",
        "CREATE INDEX access_events_by_time ON access_events (at)",
        """
        CREATE TABLE subject_events (
          subject BLOB PRIMARY KEY,
          looks INTEGER NOT NULL,
          leaf TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE alerts (
          number INTEGER PRIMARY KEY,
          rule TEXT NOT NULL,
          about TEXT NOT NULL,
          day INTEGER NOT NULL,
          text TEXT NOT NULL,
          raised INTEGER NOT NULL,
          finding TEXT,
          closed_by TEXT,
          closed INTEGER,
          UNIQUE (rule, about, day)
        ) STRICT
        """,
    ]

    private static let programs = [
        """
        CREATE TABLE row_salts (
          delivery INTEGER PRIMARY KEY,
          salts BLOB NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE clients (
          id TEXT PRIMARY KEY,
          name TEXT NOT NULL,
          body TEXT NOT NULL,
          scopes TEXT NOT NULL,
          public_key TEXT NOT NULL,
          daily_quota INTEGER NOT NULL,
          active INTEGER NOT NULL CHECK (active IN (0, 1)),
          created INTEGER NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE used_assertions (
          client TEXT NOT NULL,
          id TEXT NOT NULL,
          ends INTEGER NOT NULL,
          PRIMARY KEY (client, id)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE data_keys (
          id INTEGER PRIMARY KEY,
          body TEXT NOT NULL,
          year INTEGER NOT NULL,
          wrapped BLOB,
          UNIQUE (body, year)
        ) STRICT
        """,
    ]
}
