import Access
import Archive
import ArgumentParser
import FoundationEssentials
import Identifiers
import Intake
import Policy
import Registry

struct SearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "按代码或名称的任意部分查找法人和其他组织", discussion: "自然人只能用完整证件号码，通过 subject 查找。")
    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "最多列出几个") var limit = 20
    @Argument(help: "代码，或名称中连续的两个字以上") var text: String

    func run() async throws {
        try await reporting {
            let directory = try place.openDirectory()
            let found = try directory.registry.organisations.search(text, limit: limit)
            try directory.close()
            if output.json {
                try printJSON(found.hits.map(HitAnswer.init))
            } else if found.isTooShort {
                throw Exit(64, "请至少输入名称中连续的两个字")
            } else {
                print(found.isCapped ? "超过 \(found.total) 个，请补充名称" : "共 \(found.total) 个")
                for hit in found.hits {
                    let organisation = hit.organisation
                    let former = hit.isFormerName ? "（曾用名 \(hit.matchedName)）" : ""
                    print("\(organisation.key)\t\(organisation.uscc ?? organisation.registrationNumber ?? "")\t\(organisation.name)\(former)")
                }
            }
        }
    }
}

private struct HitAnswer: Encodable {
    let key, name: String
    let unifiedSocialCreditCode, status, region: String?

    init(_ hit: OrganisationHit) {
        key = hit.organisation.key.description
        name = hit.organisation.name
        unifiedSocialCreditCode = hit.organisation.uscc
        status = hit.organisation.status
        region = hit.organisation.region
    }
}

struct SubjectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "subject", abstract: "显示一个主体的信用档案", discussion: "主体可写成统一社会信用代码、注册号、公民身份号码，或 32 位主体键。")
    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var clockOptions: ClockOptions
    @Argument(help: "主体") var subject: String

    func run() async throws {
        try await reporting {
            let book = try place.loadBook()
            let clocks = try clockOptions.clocks()
            let directory = try place.openDirectory()
            let reader = SubjectReader(directory: directory, book: book)
            guard let key = key(reader) else { throw Exit(65, "“\(subject)”不是有效的代码或主体键") }
            try directory.note(.query, subject: RegistryKey(key), items: "信用档案（终端）")
            guard let file = try reader.file(of: key, at: clocks) else {
                throw Exit(66, "截至 \(clocks.knownAt) 没有该主体的记录")
            }
            if output.json { try printJSON(try FileAnswer(file, book: book)) } else { try show(file, book: book) }
            try directory.close()
        }
    }

    private func key(_ reader: SubjectReader) -> SubjectKey? {
        if let key = SubjectKey(hex: subject) { return key }
        return Identifier.recognise(Array(subject.utf8).span, on: Clock.now().date).map { reader.key(of: $0) }
    }

    private func show(_ file: SubjectFile, book: PolicyBook) throws {
        print("\(file.subject.name)　\(file.subject.identifier)")
        print("业务时点 \(file.clocks.asOf)　知悉时点 \(file.clocks.knownAt)　记录 \(file.lines.count) 条")
        for record in try file.records {
            let date = record.entry.effective.map(\.description) ?? "—"
            print("\(record.id)\t\(date)\t\(record.resource.name)\t\(summary(record, book: book))")
        }
    }

    private func summary(_ record: CreditRecord, book: PolicyBook) -> String {
        record.resource.summary.compactMap { code in
            let text = ValueText.text(record.value(code), field: record.resource.field(code), book: book)
            return text.isEmpty ? nil : text
        }.joined(separator: "；")
    }
}

/// A subject's file as JSON.
private struct FileAnswer: Encodable {
    struct Record: Encodable {
        let id, resource, resourceName, known: String
        let effective: String?
        let doubtful: Bool
        let values: [String: String]
        let superseded: [String]
        let repeats: Int
    }

    let key, kind, identifier, name, asOf, knownAt: String
    let records: [Record]

    init(_ file: SubjectFile, book: PolicyBook) throws {
        key = file.subject.key.description
        kind = file.subject.kind == .organisation ? "organisation" : "person"
        identifier = file.subject.identifier
        name = file.subject.name
        asOf = file.clocks.asOf.description
        knownAt = file.clocks.knownAt.rfc3339
        records = try file.records.map { record in
            var values: [String: String] = [:]
            for (position, index) in record.resource.layout.stored.enumerated() where position < record.values.count {
                let field = record.resource.fields[index]
                let text = ValueText.text(record.values[position], field: field, book: book)
                if !text.isEmpty { values[field.code] = text }
            }
            return Record(
                id: record.id.description, resource: record.resource.code, resourceName: record.resource.name,
                known: record.known.rfc3339, effective: record.entry.effective?.description, doubtful: record.entry.doubtful,
                values: values, superseded: record.superseded.map(\.description), repeats: record.repeats)
        }
    }
}
