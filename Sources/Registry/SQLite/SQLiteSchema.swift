/// The registry's schema in SQLite's dialect.
enum SQLiteSchema {
    /// Marks the file as a registry of this program ("TZCR").
    static let applicationID: Int64 = 0x545A_4352

    /// All steps, oldest first.
    static let migrations: [Migration] = [
        Migration(number: 1, name: "deliveries and organisations", statements: deliveries + organisations),
        Migration(number: 2, name: "what repeats a delivery's work", statements: repeating),
        Migration(number: 3, name: "erased deliveries", statements: erasing),
        Migration(number: 4, name: "the log of records", statements: ledger),
        Migration(number: 5, name: "listings", statements: listings),
        Migration(number: 6, name: "industries", statements: ["ALTER TABLE organisation_facts ADD COLUMN industry TEXT"]),
        Migration(number: 7, name: "steps of persons who are erased", statements: erasedSteps),
    ]

    /// Steps of listings, never changed; and which subjects the records of lists are about.
    private static let listings = [
        """
        CREATE TABLE listing_steps (
          number INTEGER PRIMARY KEY,
          procedure INTEGER NOT NULL,
          list TEXT NOT NULL,
          subject BLOB NOT NULL,
          record TEXT,
          kind TEXT NOT NULL,
          day INTEGER NOT NULL,
          document TEXT NOT NULL,
          text TEXT NOT NULL,
          ground TEXT,
          actor TEXT NOT NULL,
          body TEXT NOT NULL,
          at INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX listing_steps_by_subject ON listing_steps (subject, list)",
        "CREATE INDEX listing_steps_by_procedure ON listing_steps (procedure)",
        "CREATE TRIGGER listing_steps_stay BEFORE UPDATE ON listing_steps BEGIN SELECT RAISE(ABORT, 'steps are never changed'); END",
        "CREATE TRIGGER listing_steps_remain BEFORE DELETE ON listing_steps BEGIN SELECT RAISE(ABORT, 'steps are never removed'); END",
        """
        CREATE TABLE listed_subjects (
          delivery INTEGER NOT NULL REFERENCES deliveries (number),
          subject BLOB NOT NULL,
          PRIMARY KEY (delivery, subject)
        ) STRICT, WITHOUT ROWID
        """,
    ]

    /// Steps stay but for those of a subject whose erasure is under way; that they went, and up to which number there had been steps, is kept.
    private static let erasedSteps = [
        "CREATE TABLE step_erasures (number INTEGER PRIMARY KEY, subject BLOB, last INTEGER NOT NULL) STRICT",
        "DROP TRIGGER listing_steps_remain",
        """
        CREATE TRIGGER listing_steps_remain BEFORE DELETE ON listing_steps
        WHEN NOT EXISTS (SELECT 1 FROM step_erasures WHERE subject = OLD.subject)
        BEGIN SELECT RAISE(ABORT, 'steps are never removed'); END
        """,
    ]

    /// Events that the log of records has leaves of: one, and `leaf_count` of rows behind it.
    private static let ledger = [
        """
        CREATE TABLE ledger_entries (
          first INTEGER PRIMARY KEY,
          leaf_count INTEGER NOT NULL CHECK (leaf_count >= 0),
          kind TEXT NOT NULL,
          delivery INTEGER,
          text TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX ledger_entries_by_delivery ON ledger_entries (delivery)",
    ]

    /// When the records of a withdrawn delivery were given up, null while earlier views still show them; and when the archive had
    /// removed the last of them.
    private static let erasing = [
        "ALTER TABLE deliveries ADD COLUMN erased_at INTEGER",
        "ALTER TABLE deliveries ADD COLUMN removed_at INTEGER",
    ]

    /// The digest of the returned rows, and the day as of which the rows were checked; null for deliveries of version 1.
    private static let repeating = [
        "ALTER TABLE deliveries ADD COLUMN rejections_digest TEXT",
        "ALTER TABLE deliveries ADD COLUMN checked_on INTEGER",
    ]

    /// Instants are milliseconds since 1970 UTC, dates are days since 1970-01-01, months are year × 100 + month of the
    /// knowledge time in Asia/Shanghai.
    private static let deliveries = [
        """
        CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID
        """,
        """
        INSERT INTO counters (name, value)
        VALUES ('delivery', 0), ('organisation', 0), ('organisationName', 0), ('nameIndexRemovals', 0)
        """,
        """
        CREATE TABLE deliveries (
          number INTEGER PRIMARY KEY,
          resource TEXT NOT NULL,
          resource_version INTEGER NOT NULL,
          provider TEXT NOT NULL,
          file_name TEXT NOT NULL,
          file_kind TEXT NOT NULL,
          byte_count INTEGER NOT NULL CHECK (byte_count >= 0),
          digest TEXT NOT NULL,
          channel TEXT NOT NULL,
          submitter TEXT,
          received INTEGER NOT NULL,
          state TEXT NOT NULL CHECK (state IN ('received', 'committed', 'refused', 'withdrawn')),
          known INTEGER,
          known_month INTEGER,
          row_count INTEGER NOT NULL DEFAULT 0,
          accepted INTEGER NOT NULL DEFAULT 0,
          suspended INTEGER NOT NULL DEFAULT 0,
          doubtful INTEGER NOT NULL DEFAULT 0,
          rejected INTEGER NOT NULL DEFAULT 0,
          unchanged INTEGER,
          fault TEXT,
          refused_at INTEGER,
          withdrawn_at INTEGER,
          withdrawal_reason TEXT,
          CHECK (row_count = accepted + rejected),
          CHECK (suspended <= accepted AND doubtful <= accepted),
          CHECK ((state IN ('committed', 'withdrawn')) = (known IS NOT NULL)),
          CHECK ((state = 'refused') = (fault IS NOT NULL)),
          CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL))
        ) STRICT
        """,
        """
        CREATE UNIQUE INDEX deliveries_same_bytes ON deliveries (provider, resource, digest)
        WHERE state IN ('received', 'committed')
        """,
        "CREATE INDEX deliveries_by_provider ON deliveries (provider, number)",
        "CREATE INDEX deliveries_by_resource ON deliveries (resource, number)",
        "CREATE INDEX deliveries_by_state ON deliveries (state, number)",
    ]

    /// `organisation_facts` is what deliveries said and is only appended to; `organisations` and `organisation_names`
    /// are today's view of it, rebuilt from it whenever a delivery is withdrawn. `organisation_codes` and
    /// `organisation_identifiers` only lead to where something may be found; tables of their own take a delivery's
    /// rows sorted, which a second index on a table cannot.
    private static let organisations = [
        """
        CREATE TABLE organisations (
          id INTEGER PRIMARY KEY,
          key BLOB NOT NULL UNIQUE,
          standing INTEGER NOT NULL CHECK (standing BETWEEN 0 AND 2),
          with_records INTEGER NOT NULL CHECK (with_records IN (0, 1)),
          delivery INTEGER NOT NULL,
          name TEXT NOT NULL,
          uscc TEXT,
          registration_number TEXT,
          organisation_code TEXT,
          region TEXT
        ) STRICT
        """,
        """
        CREATE TABLE organisation_codes (
          code TEXT NOT NULL,
          organisation INTEGER NOT NULL,
          PRIMARY KEY (code, organisation)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE organisation_facts (
          organisation INTEGER NOT NULL REFERENCES organisations (id),
          delivery INTEGER NOT NULL REFERENCES deliveries (number),
          row_number INTEGER NOT NULL,
          registered INTEGER NOT NULL CHECK (registered IN (0, 1)),
          name TEXT NOT NULL,
          uscc TEXT,
          registration_number TEXT,
          organisation_code TEXT,
          status TEXT,
          region TEXT,
          category TEXT,
          legal_representative TEXT,
          established INTEGER,
          effective INTEGER,
          former_names TEXT,
          PRIMARY KEY (organisation, delivery)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX organisation_facts_by_delivery ON organisation_facts (delivery, organisation)",
        """
        CREATE TABLE organisation_names (
          id INTEGER PRIMARY KEY,
          organisation INTEGER NOT NULL REFERENCES organisations (id),
          tier INTEGER NOT NULL CHECK (tier IN (0, 1)),
          is_current INTEGER NOT NULL CHECK (is_current IN (0, 1)),
          name TEXT NOT NULL,
          folded TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX organisation_names_by_organisation ON organisation_names (organisation)",
        "CREATE INDEX organisation_names_by_folded ON organisation_names (tier, folded)",
        """
        CREATE VIRTUAL TABLE organisation_name_index USING fts5 (
          pairs, content = '', columnsize = 0, detail = full,
          tokenize = "ascii tokenchars '!#$%&()*+,-./:;<=>?@[\\]^_`{|}~""'''"
        )
        """,
        """
        INSERT INTO organisation_name_index (organisation_name_index, rank) VALUES ('hashsize', 33554432)
        """,
        """
        CREATE TABLE organisation_aliases (
          identifier BLOB NOT NULL,
          subject BLOB NOT NULL,
          delivery INTEGER NOT NULL REFERENCES deliveries (number),
          row_number INTEGER NOT NULL,
          contested INTEGER NOT NULL CHECK (contested IN (0, 1)),
          PRIMARY KEY (identifier, subject, delivery)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE organisation_identifiers (
          subject BLOB NOT NULL,
          identifier BLOB NOT NULL,
          PRIMARY KEY (subject, identifier)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE INDEX organisation_aliases_contested ON organisation_aliases (delivery, row_number) WHERE contested = 1
        """,
        """
        CREATE TABLE organisation_counts (
          region TEXT NOT NULL,
          registered INTEGER NOT NULL,
          with_records INTEGER NOT NULL,
          count INTEGER NOT NULL,
          PRIMARY KEY (region, registered, with_records)
        ) STRICT, WITHOUT ROWID
        """,
    ]
}
