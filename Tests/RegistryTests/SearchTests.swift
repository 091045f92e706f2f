import Testing

@testable import Registry

@Suite("search")
struct SearchTests {
    let ground: Ground
    var organisations: Organisations { ground.registry.organisations }

    init() throws {
        ground = try Ground()
        try ground.commit(
            1,
            [
                .registered(1, "驻马店市天中商贸有限公司"),
                .registered(2, "驻马店市天中商贸有限公司西平分公司"),
                .registered(3, "河南天中商贸有限公司"),
                .mentioned(4, "天中商贸"),
                .registered(5, "天中（驻马店）科技ＡＢＣ有限公司"),
                .registered(6, "新华超市", former: ["天中商贸行"]),
                .registered(7, "上蔡县O'NEIL \"好吃\"·烘焙-店&坊"),
            ])
    }

    private func names(_ text: String) throws -> [String] {
        try organisations.search(text).hits.map(\.organisation.name)
    }

    @Test("registered organisations first, then equal, beginning and other names; current before former")
    func order() throws {
        try ground.commit(2, [.registered(8, "天中商贸行"), .registered(9, "天中商贸")])
        #expect(
            try names("天中商贸") == [
                "天中商贸", "天中商贸行", "新华超市", "河南天中商贸有限公司", "驻马店市天中商贸有限公司",
                "驻马店市天中商贸有限公司西平分公司", "天中商贸",
            ])
        let former = try #require(try organisations.search("天中商贸行").hits.last)
        #expect(former.isFormerName)
        #expect(former.matchedName == "天中商贸行")
    }

    @Test(
        "any part of two characters and more is found",
        arguments: ["驻马", "马店", "公司", "贸有", "天中", "西平分公司", "市天中商贸有限公司西"])
    func parts(_ part: String) throws {
        let expected = try organisations.search("有限公司").hits.map(\.organisation.name).filter { $0.contains(part) }
        #expect(Set(try names(part)).isSuperset(of: expected))
        #expect(!expected.isEmpty)
    }

    @Test(
        "width, case, brackets and blanks make no difference",
        arguments: ["天中(驻马店)科技abc", "天中（驻马店）科技ＡＢＣ", " 天中 （驻马店） 科技 ", "科技Abc", "【驻马店】科技"])
    func alike(_ text: String) throws {
        #expect(try names(text) == ["天中（驻马店）科技ＡＢＣ有限公司"])
    }

    @Test(
        "marks inside a name are found and mean nothing to the index",
        arguments: ["O'N", "'N", "\"好吃\"", "\"·", "烘焙-店", "-店&坊", "L\"好"])
    func marks(_ text: String) throws {
        #expect(try names(text).count == 1)
    }

    @Test(
        "search operators and quotes are text",
        arguments: [
            "* OR *", "\"", "\"\"", "天中*", "NEAR(天中 商贸)", "pairs:天中", "'; DROP TABLE deliveries; --", "^天中",
            "天中 NOT 商贸",
        ])
    func operators(_ text: String) throws {
        #expect(try names(text).isEmpty)
    }

    @Test("parts between blanks must all be there, in any order")
    func several() throws {
        #expect(try names("商贸 西平") == ["驻马店市天中商贸有限公司西平分公司"])
        #expect(try names("西平　驻马店") == ["驻马店市天中商贸有限公司西平分公司"])
        #expect(try names("西平 科技").isEmpty)
    }

    @Test("codes are found whole", arguments: ["914117010000000003", "9141-1701 0000 000003", "９１４１１７０１００００００００３"])
    func codes(_ text: String) throws {
        let text = text.count == 18 || text.contains("-") ? text : "９１４１１７０１０００００００００３"
        #expect(try names(text) == ["河南天中商贸有限公司"])
    }

    @Test("one character is too short, and says so; nothing and too much find nothing")
    func lengths() throws {
        #expect(try organisations.search("天").isTooShort)
        #expect(try organisations.search("  ").isTooShort)
        #expect(try organisations.search(String(repeating: "天", count: 10_000)).total == 0)
        #expect(try organisations.search("没有这家").total == 0)
    }

    @Test("pages neither overlap nor leave out")
    func pages() throws {
        let all = try names("天中")
        var paged: [String] = []
        for offset in stride(from: 0, to: 6, by: 2) {
            paged += try organisations.search("天中", limit: 2, offset: offset).hits.map(\.organisation.name)
        }
        #expect(paged == all)
        #expect(all.count == 6)
    }

    @Test("common words are capped, with registered organisations and equal names first")
    func capped() throws {
        let many = (100..<1_700).map { number in
            number % 2 == 0
                ? OrganisationFacts.registered(number, "平舆县某某\(number)百货店")
                : OrganisationFacts.mentioned(number, "平舆县某某\(number)百货店")
        }
        try ground.commit(3, many + [.registered(5_000, "百货")])
        let search = try organisations.search("百货", limit: 100)
        #expect(search.isCapped)
        #expect(search.total == Organisations.maximumMatches)
        #expect(search.hits.first?.organisation.name == "百货")
        #expect(search.hits.allSatisfy { $0.organisation.registered })
        let beginning = try organisations.search("平舆县", limit: 100, offset: 950)
        #expect(beginning.isCapped)
        #expect(beginning.hits.count == 50)
    }

    @Test("after many names were taken out, the index is tidied and finds the same")
    func tidied() throws {
        let facts = (100..<1_400).map { OrganisationFacts.registered($0, "确山县某某\($0)药房") }
        let number = try ground.commit(2, facts)
        try ground.registry.withdraw(delivery: number, at: .day(9), reason: "误报")
        let removals = try ground.registry.driver.read { connection throws(RegistryFault) in
            try connection.query("SELECT value FROM counters WHERE name = 'nameIndexRemovals'").first?["value"]
        }
        #expect(removals == .integer(Int64(0)))
        #expect(try names("药房").isEmpty)
        #expect(try names("天中商贸").count == 5)
        #expect(try ground.registry.integrityCheck() == [])
    }
}
