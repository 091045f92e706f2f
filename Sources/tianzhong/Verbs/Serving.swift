import Access
import ArgumentParser
import FoundationEssentials
import Identifiers
import Intake
import Logging
import Portal
import Registry

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "启动门户和接口",
        discussion: "以 Ctrl-C 或 SIGTERM 停止，正在处理的批次会先做完。国密 TLS 由前置代理提供，本程序只在本机监听。")
    @OptionGroup var place: PlaceOptions
    @Option(help: "监听地址") var host = "127.0.0.1"
    @Option(help: "端口；0 表示任选一个空闲端口") var port = 8080
    @Option(help: "网页模板和样式所在目录（缺省取环境变量 TIANZHONG_WEB，再缺省为 Web）")
    var web = ProcessInfo.processInfo.environment["TIANZHONG_WEB"] ?? "Web"
    @Option(help: "除本机外还以哪些主机名对外服务，可写多次") var allowedHost: [String] = []
    @Flag(help: "每页注明“演示数据”") var demonstration = false
    @Option(help: "备份目录：运行中定时增加备份点") var backup: String?
    @Option(help: "两个备份点之间的秒数，至少 10") var every = 60
    @Option(help: "撤回的批次在较早时点的视图中保留的天数，期满自动清除") var keepWithdrawn = 30
    @Option(help: "每个网络地址、每个用户每分钟的请求数上限；0 不限") var requestsPerMinute = 600
    @Option(help: "每个网络地址同时的连接数上限；0 不限") var connectionsPerAddress = 50
    @Flag(help: "前面是本机的国密 TLS 代理：来访者的地址取自它写的 X-Forwarded-For") var behindProxy = false
    @Option(help: "见证方的公钥（name+id+key），可写多次") var witness: [String] = []
    @Option(help: "日志级别：debug、info、notice、warning、error") var logLevel = "notice"

    func run() async throws {
        try await reporting {
            guard let level = Logger.Level(rawValue: logLevel) else { throw ValidationError("不认识的日志级别 \(logLevel)") }
            guard keepWithdrawn >= 0 else { throw ValidationError("--keep-withdrawn 不能为负") }
            guard every >= 10 else { throw ValidationError("--every 至少为 10 秒") }
            try KnownAnswerCheck.run()
            let book = try place.loadBook()
            let directory = try place.openDirectory()
            let access = Access(registry: directory.accessRegistry, keys: directory.keyring, tree: directory.accessTree)
            try access.checkUsers(of: book)
            // Everybody may know their passwords.
            if !demonstration, try access.registry.accounts.list().contains(where: { $0.proposedBy == Demonstration.proposer && $0.state == .active }) {
                throw Exit(65, "数据目录里有演示账号，不能用于正式环境。请换一个数据目录；演示请加 --demonstration")
            }
            var logger = Logger(label: "tianzhong") { StreamLogHandler.standardError(label: $0) }
            logger.logLevel = level
            var site = Site()
            site.demonstration = demonstration
            let desk = DeliveryDesk(directory: directory, book: book)
            try desk.noteListed()
            var limits = RequestLimits()
            limits.perAddress = requestsPerMinute
            limits.perUser = requestsPerMinute
            let settings = PortalSettings(
                webDirectory: web, site: site, hosts: allowedHost, limits: limits, connectionsPerAddress: connectionsPerAddress, isBehindProxy: behindProxy, witnesses: witness,
                demonstration: demonstration ? DemonstrationAccounts.words : nil)
            let portal = try Portal(desk: desk, access: access, settings: settings, logger: logger, clock: { Clock.now() })
            let control = try ControlServer(desk: desk) { access.clients.terminalToken(at: Clock.now()) }
            let upkeep = Upkeep(desk: desk, access: access, backup: backup, interval: every, keepWithdrawn: keepWithdrawn, logger: logger)
            let keeping = Task { await upkeep.run() }
            defer { keeping.cancel() }
            try await portal.serve(host: host, port: port) { port in
                FileHandleOutput.standardOutput.write(Self.welcome(host: host, port: port))
            }
            keeping.cancel()
            await keeping.value
            control.stop()
            try directory.close()
        }
    }

    /// What a person at the terminal needs to know.
    private static func welcome(host: String, port: Int) -> String {
        let address = "http://\(host):\(port)"
        return """
            天中信用已启动：\(address)
              公众页面　　\(address)/　　　　　　　　　按名称或代码查询，如“演示商贸”
              资源目录　　\(address)/catalogue　　　　　下载报送模板
              登录　　　　\(address)/login　　　　　　　业务、个人、管理、审计页面都须登录
              存证账本　　\(address)/ledger
              接口说明　　\(address)/api/v1/openapi.json
            账号：演示环境的账号列在登录页上；正式环境用 tianzhong init 给出的三个管理员账号登录。
            可以试试：以“部门审核”登录 → 写明查询事由 → 查一家企业 → 打开一条本单位报送的记录 → 看来源行、下载存证证明；再以“个人”登录看“谁查过我”。
            按 Ctrl-C 停止。

            """
    }
}
