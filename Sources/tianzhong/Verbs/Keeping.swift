import ArgumentParser
import Intake
import Policy

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "init", abstract: "建立新的数据目录，并生成主体密钥")
    @OptionGroup var place: PlaceOptions

    func run() async throws {
        try await reporting {
            do { try DataDirectory.initialise(place.data) } catch let fault as DataDirectoryFault {
                throw Exit(fault.code == .exists ? 65 : 73, fault.description)
            }
            print("已建立数据目录 \(place.data)")
            print("密钥在 \(place.data)/keys/subject.key（仅属主可读）。请另行妥善备份：没有它，档案中的主体无法再被认出。")
        }
    }
}

struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "政策手册", subcommands: [Check.self])

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
