/// 查询结果: organisations only. Several of one name are all listed; the code tells them apart.
struct SearchPage: Page {
    static let templates = ["search"]
    var shell: Shell
    var query: String
    /// Why nothing was looked for, or what to try.
    var hint: Notice?
    var result: Result?

    struct Result: Sendable {
        /// 共 n 家
        var total: String
        var hits: [Hit]
        var pager: Pager
    }

    struct Hit: Sendable {
        var name: String
        var href: String
        /// The code that identifies it, and what kind of code that is.
        var code: String
        var codeKind: String
        var status: Tag?
        var region: String
        /// Set where an earlier name matched: 曾用名 ….
        var formerName: String?
    }
}
