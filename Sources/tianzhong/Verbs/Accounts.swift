import Access
import Archive
import ArgumentParser
import Cryptography
import FoundationEssentials
import Identifiers
import Intake
import Policy
import Portal
import Registry

struct AccountCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account", abstract: "账号：个人和企业账号、演示账号、动态口令", subcommands: [Add.self, Demonstrate.self, Code.self, Token.self])

    /// An account of a subject whose identity was checked at a window: what the provincial identity service does by itself.
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "为已核验身份的个人或企业建立账号", discussion: "证件号码从标准输入读入一行，不出现在命令行和日志里。工作人员账号请在网页上由系统管理员提出、安全管理员审批。")
        @OptionGroup var place: PlaceOptions
        @Argument(help: "账号") var login: String
        @Option(help: "姓名或企业经办人姓名") var name: String
        @Flag(help: "企业账号；缺省为个人账号") var firm = false

        func run() async throws {
            try await reporting {
                guard let line = readLine(strippingNewline: true) else { throw Exit(64, "请从标准输入给出证件号码或统一社会信用代码") }
                let directory = try place.openDirectory()
                let accounts = AccountMaker(directory: directory)
                let subject = try accounts.subject(line, isFirm: firm)
                let password = OneTimePassword.make()
                try accounts.add(
                    login, name, body: "", [firm ? .firmAdministrator : .citizen], subject: subject, password: password, mustChange: true, by: "terminal")
                try directory.close()
                print("已建立账号 \(login)，初始口令（只显示这一次）：\(password)")
            }
        }
    }

    /// Accounts for trying the platform out, one for each role; never for a city at work.
    struct Demonstrate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "建立演示账号，每个角色一个")
        @OptionGroup var place: PlaceOptions
        @Option(help: "演示城市的目录（含 truth.jsonl），个人和企业账号取其中的主体") var city: String

        func run() async throws {
            try await reporting {
                let directory = try place.openDirectory()
                try DemonstrationAccounts.make(in: directory, city: city)
                try directory.close()
                print("已建立演示账号，见登录页")
            }
        }
    }

    /// The present one-time code of the demonstration accounts.
    struct Code: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "演示账号此刻的动态口令")
        @Option(help: "密钥（Base32）；缺省为演示账号的") var secret = DemonstrationAccounts.secret

        func run() async throws {
            try await reporting {
                guard let totp = TOTP(base32: secret) else { throw Exit(64, "密钥不是 Base32") }
                print(totp.code(at: Clock.now().milliseconds / 1000))
            }
        }
    }
}

extension DataDirectory {
    /// Keeps the event of an act at the terminal, durable before anything is shown or done.
    ///
    /// - Parameters:
    ///   - subject: who is looked at.
    ///   - items: what is shown or done, without identifiers of persons.
    func note(_ action: AccessAction, subject: RegistryKey? = nil, items: String) throws {
        var event = AccessEvent(
            at: Clock.now(), action: action, actor: "terminal", actorName: ProcessInfo.processInfo.userName, role: "terminal", body: "", address: "-",
            channel: "terminal")
        event.subject = subject
        event.items = items
        try AccessLog(registry: accessRegistry, tree: accessTree).appendBlocking(event)
    }
}

extension AccountCommand {
    /// A token for programs of this machine, from the process that serves.
    struct Token: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "取得本机的接口令牌（须与 serve 是同一用户）", discussion: "令牌一天有效，代表“本机终端”，可报送和按事由查询；每次使用都进审计日志。")
        @OptionGroup var place: PlaceOptions

        func run() async throws {
            try await reporting {
                guard let answer = try ControlRequest(command: .token).ask(place.data, { _ in }), let token = answer.token else {
                    throw Exit(69, "没有正在服务的进程。请先运行 tianzhong serve")
                }
                print(token)
            }
        }
    }
}

/// Makes accounts for a person at the machine itself.
struct AccountMaker {
    let directory: DataDirectory
    private let access: Access

    init(directory: DataDirectory) {
        self.directory = directory
        access = Access(registry: directory.accessRegistry, keys: directory.keyring, tree: directory.accessTree)
    }

    /// The key of a subject's identifier.
    func subject(_ text: String, isFirm: Bool) throws -> RegistryKey {
        let bytes = Array(text.utf8)
        let kind: IdentifierKind = isFirm ? .unifiedSocialCreditCode : .citizenNumber
        guard let identifier = Identifier.assess(bytes.span, as: kind, on: Clock.now().date).identifier else {
            throw Exit(65, "这不是有效的\(kind.name)")
        }
        var keys = directory.subjectKeys()
        return RegistryKey(keys.key(of: identifier))
    }

    @discardableResult
    func add(
        _ login: String, _ name: String, body: String, _ roles: [Role], subject: RegistryKey? = nil, password: String, mustChange: Bool,
        by proposer: String
    ) throws -> Account {
        let new = NewAccount(
            login: login, name: name, body: body, roles: roles, subject: subject, password: try access.hash(password), mustChange: mustChange,
            proposedBy: proposer, approvedBy: proposer)
        guard let account = try directory.accessRegistry.accounts.add(new, at: Clock.now()) else { throw Exit(65, "账号 \(login) 已存在") }
        try directory.note(.account, items: "建立账号 \(account.login)：\(roles.map(\.name).joined(separator: "、"))")
        return account
    }

    /// Gives an account a second factor that is known already.
    func setSecondFactor(_ account: Account, _ secret: TOTP) throws {
        try directory.accessRegistry.accounts.setSecondFactor(account.number, try access.login.seal(secret, of: account.number))
    }
}

/// The accounts of a demonstration: everybody may know their passwords.
enum DemonstrationAccounts {
    static let password = "Yanshi-2026-Anquan!"
    static let secret = "KRUWC3T2NBXW4ZZAMRSW23ZAGIYDENRB"

    static var words: Demonstration { Demonstration(password: password, secret: secret) }

    private static let staff: [(login: String, name: String, body: String, roles: [Role])] = [
        ("chuangkou", "演示窗口员", "ZMD-DSJ", [.windowClerk]), ("tianbao", "演示填报员", "ZMD-SCJG", [.deliveryClerk]),
        ("shenhe", "演示审核员", "ZMD-SCJG", [.deliveryReviewer, .deliveryClerk]), ("zhongxin", "演示中心员", "ZMD-FGW", [.creditCentre]),
        ("yinhang", "演示信贷员", "", [.bank]), ("jianguan", "演示监管员", "ZMD-SCJG", [.supervisor]),
        ("yanshi-xitong", "演示系统员", "ZMD-FGW", [.systemAdministrator]), ("yanshi-anquan", "演示安全员", "ZMD-FGW", [.securityAdministrator]),
        ("yanshi-shenji", "演示审计员", "ZMD-FGW", [.auditAdministrator]),
    ]

    /// Makes those that are not there yet: it may be repeated after it was cut off.
    static func make(in directory: DataDirectory, city: String) throws {
        let maker = AccountMaker(directory: directory)
        guard let totp = TOTP(base32: secret) else { throw Exit(70, "演示密钥有误") }
        let book = try PolicyBook.load(from: ProcessInfo.processInfo.environment["TIANZHONG_BOOK"] ?? "PolicyBook", on: Clock.now().date)
        let bank = book.organisations.first { $0.kind == .financialInstitution }?.code ?? ""
        func make(_ login: String, _ name: String, body: String, _ roles: [Role], subject: RegistryKey? = nil) throws {
            let present = try directory.accessRegistry.accounts.find(login: login)
            if let present, present.proposedBy != Demonstration.proposer { throw Exit(65, "账号 \(login) 已存在，不是演示账号") }
            let account = try present ?? maker.add(
                login, name, body: body, roles, subject: subject, password: password, mustChange: false, by: Demonstration.proposer)
            try maker.setSecondFactor(account, totp)
        }
        for entry in staff { try make(entry.login, entry.name, body: entry.body.isEmpty ? bank : entry.body, entry.roles) }
        let county = book.organisations.first { $0.kind == .countyDepartment || $0.kind == .countyGovernment }
        if let county { try make("xianqu", "演示县区审核员", body: county.code, [.deliveryReviewer]) }
        for (login, name, role, subject) in [
            ("geren", "演示个人", Role.citizen, try mostRecords(in: city, kind: "citizenNumber")),
            ("qiye", "演示企业经办人", .firmAdministrator, try mostRecords(in: city, kind: "unifiedSocialCreditCode")),
        ] {
            guard let subject else { continue }
            try make(login, name, body: "", [role], subject: maker.subject(subject, isFirm: role == .firmAdministrator))
        }
    }

    /// The identifier that occurs most in the first 200,000 lines of the city's truth.
    private static func mostRecords(in city: String, kind: String) throws -> String? {
        struct Line: Decodable { var subject: String? }
        guard let text = try? String(contentsOfFile: "\(city)/truth.jsonl", encoding: .utf8) else { throw Exit(66, "打不开 \(city)/truth.jsonl") }
        var counts: [Substring: Int] = [:]
        let mark = "\"subject\":\"\(kind):"
        for line in text.split(separator: "\n").prefix(200_000) {
            guard let start = line.firstRange(of: mark) else { continue }
            counts[line[start.upperBound...].prefix { $0 != "\"" }, default: 0] += 1
        }
        return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }.map { String($0.key) }
    }
}
