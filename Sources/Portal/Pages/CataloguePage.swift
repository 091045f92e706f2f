/// 资源目录: every resource by class of the national basic catalogue.
struct CataloguePage: Page {
    static let templates = ["catalogue"]
    var shell: Shell
    /// Text filter as typed.
    var filter: String
    var sectors: [Choice]
    var disclosures: [Choice]
    /// 共 n 项资源，…
    var total: String
    var groups: [Group]
    var isEmpty: Bool

    struct Group: Sendable {
        var id: String
        var title: String
        var count: String
        var resources: [Line]
    }

    struct Line: Sendable {
        var code: String
        var name: String
        var href: String
        var providers: String
        var cadence: String
        var disclosure: Tag
        var subject: String
    }
}

/// One resource: who delivers it, why it may be collected, what its fields are, and the templates.
struct ResourcePage: Page {
    static let templates = ["resource"]
    var shell: Shell
    var code: String
    var name: String
    var disclosure: Tag
    var facts: [Fact]
    var basis: [String]
    var fields: [FieldLine]
    var checks: [String]
    var templateXLSX: String
    var templateCSV: String

    struct FieldLine: Sendable {
        var number: Int
        var name: String
        var code: String
        var national: String
        var type: String
        var required: String
        var rule: String
        var sensitivity: String
        /// 又名; nil where there is none.
        var aliases: String?
    }
}
