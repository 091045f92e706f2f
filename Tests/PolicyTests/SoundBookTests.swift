import Foundation
import Identifiers
import Testing

@testable import Policy

/// What a sound book gives.
@Suite struct SoundBookTests {
    let book: PolicyBook

    init() throws {
        book = try FixtureBook.load(FixtureBook.files)
    }

    @Test("a sound book loads, from a directory and from memory alike")
    func loads() throws {
        #expect(book.resources.map(\.code) == ["ZMD-01-0001", "ZMD-02-0001", "ZMD-03-0002", "ZMD-03-0002"])
        let again = try PolicyBook.load(files: FixtureBook.files, on: FixtureBook.today)
        #expect(again.resources.map(\.fields) == book.resources.map(\.fields))
        #expect(again.organisations == book.organisations)
        #expect(again.regions == book.regions)
        #expect(again.documents == book.documents)
    }

    @Test("a directory that is a link is read like the one it stands for")
    func link() throws {
        try FixtureBook.withDirectory(FixtureBook.files) { directory in
            let link = directory + "-link"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: directory)
            defer { try? FileManager.default.removeItem(atPath: link) }
            #expect(try PolicyBook.load(from: link, on: FixtureBook.today).resources.count == 4)
        }
    }

    @Test("a resource is found by code and day, and by number and version")
    func lookups() throws {
        let early = try #require(CivilDate(year: 2023, month: 12, day: 31))
        #expect(book.resource("ZMD-03-0002", on: early)?.version == 1)
        #expect(book.resource("ZMD-03-0002", on: early.adding(days: 1))?.version == 2)
        #expect(book.resource("ZMD-03-0002", on: CivilDate(day: 0)) == nil)
        #expect(book.resource("ZMD-99-0001", on: early) == nil)
        #expect(book.resource(number: 302, version: 2)?.code == "ZMD-03-0002")
        #expect(book.resource(number: 302, version: 3) == nil)
        #expect(book.versions(of: "ZMD-03-0002").map(\.version) == [1, 2])
        #expect(book.catalogue(on: FixtureBook.today).map(\.code) == ["ZMD-01-0001", "ZMD-02-0001", "ZMD-03-0002"])
        #expect(book.body("ZMD-ZY")?.unifiedSocialCreditCode?.text.description == "124117004190000189")
        #expect(book.document("registration")?.number == "国务院令第746号")
        #expect(book.document("registration")?.confirmed?.on == CivilDate(year: 2026, month: 1, day: 5))
        #expect(book.region("411721")?.formerCodes == ["412824"])
    }

    @Test("only the named providers and the named kinds may deliver")
    func providers() throws {
        let penalty = try #require(book.resource(number: 302, version: 2))
        #expect(book.mayDeliver(body: "ZMD-SCJG", resource: penalty))
        #expect(book.mayDeliver(body: "XP-SCJG", resource: penalty))
        #expect(!book.mayDeliver(body: "ZMD-ZY", resource: penalty))
        #expect(!book.mayDeliver(body: "NOBODY", resource: penalty))
        #expect(book.providers(of: penalty).map(\.code) == ["ZMD-SCJG", "XP-SCJG"])
    }

    @Test("a column heading finds its field by code, name or alias, in any width and case")
    func headings() throws {
        let penalty = try #require(book.resource(number: 302, version: 2))
        #expect(penalty.index(headed: "cf_wsh") == 6)
        #expect(penalty.index(headed: "　文书号 ") == 6)
        #expect(penalty.index(headed: "ＣＦ＿ＷＳＨ") == 6)
        #expect(penalty.index(headed: "罚款金额(万元)") == 5)
        #expect(penalty.index(headed: "备注") == nil)
        #expect(penalty.field("CF_JDRQ")?.type == .date)
        #expect(penalty.index(of: .name) == 0)
    }

    @Test("conditions and checks are read, values of code fields as codes")
    func rules() throws {
        let penalty = try #require(book.resource(number: 302, version: 1))
        #expect(penalty.field("CF_NR_FK")?.requiredWhen == .contains(field: "CF_CFLB", anyOf: ["2"]))
        let zero = try #require(FixedDecimal(units: 0, scale: 0))
        let top = try #require(FixedDecimal(units: 999_999, scale: 0))
        #expect(penalty.field("CF_NR_FK")?.checks == [.minimum(zero), .maximum(top)])
        #expect(penalty.field("CF_XDR_MC")?.checks == [.minimumLength(2), .notAllDigits])
        #expect(penalty.checks.map(\.fields) == [["CF_JDRQ"], ["CF_JDRQ", "CF_YXQ"], ["CF_YXQ", "CF_RS"]])
        let debtor = try #require(book.resource(number: 201, version: 1))
        #expect(debtor.field("ZJHM")?.requiredWhen == .absent(field: "SFZH"))
    }

    @Test("a code set matches codes, names and aliases; only an open one takes 其他")
    func codeSets() throws {
        let category = try #require(book.codeSets["penalty-category"])
        #expect(category.match("2") == .value(1))
        #expect(category.match("罚款") == .value(1))
        #expect(category.match(" 处以罚款　") == .value(1))
        #expect(category.match("其他-责令改正") == .other)
        #expect(category.match("拘留") == .unknown)
        #expect(category.displayName(of: "2") == "罚款")
        #expect(category.displayName(of: "其他-责令改正") == "其他-责令改正")
        #expect(book.codeSets["document-type"]?.match("其他") == .unknown)
        #expect(book.codeSets["region"]?.match("412824") == .value(1))
        #expect(book.codeSets["region"]?.match("经济开发区") == .value(2))
        #expect(category.match("") == .unknown)
    }

    @Test("the template says how to fill in each column")
    func template() throws {
        let columns = book.templateColumns(of: try #require(book.resource(number: 302, version: 2)))
        #expect(columns.count == 11)
        #expect(columns[0].heading == "行政相对人名称" && columns[0].obligation == "必填")
        #expect(columns[5].obligation == "条件必填")
        #expect(columns[5].guidance.contains("「处罚类别」含「罚款」时必填"))
        #expect(columns[3].choices.isEmpty)
        let debtor = book.templateColumns(of: try #require(book.resource(number: 201, version: 1)))
        #expect(debtor[1].choices == ["身份证", "护照"])
        #expect(debtor[2].guidance.contains("没有「公民身份号码」时必填"))
    }

    @Test("a matcher of many texts finds each and nothing else")
    func matcher() {
        let texts = (0..<500).map { (text: "值\($0)", value: $0) }
        let matcher = ByteMatcher(texts)
        for (text, value) in texts { #expect(matcher.index(of: Array(text.utf8).span) == value) }
        for number in 500..<600 { #expect(matcher.index(of: Array("值\(number)".utf8).span) == nil) }
    }
}
