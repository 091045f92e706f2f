import ArgumentParser
import FoundationEssentials
import Identifiers
import Intake
import Logging
import Portal

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "启动门户和接口",
        discussion: "账号体系启用之前，业务页面和非公开内容只在本机地址提供。以 Ctrl-C 或 SIGTERM 停止，正在处理的批次会先做完。")
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
    @Option(help: "日志级别：debug、info、notice、warning、error") var logLevel = "notice"

    func run() async throws {
        try await reporting {
            guard let level = Logger.Level(rawValue: logLevel) else { throw ValidationError("不认识的日志级别 \(logLevel)") }
            guard keepWithdrawn >= 0 else { throw ValidationError("--keep-withdrawn 不能为负") }
            guard every >= 10 else { throw ValidationError("--every 至少为 10 秒") }
            let book = try place.loadBook()
            let directory = try place.openDirectory()
            var logger = Logger(label: "tianzhong") { StreamLogHandler.standardError(label: $0) }
            logger.logLevel = level
            var site = Site()
            site.demonstration = demonstration
            let desk = DeliveryDesk(directory: directory, book: book)
            let portal = try Portal(
                desk: desk, settings: PortalSettings(webDirectory: web, site: site, hosts: allowedHost), logger: logger, clock: { Clock.now() })
            let control = try ControlServer(directory: directory)
            let upkeep = Upkeep(desk: desk, backup: backup, interval: every, keepWithdrawn: keepWithdrawn, logger: logger)
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
              业务页面　　\(address)/staff　　　　　　　报送、回执、退回、来源行、归集情况
              接口说明　　\(address)/api/v1/openapi.json
            账号：尚未启用账号体系，业务页面不需要账号，只能在本机打开。
            可以试试：查一家企业 → 打开一条记录 → 点“来源”看它在报送文件中的那一行；或在“新建报送”上传一个模板。
            按 Ctrl-C 停止。

            """
    }
}
