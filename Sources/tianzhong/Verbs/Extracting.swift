import ArgumentParser
import Disk
import Foundation
import Identifiers
import Intake
import Ledger
import Measures
import Policy
import Registry

struct ListsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "lists", abstract: "名单摘录：大厅断网时用的核查依据", subcommands: [Extract.self, Check.self])

    struct Extract: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "为一个单位签发名单摘录", discussion: "摘录只有法人和非法人组织，没有个人；过了有效时间不能再用。--html 同时写出大厅可直接打开的网页。")
        @OptionGroup var place: PlaceOptions
        @Option(help: "单位编码，如 ZMD-SCJG") var body: String
        @Option(help: "写出的摘录，如 大厅.note") var out: String
        @Option(help: "写出的网页，如 大厅.html") var html: String?
        @Option(help: "有效小时数，1 到 168") var hours = ListExtract.defaultHours
        @Option(help: "网页模板和样式所在目录（缺省取环境变量 TIANZHONG_WEB，再缺省为 Web）")
        var web = ProcessInfo.processInfo.environment["TIANZHONG_WEB"] ?? "Web"

        func run() async throws {
            try await reporting {
                let book = try place.loadBook()
                guard let body = book.body(body) else { throw Exit(65, "政策手册里没有单位“\(self.body)”") }
                // Before anything is opened: a page that cannot be written is told at once.
                let template = try html.map { _ in try Self.template(in: web) }
                let directory = try place.openDirectory()
                let reader = SubjectReader(directory: directory, book: book)
                let now = Clock.now()
                let note: [UInt8]
                let extracts = ListExtracts(reader: reader, listings: ListingBook(reader: reader))
                do { note = try extracts.note(for: body, at: now, hours: hours) } catch let fault as ListExtractFault {
                    throw Exit(fault.code == .hours ? 64 : 65, fault.description)
                }
                try directory.note(.export, items: "名单摘录（\(body.code)，\(hours) 小时）")
                try directory.close()
                try Self.write(note, to: out)
                if let html, let template {
                    do { try Self.write(ListExtractPage.html(note: note, template: template), to: html) } catch let fault as ListExtractFault {
                        throw Exit(65, fault.description)
                    }
                }
                print("已签发：\(body.name)，生成于 \(now)，有效 \(hours) 小时，\(note.count) 字节")
            }
        }

        private static func template(in web: String) throws -> String {
            let path = "\(web)/hall/extract.html"
            guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { throw Exit(66, "打不开 \(path)，请用 --web 指明网页资源目录") }
            return text
        }

        /// Whole or not at all, readable by its owner and group only: watch lists are internal.
        private static func write(_ bytes: [UInt8], to path: String) throws {
            do { try SystemDisk().write(bytes.span, to: path) } catch { throw Exit(73, "写不了 \(path)：\(error)") }
        }
    }

    /// Checks an extract with nothing but the file and a public key, and answers from it.
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "离线核对名单摘录的签名和有效时间，并可查询",
            discussion: "不需要数据目录和网络。文件可以是 .note，也可以是大厅的网页（核对其中的摘录，不核对网页本身）。成立且有结论时退出码 0，不成立、已过期或不能回答时 65。")
        @Argument(help: "摘录或网页") var file: String
        @Argument(help: "名单公钥（ledger keys 的第三行），或写有公钥的文件") var key: String
        @Option(help: "事项编码，与 --code 一起用") var matter: String?
        @Option(help: "单位的代码") var code: String?

        func validate() throws {
            guard (matter == nil) == (code == nil) else { throw ValidationError("--matter 和 --code 须一起填写") }
        }

        func run() async throws {
            try await reporting {
                guard let bytes = try? SystemDisk().read(file) else { throw Exit(66, "打不开 \(file)") }
                guard let reader = ListExtractReader(vkey: publicKey(key)) else { throw Exit(64, "公钥的写法不对，或不是名单摘录的公钥") }
                let now = Clock.now()
                do throws(ListExtractFault) {
                    let extract = try reader.open(bytes)
                    Self.tell(extract)
                    print("已过 \(try extract.age(at: now))")
                    if let matter, let code { Self.tell(try extract.verdict(matter, code: code, at: now)) }
                } catch {
                    throw Exit(65, "不能采用：\(error.description)")
                }
            }
        }

        private static func tell(_ extract: ListExtract) {
            let header = extract.header
            print("签名成立：\(header.origin) 为 \(header.bodyName)（\(header.body)）签发，生成于 \(header.made)，有效 \(header.hours) 小时，到 \(header.end) 为止")
            print("名单 \(extract.lists.count) 个，事项 \(extract.matters.count) 个，单位 \(extract.organisations.count) 个；快照号 \(header.snapshot)")
            print(ListExtract.notice)
        }

        private static func tell(_ answer: OfflineAnswer) {
            print("\(answer.verdict.name)　\(answer.organisation?.name ?? "摘录中没有这个代码")　\(answer.code)　\(answer.matter.name)")
            print(answer.summary)
            for hit in answer.hits {
                let term = "\(hit.entry.from) 起\(hit.entry.until.map { "，至 \($0)" } ?? "")"
                let basis = hit.list.basis.map(\.text).joined(separator: "、")
                print("  \(hit.list.name)\(hit.list.isFavourable ? "（有利）" : "")　\(basis)　\(hit.entry.decision)　\(hit.entry.body)　\(term)")
                for measure in hit.measures {
                    let basis = measure.basis.map(\.text).joined(separator: "、")
                    print("    \(measure.name)（\(measure.effect.name)）　\(basis)　\(measure.departments.joined(separator: "、"))")
                }
            }
            print(OfflineAnswer.advice)
        }
    }
}
