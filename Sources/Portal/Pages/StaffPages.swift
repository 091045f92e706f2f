/// 工作台: what came in lately, and where to begin.
struct StaffHomePage: Page {
    static let templates = ["staff-home"]
    var shell: Shell
    var counts: [CountTile]
    var cutoff: String
    /// The latest deliveries.
    var lines: [DeliveryLine]
    var hasRecent: Bool
    /// The reader deals with deliveries.
    var mayDeliver: Bool
    /// Nil for who may not look persons up.
    var person: PersonForm?
}

/// The form that finds a natural person by the full number. It posts, so that the number stands in no address and no log.
struct PersonForm: Sendable {
    var token: String
    var kinds: [Choice]
    var message: Notice?
}

/// 自然人查询 on its own, with what went wrong.
struct PersonPage: Page {
    static let templates = ["person"]
    var shell: Shell
    var person: PersonForm?
}

/// A delivery as a line of a list.
struct DeliveryLine: Sendable {
    var number: String
    var href: String
    var resource: String
    var provider: String
    var fileName: String
    var received: String
    var state: Tag
    var rows: String
    var accepted: String
    var rejected: String
    /// Set if rows were rejected.
    var rejectionsHref: String?
}

/// 报送批次, filtered.
struct DeliveriesPage: Page {
    static let templates = ["deliveries"]
    var shell: Shell
    var providers: [Choice]
    var resources: [Choice]
    var states: [Choice]
    var isFiltered: Bool
    var lines: [DeliveryLine]
    var isEmpty: Bool
    var pager: Pager
}

/// 新建报送: one form, no script needed.
struct NewDeliveryPage: Page {
    static let templates = ["delivery-new"]
    var shell: Shell
    var token: String
    /// Error summary; the same words stand at the fields.
    var errors: ErrorSummary?
    var resources: [ChoiceGroup]
    var providers: [ChoiceGroup]
    var resourceError: String?
    var providerError: String?
    var fileError: String?
    /// Largest file, e.g. 4.0 GB.
    var limit: String

    struct ErrorSummary: Sendable {
        var links: [Link]
    }

    struct ChoiceGroup: Sendable {
        var label: String
        var choices: [Choice]
    }
}

/// 回执: what became of a delivery.
struct ReceiptPage: Page {
    static let templates = ["receipt"]
    var shell: Shell
    var number: String
    var state: Tag
    var notice: Notice?
    /// Nil until the file is decided.
    var figures: Totals?
    var facts: [Fact]
    /// Set if rows were rejected.
    var rejections: RejectionLinks?
    /// Nil where the delivery cannot be withdrawn (any more).
    /// Nil for who may not withdraw it.
    var withdrawal: WithdrawalForm?
    /// Where the proof of its arrival is, once it is in the log.
    var proofHref: String?

    /// rows = accepted + rejected; 疑似 and 疑问 are parts of the accepted.
    struct Totals: Sendable {
        var rows: String
        var accepted: String
        var rejected: String
        var suspended: String
        var doubtful: String
        var unchanged: String?
        /// Percentage of accepted rows, 0…100, for a meter.
        var acceptedShare: String
    }

    struct RejectionLinks: Sendable {
        var count: String
        var href: String
        /// The rejected rows in the layout they came in.
        var csv: String
        var xlsx: String
    }

    struct WithdrawalForm: Sendable {
        var action: String
        var token: String
    }
}

/// Progress of a delivery in work. With scripts it moves by server-sent events, without by reloading.
struct ProgressPage: Page {
    static let templates = ["progress"]
    var shell: Shell
    var number: String
    var fileName: String
    var resource: String
    var stages: [Stage]
    var done: String
    var total: String
    var percent: String
    var remaining: String
    /// Address of the event stream.
    var events: String
    /// Where the page goes when the work is done.
    var receipt: String

    struct Stage: Sendable {
        var id: String
        var label: String
        /// 已完成, 进行中, 等待
        var state: String
        var shape: String
        /// Class of the style sheet: done, now, later.
        var tone: String
    }
}

/// 退回明细: causes first, then rows.
struct RejectionsPage: Page {
    static let templates = ["rejections"]
    var shell: Shell
    var number: String
    var summary: String
    var causes: [Cause]
    /// The cause the rows are narrowed to.
    var chosen: String?
    var allHref: String
    var rows: [Row]
    var isEmpty: Bool
    var pager: Pager
    var csv: String
    var xlsx: String
    var receiptHref: String

    struct Cause: Sendable {
        var message: String
        var field: String
        var count: String
        var cure: String
        var href: String
        var current: String?
    }

    struct Row: Sendable {
        var row: String
        var line: String
        var faults: [Fault]
    }

    struct Fault: Sendable {
        var field: String
        /// The cell as it stood in the file; nil where it was empty.
        var value: String?
        var message: String
        var cure: String
    }
}

/// 来源行: the row a record came from, in its file, with its neighbours and what each column became.
struct SourcePage: Page {
    static let templates = ["source"]
    var shell: Shell
    var recordID: String
    var recordHref: String
    var facts: [Fact]
    var notice: Notice?
    var columns: [Column]
    var lines: [Line]
    var mappings: [Mapping]

    struct Column: Sendable {
        var number: Int
        var title: String
    }

    struct Line: Sendable {
        /// Line of the file (row of the sheet).
        var line: String
        var isSource: Bool
        /// Class of the style sheet: `source-line` or nothing.
        var tone: String?
        var cells: [String]
    }

    struct Mapping: Sendable {
        var number: String
        var title: String
        var raw: String
        var field: String
        var code: String
        var read: String
    }
}

/// 归集与覆盖 per department and county.
struct CoveragePage: Page {
    static let templates = ["coverage"]
    var shell: Shell
    var cutoff: String
    var counts: [CountTile]
    var departments: [Department]
    var counties: [County]

    struct Department: Sendable {
        var name: String
        var href: String
        /// 已报/可报: resources delivered, and those the catalogue lets the body deliver.
        var resources: String
        var share: String
        /// 0…100 for the meter.
        var percent: Int
        var deliveries: String
        var rows: String
        var accepted: String
        var rejected: String
        var rejectedShare: String
        var last: String
    }

    struct County: Sendable {
        var name: String
        var registered: String
        var covered: String
        var share: String
        var percent: Int
    }
}
