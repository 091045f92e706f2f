package import Identifiers

/// Where a delivery stands: received → committed or refused; committed → withdrawn. Nothing else is possible.
package enum DeliveryState: String, Sendable, CaseIterable {
    /// The bytes are stored and a receipt was given; the rows are not yet in the archive.
    case received
    /// Every row ended accepted or rejected, and the accepted ones are in the archive.
    case committed
    /// The file as a whole could not be read (encoding, header, format); no row entered.
    case refused
    /// The provider took the whole delivery back; history keeps what was known before.
    case withdrawn

    /// The name people see.
    package var name: String {
        switch self {
        case .received: "已接收"
        case .committed: "已入库"
        case .refused: "未受理"
        case .withdrawn: "已撤回"
        }
    }

    /// Whether this state may follow `self`.
    func mayBecome(_ next: DeliveryState) -> Bool {
        switch (self, next) {
        case (.received, .committed), (.received, .refused), (.committed, .withdrawn): true
        default: false
        }
    }
}

/// The way a delivery came in.
package enum DeliveryChannel: String, Sendable, CaseIterable {
    case commandLine, web, api

    /// The name people see.
    package var name: String {
        switch self {
        case .commandLine: "命令行"
        case .web: "网页上传"
        case .api: "接口"
        }
    }
}

/// A file as it arrives, before it has a number.
package struct NewDelivery: Sendable, Hashable {
    package var resource: String
    package var resourceVersion: Int
    package var provider: String
    package var fileName: String
    /// The sniffed kind, such as `csv` or `xlsx`.
    package var fileKind: String
    package var byteCount: Int64
    /// 64 hexadecimal digits: SM3 over the raw bytes.
    package var digest: String
    package var channel: DeliveryChannel
    package var submitter: String?
    package var received: Instant

    /// A file as it arrives.
    package init(
        resource: String, resourceVersion: Int, provider: String, fileName: String, fileKind: String,
        byteCount: Int64, digest: String, channel: DeliveryChannel, submitter: String? = nil, received: Instant
    ) {
        self.resource = resource
        self.resourceVersion = resourceVersion
        self.provider = provider
        self.fileName = fileName
        self.fileKind = fileKind
        self.byteCount = byteCount
        self.digest = digest
        self.channel = channel
        self.submitter = submitter
        self.received = received
    }
}

/// How the rows of a delivery ended. `rows = accepted + rejected`, always.
package struct DeliveryTotals: Sendable, Hashable {
    /// Data rows in the file.
    package var rows: Int
    /// Rows that entered, the suspended and the doubtful ones among them.
    package var accepted: Int
    /// Accepted rows with a name but no sound identifier (疑似): kept, out of every figure.
    package var suspended: Int
    /// Accepted rows that the source is asked to look at again (疑问).
    package var doubtful: Int
    /// Rows sent back.
    package var rejected: Int
    /// Accepted rows that repeat what was known byte for byte, where that was counted.
    package var unchanged: Int?
    /// SM3 of the file of returned rows, 64 hexadecimal digits; nil where an earlier program counted only.
    package var rejectionsDigest: String?

    /// Totals of a delivery; a new one has none.
    package init(
        rows: Int = 0, accepted: Int = 0, suspended: Int = 0, doubtful: Int = 0, rejected: Int = 0,
        unchanged: Int? = nil, rejectionsDigest: String? = nil
    ) {
        self.rows = rows
        self.accepted = accepted
        self.suspended = suspended
        self.doubtful = doubtful
        self.rejected = rejected
        self.unchanged = unchanged
        self.rejectionsDigest = rejectionsDigest
    }

    /// Whether the totals can be those of one file.
    var isBalanced: Bool {
        rows == accepted + rejected && accepted >= 0 && rejected >= 0 && (0...accepted).contains(suspended)
            && (0...accepted).contains(doubtful)
    }
}

/// One file, form or API push of one resource by one provider, with its number and what became of it.
package struct Delivery: Sendable, Hashable {
    /// From 1, given by the registry, never given twice.
    package var number: UInt32
    package var resource: String
    package var resourceVersion: Int
    package var provider: String
    package var fileName: String
    package var fileKind: String
    package var byteCount: Int64
    /// 64 hexadecimal digits: SM3 over the raw bytes.
    package var digest: String
    package var channel: DeliveryChannel
    package var submitter: String?
    package var received: Instant
    package var state: DeliveryState
    /// When the platform came to know the rows; nil until committed, kept when withdrawn.
    package var known: Instant?
    /// The day as of which the rows were checked; nil until committed, and for deliveries of an earlier program.
    package var checkedOn: CivilDate?
    package var totals: DeliveryTotals
    /// Why the file was refused as a whole, in Chinese.
    package var fault: String?
    package var refusedAt: Instant?
    package var withdrawnAt: Instant?
    package var withdrawalReason: String?
    /// When the records of a withdrawn delivery were erased: since then no view shows them, of whatever time.
    package var erasedAt: Instant?

    package var rows: Int { totals.rows }
    package var accepted: Int { totals.accepted }
    package var suspended: Int { totals.suspended }
    package var doubtful: Int { totals.doubtful }
    package var rejected: Int { totals.rejected }
    package var unchanged: Int? { totals.unchanged }
}

extension Delivery {
    static let columns = """
        number, resource, resource_version, provider, file_name, file_kind, byte_count, digest, channel, submitter, \
        received, state, known, checked_on, row_count, accepted, suspended, doubtful, rejected, unchanged, \
        rejections_digest, fault, refused_at, withdrawn_at, withdrawal_reason, \
        erased_at
        """

    init(row: SQLRow) throws(RegistryFault) {
        guard let channel = DeliveryChannel(rawValue: try row.text("channel")) else {
            throw RegistryFault(.unreadable(column: "channel"))
        }
        guard let state = DeliveryState(rawValue: try row.text("state")) else {
            throw RegistryFault(.unreadable(column: "state"))
        }
        self.init(
            number: try row.integer("number"), resource: try row.text("resource"),
            resourceVersion: try row.integer("resource_version"), provider: try row.text("provider"),
            fileName: try row.text("file_name"), fileKind: try row.text("file_kind"),
            byteCount: try row.integer("byte_count"), digest: try row.text("digest"), channel: channel,
            submitter: try row.textIfPresent("submitter"), received: try row.instant("received"), state: state,
            known: try row.instantIfPresent("known"), checkedOn: try row.dateIfPresent("checked_on"),
            totals: DeliveryTotals(
                rows: try row.integer("row_count"), accepted: try row.integer("accepted"),
                suspended: try row.integer("suspended"), doubtful: try row.integer("doubtful"),
                rejected: try row.integer("rejected"), unchanged: try row.integerIfPresent("unchanged"),
                rejectionsDigest: try row.textIfPresent("rejections_digest")),
            fault: try row.textIfPresent("fault"), refusedAt: try row.instantIfPresent("refused_at"),
            withdrawnAt: try row.instantIfPresent("withdrawn_at"),
            withdrawalReason: try row.textIfPresent("withdrawal_reason"), erasedAt: try row.instantIfPresent("erased_at"))
    }
}

extension SQLRow {
    /// An instant stored as milliseconds.
    func instant(_ column: String) throws(RegistryFault) -> Instant {
        Instant(milliseconds: try integer(column))
    }

    /// An instant stored as milliseconds, or nil for null.
    func instantIfPresent(_ column: String) throws(RegistryFault) -> Instant? {
        guard let milliseconds: Int64 = try integerIfPresent(column) else { return nil }
        return Instant(milliseconds: milliseconds)
    }

    /// A civil date stored as days, or nil for null.
    func dateIfPresent(_ column: String) throws(RegistryFault) -> CivilDate? {
        guard let day: Int32 = try integerIfPresent(column) else { return nil }
        return CivilDate(day: day)
    }
}

extension SQLValue {
    static func instant(_ value: Instant?) -> SQLValue { .integer(value?.milliseconds) }
    static func date(_ value: CivilDate?) -> SQLValue { .integer(value?.day) }
}
