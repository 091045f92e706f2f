/// 首页: search, what the platform holds now, ways in.
struct HomePage: Page {
    static let templates = ["home"]
    var shell: Shell
    /// 归集记录, 信用主体, 信息资源, 报送单位.
    var counts: [CountTile]
    /// When the counts were taken, e.g. 截至 2026-11-23 10:00:00.
    var cutoff: String
    var entries: [Entry]

    struct Entry: Sendable {
        var title: String
        var text: String
        var href: String
    }
}

/// A figure, and where its rows are.
struct CountTile: Sendable {
    var value: String
    var label: String
    var note: String?
    var href: String?
}

/// 平台说明, 无障碍声明.
struct AboutPage: Page {
    static let templates = ["about"]
    var shell: Shell
}

/// Anything that could not be answered.
struct ErrorPage: Page {
    static let templates = ["error"]
    var shell: Shell
    /// HTTP status, shown small.
    var status: Int
    var title: String
    var detail: String
    /// What the reader can do.
    var cure: String
    /// Number under which the log holds the request.
    var reference: String
    /// The same page without what was asked of it, where a parameter was the trouble.
    var again: Link? = nil
}
