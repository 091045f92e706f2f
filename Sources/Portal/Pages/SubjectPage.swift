/// 信用档案: a subject's records by section, at two clocks. The public form holds open resources of organisations only; the staff form all.
struct SubjectPage: Page {
    static let templates = ["subject", "staff-subject"]
    var template: String { isStaff ? "staff-subject" : "subject" }
    var isStaff: Bool
    var shell: Shell
    var name: String
    /// 法人、非法人组织 or 自然人.
    var kind: String
    var status: Tag?
    /// Codes and registration facts.
    var facts: [Fact]
    var notice: Notice?
    var clocks: ClockForm
    /// The standing in figures; nil beside a list.
    var figures: Summary?
    var tabs: [Tab]
    /// Resources that the list may be narrowed to.
    var resources: Choices?
    var sections: [Section]
    /// Only where one section is shown.
    var pager: Pager?
    /// Address of the other view of the same subject (staff ↔ public), if there is one.
    var otherView: Link?

    struct Tab: Sendable {
        var label: String
        var count: String
        var href: String
        /// `page` for the tab that is open, for `aria-current`.
        var current: String?
    }

    struct Summary: Sendable { var facts: [Fact] }

    struct Choices: Sendable { var links: [Tab] }

    struct Section: Sendable {
        var id: String
        var title: String
        var count: String
        var isEmpty: Bool
        var rows: [Row]
        /// Link to the whole section where only its beginning is shown.
        var more: Link?
    }

    /// One record.
    struct Row: Sendable {
        /// Name of the resource.
        var resource: String
        /// The fields that the catalogue calls the summary.
        var parts: [Fact]
        /// 来源部门
        var provider: String
        /// 决定日期
        var date: String
        /// 文书号
        var document: String
        var recordID: String
        var recordHref: String
        /// The page of the source row: provenance for the public, the row itself for staff.
        var sourceHref: String
        /// 疑问, 已更正 …
        var marks: [Tag]
        /// Superseded versions, newest first.
        var lineage: Lineage?
    }

    struct Lineage: Sendable {
        /// e.g. 沿革（2 个较早版本，另有 1 次重复报送）
        var title: String
        var versions: [Version]
        /// Says that not all are listed; leads to where more are, if anywhere.
        var more: Link?
    }

    struct Version: Sendable {
        var recordID: String
        var href: String
        /// 平台获知时间
        var known: String
        var text: String
    }
}

/// The form with both clocks: as true on D, as known at K.
struct ClockForm: Sendable {
    /// Where the form leads.
    var action: String
    /// yyyy-MM-dd
    var asOf: String
    /// yyyy-MM-ddTHH:mm for the input, and the same for people.
    var knownAtInput: String
    var knownAt: String
    /// 数据截止: the newest delivery the view contains.
    var cutoff: String
    /// Kept through the form, by name.
    var kept: [Fact]
    /// Link back to the present; nil if the view is of the present.
    var nowHref: String?
}

/// One record with its fields, its provenance and its lineage.
struct RecordPage: Page {
    static let templates = ["record", "staff-record"]
    var template: String { isStaff ? "staff-record" : "record" }
    var isStaff: Bool
    var shell: Shell
    var recordID: String
    var resource: Link
    var state: Tag
    /// Nil for a record that belongs to nobody (疑似).
    var subject: Link?
    var fields: [FieldValue]
    /// How many fields are not shown to the public.
    var hidden: String?
    var provenance: [Fact]
    var basis: [String]
    var lineage: SubjectPage.Lineage?
    /// Link to the source row; staff only.
    var sourceHref: String?
    /// Where the record's proof of inclusion is.
    var proofHref: String?

    struct FieldValue: Sendable {
        var name: String
        var code: String
        var value: String
    }
}
