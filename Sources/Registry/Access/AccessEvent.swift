package import Identifiers

/// What somebody did, or tried to do.
package enum AccessAction: String, Sendable, CaseIterable {
    case query, source, export, verify, outcome, listing, login, logout, deliver, withdraw, consent, revoke, account, approve, key, ledger, client, alert, audit, report

    /// Chinese name, as audit pages show it.
    package var name: String {
        switch self {
        case .query: "查询"
        case .source: "查看来源行"
        case .export: "导出"
        case .verify: "信用核查"
        case .outcome: "核查反馈"
        case .listing: "名单认定"
        case .login: "登录"
        case .logout: "退出"
        case .deliver: "报送"
        case .withdraw: "撤回批次"
        case .consent: "授权"
        case .revoke: "撤销授权"
        case .account: "账号管理"
        case .approve: "审批"
        case .key: "密钥"
        case .ledger: "账本"
        case .client: "接口程序"
        case .alert: "异常处置"
        case .audit: "查看审计日志"
        case .report: "信用报告"
        }
    }

    /// Whether it is a look at a subject: what 谁查过我 shows.
    package var isLook: Bool { [.query, .source, .export, .verify, .report].contains(self) }
}

/// One act, as the access log keeps it for good. It names a subject by its key only: no identifier of a person, no content.
package struct AccessEvent: Sendable, Hashable {
    /// Its place in the log, from 0; given by the log.
    package var position: Int64 = -1
    package var at: Instant
    package var action: AccessAction
    /// False where it was refused.
    package var isAllowed = true
    /// Login of the account, name of the program, or `-` where nobody was known.
    package var actor: String
    /// The person's or program's name as it was then.
    package var actorName: String
    /// Raw value of the role at work; `program` for a machine client.
    package var role: String
    /// Code of the actor's body.
    package var body: String
    /// Network address of the caller.
    package var address: String
    /// `web`, `api`, `batch`, `terminal`.
    package var channel: String
    /// Who was looked at, where it was one subject.
    package var subject: RegistryKey?
    /// What was shown: resources, sections, files; in words.
    package var items = ""
    /// Code of the purpose (`purposes.yaml`), or empty where none is needed.
    package var purpose = ""
    /// Number of the case that the purpose belongs to.
    package var caseNumber = ""
    /// The consent it rests on.
    package var consent: Int64?
    /// Anything else worth saying, without identifiers of persons.
    package var detail = ""

    // Given by the log.

    /// How many events of this subject there were, this one included: a gap shows that one is missing.
    package var subjectCount: Int64?
    /// Leaf hash of the subject's event before this one, in hex.
    package var previous: String?
    /// 16 random bytes that hide the event behind its leaf hash; nil once it was erased.
    package var salt: [UInt8]?

    package init(
        at: Instant, action: AccessAction, actor: String, actorName: String, role: String, body: String, address: String, channel: String
    ) {
        self.at = at
        self.action = action
        self.actor = actor
        self.actorName = actorName
        self.role = role
        self.body = body
        self.address = address
        self.channel = channel
    }

    /// What the event's leaf commits to: salt ‖ canonical text. Nil once the salt was erased.
    package var leafBytes: [UInt8]? { salt.map { $0 + leafText.bytes } }

    /// The text that the leaf commits to: one line a value, in this order for ever.
    package var canonical: String { leafText.text }

    private var leafText: LeafText {
        var text = LeafText("tianzhong-access-event-v1")
        text.add("position", "\(position)")
        text.add("at", at.rfc3339)
        text.add("action", action.rawValue)
        text.add("allowed", isAllowed ? "yes" : "no")
        text.add("actor", actor)
        text.add("name", actorName)
        text.add("role", role)
        text.add("body", body)
        text.add("address", address)
        text.add("channel", channel)
        text.add("subject", subject?.description ?? "")
        text.add("items", items)
        text.add("purpose", purpose)
        text.add("case", caseNumber)
        text.add("consent", consent.map(String.init) ?? "")
        text.add("detail", detail)
        text.add("subject-count", subjectCount.map(String.init) ?? "")
        text.add("previous", previous ?? "")
        return text
    }
}

extension AccessEvent {
    static let columns = """
        position, at, action, allowed, actor, actor_name, role, body, address, channel, subject, items, purpose, case_number, consent, \
        detail, subject_count, previous, salt
        """

    init(row: SQLRow) throws(RegistryFault) {
        guard let action = AccessAction(rawValue: try row.text("action")) else { throw RegistryFault(.unreadable(column: "action")) }
        self.init(
            at: try row.instant("at"), action: action, actor: try row.text("actor"), actorName: try row.text("actor_name"),
            role: try row.text("role"), body: try row.text("body"), address: try row.text("address"), channel: try row.text("channel"))
        position = try row.integer("position")
        isAllowed = try row.flag("allowed")
        subject = try row.blobIfPresent("subject").flatMap(RegistryKey.init(bytes:))
        items = try row.text("items")
        purpose = try row.text("purpose")
        caseNumber = try row.text("case_number")
        consent = try row.integerIfPresent("consent")
        detail = try row.text("detail")
        subjectCount = try row.integerIfPresent("subject_count")
        previous = try row.textIfPresent("previous")
        salt = try row.blobIfPresent("salt")
    }

    var values: [SQLValue] {
        [
            .integer(position), .instant(at), .text(action.rawValue), .flag(isAllowed), .text(actor), .text(actorName), .text(role),
            .text(body), .text(address), .text(channel), subject.map(SQLValue.key) ?? .null, .text(items), .text(purpose),
            .text(caseNumber), .integer(consent), .text(detail), .integer(subjectCount), .text(previous), salt.map(SQLValue.blob) ?? .null,
        ]
    }
}
