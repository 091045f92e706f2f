import ArgumentParser
import Foundation
import Identifiers
import Intake
import Policy
import Registry

struct EraseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase", abstract: "清除撤回已满若干天的批次：较早时点的视图不再含其记录，档案随即重写",
        discussion: "原文件保留。serve 运行时按 --keep-withdrawn 自动清除，不必再用本命令。")
    @OptionGroup var place: PlaceOptions
    @Option(help: "撤回已满多少天") var days = 30

    func run() async throws {
        try await reporting {
            guard days >= 0 else { throw ValidationError("--days 不能为负") }
            let book = try place.loadBook()
            let directory = try place.openDirectory()
            let now = Clock.now()
            let desk = DeliveryDesk(directory: directory, book: book)
            try directory.note(.withdraw, items: "清除撤回满 \(days) 天的批次")
            let erased = try desk.erase(withdrawnUntil: now.adding(days: -days), at: now)
            _ = try desk.removeErased(at: Clock.now())
            try directory.close()
            print(erased.isEmpty ? "没有撤回满 \(days) 天而未清除的批次" : "已清除第 \(erased.map(String.init).joined(separator: "、")) 批的记录")
        }
    }
}

struct ErasePersonCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase-person", abstract: "依法清除一个自然人的全部记录：任何时点的视图都不再含有，盐随即销毁，存证账本仍完整",
        discussion: "主体编号见主体页面或 subject 命令。理由写进存证账本，长期保留：只写决定的文书号，不要写姓名和证件号码。原文件仍封存，到期随密钥销毁。")
    @OptionGroup var place: PlaceOptions
    @Argument(help: "主体编号（32 位十六进制）") var subject: String
    @Option(help: "依据的决定文书号") var reason: String

    func run() async throws {
        try await reporting {
            // The process that serves does it, where one does.
            if let answer = try ControlRequest(command: .erasePerson, subject: subject, reason: reason).ask(place.data, { _ in }) {
                print(answer.done ?? "")
                return
            }
            let book = try place.loadBook()
            let directory = try place.openDirectory()
            let desk = DeliveryDesk(directory: directory, book: book)
            print(try Self.erase(subject, reason: reason, at: desk))
            _ = try desk.removeErased(at: Clock.now())
            try directory.close()
        }
    }

    /// - Returns: what was done, in words.
    static func erase(_ subject: String, reason: String, at desk: DeliveryDesk) throws -> String {
        guard let key = RegistryKey(hex: subject) else { throw Exit(64, "主体编号是 32 位十六进制数，见主体页面") }
        try desk.directory.note(.withdraw, subject: key, items: "清除个人记录：\(reason)")
        let count = try desk.erasePerson(key, reason: reason, at: Clock.now())
        return count == 0 ? "没有这个人的记录" : "已清除 \(count) 条记录"
    }
}

struct ExpireCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "expire", abstract: "保存期满的数据（retention.yaml）：列出；加 --apply 清除",
        discussion: "期限未经责任单位确认（confirmed 的日期为空）的只列出，不清除。serve 运行时每天自动清除，不必再用本命令。")
    @OptionGroup var place: PlaceOptions
    @Flag(help: "清除列出的数据；不能恢复") var apply = false

    func run() async throws {
        try await reporting {
            let book = try place.loadBook()
            let directory = try place.openDirectory()
            let desk = DeliveryDesk(directory: directory, book: book)
            let expiry = Expiry(desk: desk)
            let now = Clock.now()
            let report = try expiry.due(at: now)
            for item in report.records { print("第 \(item.delivery) 批　\(item.resource)　\(item.known.date) 入库　\(item.reason)") }
            for key in report.keys { print("\(key.body) \(key.year) 年的原文件和退回明细") }
            print(report.isEmpty ? "没有保存期满的数据" : report.words)
            for line in report.unconfirmed { print("期限未经确认，不清除：\(line)") }
            if apply, !report.isEmpty {
                try directory.note(.withdraw, items: report.words)
                let done = try expiry.run(at: now)
                _ = try desk.removeErased(at: Clock.now())
                print("已清除。\(done.words)")
            }
            try directory.close()
        }
    }
}
