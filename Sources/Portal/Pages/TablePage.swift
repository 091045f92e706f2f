/// A list of like things with what can be done about each, and a form for a new one: accounts, grants, events, consents …
struct TablePage: Page {
    static let templates = ["table"]
    var shell: Shell
    var intro: String?
    var notice: Notice?
    var filter: FormView?
    var exports: [Link] = []
    var hasExports = false
    var columns: [String]
    var rows: [Row]
    var isEmpty: Bool
    /// Said where there is none.
    var empty: String
    var pager: Pager?
    var form: FormView?

    struct Row: Sendable {
        var cells: [Cell]
        var acts: [RowForm] = []
        /// The table has a column for acts.
        var hasActions = false
    }

    struct Cell: Sendable {
        var text: String
        var href: String?
        var tag: Tag?
        /// Heading of its column, shown where the table is stacked.
        var column = ""
        /// A number, date or code: not to be broken.
        var isShort = false

        init(_ text: String, href: String? = nil, tag: Tag? = nil) {
            self.text = text
            isShort = text.utf8.count <= 20 && text.utf8.allSatisfy { $0 < 0x80 }
            self.href = href
            self.tag = tag
        }
    }

    /// A small form in a row.
    struct RowForm: Sendable {
        var action: String
        var token: String
        var label: String
        var fields: [FieldView] = []
    }

    /// - Parameters:
    ///   - columns: headings, without that of the acts.
    ///   - rows: cells in the order of columns.
    init(
        _ shell: Shell, intro: String? = nil, notice: Notice? = nil, filter: FormView? = nil, exports: [Link] = [], columns: [String], rows: [Row],
        empty: String, pager: Pager? = nil, form: FormView? = nil
    ) {
        self.shell = shell
        self.intro = intro
        self.notice = notice
        self.filter = filter
        self.exports = exports
        hasExports = !exports.isEmpty
        let hasActions = rows.contains { !$0.acts.isEmpty }
        self.columns = columns + (hasActions ? ["操作"] : [])
        self.rows = rows.map { row in
            var row = row
            row.hasActions = hasActions
            for index in row.cells.indices where index < columns.count { row.cells[index].column = columns[index] }
            return row
        }
        isEmpty = rows.isEmpty
        self.empty = empty
        self.pager = pager
        self.form = form
    }
}

/// A form as data.
struct FormView: Sendable {
    var title: String?
    var note: String?
    var action: String
    var token: String
    var hidden: [Hidden]
    var fields: [FieldView]
    var button: String
    /// One of its fields is a file (stored, since templates see stored values only).
    let isUpload: Bool

    init(title: String? = nil, note: String? = nil, action: String, token: String, hidden: [Hidden] = [], fields: [FieldView], button: String) {
        self.title = title
        self.note = note
        self.action = action
        self.token = token
        self.hidden = hidden
        self.fields = fields
        self.button = button
        isUpload = fields.contains { $0.type == "file" }
    }

    struct Hidden: Sendable {
        var name: String
        var value: String
    }
}

/// One input of a form.
struct FieldView: Sendable {
    var id: String
    var name: String
    var label: String
    var hint: String?
    var error: String?
    /// `text`, `password`, `date` …
    var type: String
    var value: String
    var autocomplete: String
    var required: Bool
    var choices: [Choice]
    var isSelect: Bool
    var isArea: Bool
    var isInput: Bool

    /// A field to type in.
    /// - Parameter suffix: tells fields of one name on one page apart.
    init(
        _ name: String, _ label: String, type: String = "text", value: String = "", hint: String? = nil, error: String? = nil,
        autocomplete: String = "off", required: Bool = true, suffix: String = ""
    ) {
        id = name + suffix
        self.name = name
        self.label = label
        self.hint = hint
        self.error = error
        self.type = type
        self.value = value
        self.autocomplete = autocomplete
        self.required = required
        choices = []
        isSelect = false
        isArea = type == "textarea"
        isInput = type != "textarea"
    }

    /// A field to choose in.
    init(_ name: String, _ label: String, choices: [Choice], hint: String? = nil, suffix: String = "") {
        self.init(name, label, hint: hint, suffix: suffix)
        self.choices = choices
        isSelect = true
        isInput = false
    }
}

/// A step of the login: one form, and in a demonstration the accounts that may be used.
struct LoginPage: Page {
    static let templates = ["login"]
    var shell: Shell
    var notice: Notice?
    /// The secret for an authenticator, at its enrolment.
    var secret: Secret?
    var form: FormView?
    var hasAccounts = false
    var accounts: [DemonstrationAccount] = []
    var accountsPassword = ""
    var accountsSecret = ""

    struct Secret: Sendable {
        /// Base32, in groups of four.
        var text: String
        /// `otpauth://` address.
        var address: String
    }

    struct DemonstrationAccount: Sendable {
        var login: String
        var roles: String
        var body: String
    }
}
