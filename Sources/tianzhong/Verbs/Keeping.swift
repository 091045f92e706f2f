import Access
import ArgumentParser
import Identifiers
import Intake
import Policy
import Registry

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "init", abstract: "建立新的数据目录，并生成主体密钥")
    @OptionGroup var place: PlaceOptions

    func run() async throws {
        try await reporting {
            var present: DataDirectoryFault?
            do { try DataDirectory.initialise(place.data) } catch let fault as DataDirectoryFault {
                guard fault.code == .exists else { throw Exit(73, fault.description) }
                present = fault
            }
            let directory = try place.openDirectory()
            // One without accounts was cut off before its administrators were made; it goes on here.
            if let present, try !directory.accessRegistry.accounts.list().isEmpty {
                try directory.close()
                throw Exit(65, present.description)
            }
            print("已建立数据目录 \(place.data)")
            print("密钥在 \(place.data)/keys/（仅属主可读）。请另行妥善备份：没有它们，主体无法再被认出，加密的数据无法解开，账本无法再签名。")
            print("三个管理员账号（口令只显示这一次；首次登录须绑定动态口令并修改口令）：")
            for (login, role, password) in try FirstAdministrators.make(in: directory, at: Clock.now()) { print("  \(login)　\(role.name)　\(password)") }
            try directory.close()
        }
    }
}

struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "政策手册", subcommands: [Check.self, Diff.self, WhatIfRun.self])

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "检查政策手册，一次报告全部问题（文件:行: 说明）", discussion: "退出码 0 表示可用，78 表示有问题。")
        @OptionGroup var place: PlaceOptions

        func run() async throws {
            try await reporting {
                let book = try place.loadBook()
                print(
                    "政策手册可用：\(book.resources.count) 项资源，\(book.organisations.count) 个单位，"
                        + "\(book.documents.count) 份依据，\(book.codeSets.count) 个代码集")
            }
        }
    }
}

/// The three administrators that a new platform begins with; everybody else is proposed and approved by them.
enum FirstAdministrators {
    static let accounts: [(String, Role)] = [
        ("xitong", .systemAdministrator), ("anquan", .securityAdministrator), ("shenji", .auditAdministrator),
    ]

    /// Makes all three at once.
    /// - Returns: each with its one-time password.
    static func make(in directory: DataDirectory, at now: Instant) throws -> [(String, Role, String)] {
        let access = Access(registry: directory.accessRegistry, keys: directory.keyring, tree: directory.accessTree)
        let made = accounts.map { ($0.0, $0.1, OneTimePassword.make()) }
        let new = try made.map { login, role, password in
            NewAccount(
                login: login, name: role.name, body: "", roles: [role], password: try access.hash(password), mustChange: true, proposedBy: "init",
                approvedBy: "init")
        }
        try directory.note(.account, items: "建立最初的管理员：\(accounts.map(\.0).joined(separator: "、"))")
        guard try directory.accessRegistry.accounts.add(new, at: now) != nil else { throw Exit(65, "管理员账号已存在") }
        return made
    }
}
