import Cryptography
import Foundation
import Identifiers
import Ledger
import Testing

@testable import Measures

/// The file: its bytes, and what becomes of it when somebody touches them.
@Suite struct ListExtractFileTests {
    private func fault(_ file: [UInt8], _ reader: ListExtractReader? = SmallExtract.reader) -> ListExtractFault? {
        guard let reader else { return nil }
        do throws(ListExtractFault) {
            _ = try reader.open(file)
            return nil
        } catch { return error }
    }

    @Test("the text is, to the byte, what the format says, and comes back")
    func golden() throws {
        let firm = SmallExtract.firm, other = SmallExtract.other
        let expected = #"""
            tianzhong/list-extract/v1
            {"origin":"tianzhong.test","body":"ZMD-SCJG","bodyName":"市市场监督管理局","made":"2026-11-26T09:00:00.000+08:00","hours":24,"snapshot":"1795654800000-7-66c7f0f462eeedd9","notice":"个人不能离线核查，请联网后补查","lists":3,"matters":2,"organisations":2}
            {"list":"market","name":"市场监督管理严重违法失信名单","nature":"serious-dishonesty","favourable":false,"public":true,"basis":[{"title":"办法","article":"第二条"}]}
            {"list":"watch","name":"重点关注","nature":"watch","favourable":false,"public":false,"basis":[]}
            {"list":"red","name":"守信红名单","nature":"red","favourable":true,"public":true,"basis":[]}
            {"matter":"XK-02","name":"告知承诺制审批事项","subjects":["organisation","person"],"lists":[{"list":"market","measures":[{"code":"RQ-TZ","name":"不适用告知承诺","effect":"administrative","effectName":"管理措施","restricts":true,"basis":[{"title":"意见","article":"全文"}],"departments":["审批部门"]}]},{"list":"watch","measures":[]}]}
            {"matter":"GR-01","name":"只对个人的事项","subjects":["person"],"lists":[]}
            {"code":"\#(firm)","name":"甲公司","others":["\#(ListTown.registrationNumber(7))"],"entries":[{"list":"market","decision":"严1号","body":"市场监管局","reason":"虚假\u000a登记","from":"2026-02-16","until":"2027-07-01","end":"2026-11-26T15:30:00.000+08:00"}]}
            {"code":"\#(other)","name":"乙\u0022公司\u003c","others":[],"entries":[{"list":"red","decision":"","body":"","reason":"","from":"2024-10-04","end":"2026-11-27T09:00:00.000+08:00"},{"list":"watch","decision":"注1号","body":"信用中心","reason":"线索","from":"2026-11-26","until":"2026-11-26"}]}

            """#
        #expect(SmallExtract.extract.text == expected)
        #expect(try ListExtract(text: expected) == SmallExtract.extract)
        let lines = String(decoding: SmallExtract.note, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 12 && lines[9].isEmpty && lines[10].hasPrefix("— tianzhong.test/lists ") && lines[11].isEmpty)
        #expect(try SmallExtract.reader?.open(SmallExtract.note) == SmallExtract.extract)
    }

    @Test("every byte altered in any of several ways, and every cut, is refused with a cure")
    func flips() {
        let note = SmallExtract.note
        for index in note.indices {
            for mask: UInt8 in [0x01, 0x20, 0x80, 0x0F] {
                var other = note
                other[index] ^= mask
                #expect(fault(other)?.cure.isEmpty == false, "byte \(index) ^ \(mask)")
            }
        }
        for end in stride(from: 0, to: note.count, by: 3) { #expect(fault(Array(note[..<end])) != nil, "\(end)") }
    }

    @Test("what is wrong with a file is told by its kind and line")
    func kinds() throws {
        let note = SmallExtract.note
        let text = String(decoding: note, as: UTF8.self)
        #expect(fault(Array(text.replacing("甲公司", with: "丙公司").utf8))?.code == .signature)
        #expect(fault(Array("tianzhong/list-extract/v2\n".utf8))?.code == .format)
        #expect(fault([])?.code == .format)
        #expect(fault(note + [0x0A])?.code == .cut)
        #expect(fault(Array(note.dropLast()))?.code == .cut)
        let place = try #require(text.utf8.firstIndex(of: UInt8(ascii: "Z")))
        var broken = note
        broken[text.utf8.distance(from: text.utf8.startIndex, to: place)] = 0xFF
        #expect(fault(broken)?.code == .encoding && fault(broken)?.line == 2)
        let other = try #require(StatementSigner(origin: "tianzhong.test", topic: "lists", key: .generate()))
        #expect(fault(note, ListExtractReader(verifier: other.verifier))?.code == .unsigned)
        // The platform's own signature under what is no extract of it.
        let signer = try #require(SmallExtract.signer)
        func signed(_ text: String) -> [UInt8] { Array(signer.sign(text).description.utf8) }
        let own = SmallExtract.extract.text
        #expect(fault(signed(own.replacing("\"origin\":\"tianzhong.test\"", with: "\"origin\":\"tianzhong.else\"")))?.code == .origin)
        #expect(fault(signed(own.replacing("\"favourable\":true", with: "\"favourable\":false"))) == .malformed(line: 5))
        #expect(fault(signed(own.replacing("2027-07-01", with: "2027-02-30"))) == .malformed(line: 8))
        #expect(fault(signed(own.replacing(":24,", with: ":24000,"))) == .malformed(line: 2))
        #expect(fault(signed(own.replacing("\"organisations\":2", with: "\"organisations\":3")))?.code == .cut)
        #expect(fault(signed(own.replacing("\"matters\":2", with: "\"matters\":999999999999999")))?.code == .cut)
        #expect(fault(signed(own.replacing("[{\"list\":\"red\"", with: "[{\"list\":\"none\""))) == .malformed(line: 9))
        #expect(fault(signed("tianzhong/list-extract/v1\n"))?.code == .cut)
        // The keys of logs and witnesses open nothing.
        let log = try #require(CheckpointSigner(origin: "tianzhong.test/lists", key: .generate()))
        #expect(ListExtractReader(vkey: log.verifier.key.vkey) == nil)
        #expect(try ListExtractReader(vkey: signer.verifier.key.vkey)?.open(note) == SmallExtract.extract)
    }

    @Test("20,000 files made of a real one by cutting, doubling, swapping and overwriting: refused, or the very same")
    func mutations() throws {
        var trials = Trials(26)
        let note = SmallExtract.note, text = Array(SmallExtract.extract.text.utf8)
        for round in 0..<20_000 {
            // Half of them without a signature, so that the reader behind it is met too.
            var bytes = round % 2 == 0 ? note : text
            for _ in 0...Int.random(in: 0..<3, using: &trials) { Self.mutate(&bytes, &trials) }
            if round % 2 == 0 {
                if bytes != note { #expect(fault(bytes) != nil, "\(String(decoding: bytes, as: UTF8.self))") }
            } else if let string = String(validating: bytes, as: UTF8.self), let extract = try? ListExtract(text: string) {
                #expect(Array(extract.text.utf8) == bytes)
            }
        }
    }

    private static func mutate(_ bytes: inout [UInt8], _ trials: inout Trials) {
        let words = ["\n", "\"", "{", "}", "[", "]", ",", ":", "\\u003c", "\\", "true", "0", "999999999999999999999", "<", "中", "null", "—"]
        let place = Int.random(in: 0..<max(1, bytes.count), using: &trials)
        let end = min(bytes.count, place + Int.random(in: 1..<80, using: &trials))
        guard place < end else { return }
        switch Int.random(in: 0..<6, using: &trials) {
        case 0: bytes.removeSubrange(place..<end)
        case 1: bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &trials))
        case 2: bytes[place] = UInt8.random(in: 0...255, using: &trials)
        case 3: bytes.removeSubrange(place...)
        case 4: bytes.insert(contentsOf: Array((words.randomElement(using: &trials) ?? "").utf8), at: place)
        default: bytes.swapAt(place, Int.random(in: 0..<bytes.count, using: &trials))
        }
    }

    @Test("what the page exports is a sheet of questions that the batch verification takes; a person's row says that its code is missing")
    func exported() throws {
        let text = "\u{FEFF}事项编码,办件号,代码,名称,离线时间,离线结论\r\nXK-02,\"C-1,\"\"x\"\"\",\(SmallExtract.firm),甲公司,2026-11-26T12:20:33+08:00,依法限制（离线）\r\nXK-02,C-2,,,2026-11-26T12:21:00+08:00,个人，须联网补查\r\n"
        let rows = try VerificationSheet(Array(text.utf8), name: "离线核查.csv").rows
        #expect(rows.map(\.matter) == ["XK-02", "XK-02"] && rows.map(\.caseNumber) == ["C-1,\"x\"", "C-2"])
        #expect(rows.map(\.identifier) == [SmallExtract.firm, ""] && rows.map(\.name) == ["甲公司", ""] && rows.allSatisfy { !$0.isDamaged })
    }

    @Test("the page holds the note byte for byte, and gives it back")
    func page() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let template = try String(contentsOfFile: root.appending(path: "Web/hall/extract.html").path, encoding: .utf8)
        let page = try ListExtractPage.html(note: SmallExtract.note, template: template)
        #expect(try ListExtractPage.note(in: page) == SmallExtract.note)
        #expect(try SmallExtract.reader?.open(page) == SmallExtract.extract)
        #expect(page.count == template.utf8.count + SmallExtract.note.count)
        #expect(fault(Array(template.utf8))?.code == .format)
        #expect(fault(page + page)?.code == .page)
        #expect(fault(Array("<html></html>".utf8))?.code == .page)
        // Cut anywhere before the block has ended.
        let note = try #require(page.firstRange(of: SmallExtract.note))
        for end in [note.lowerBound, note.lowerBound + 100, note.upperBound] { #expect(fault(Array(page[..<end])) != nil) }
        for wrong in ["", template + template, template.replacing("id=\"extract\"", with: "id=\"other\"")] {
            #expect(throws: ListExtractFault.self) { try ListExtractPage.html(note: SmallExtract.note, template: wrong) }
        }
        // Nothing is fetched from anywhere.
        for outside in ["http:", "https:", "src=", "@import", "url(", "<link"] { #expect(!template.contains(outside), "\(outside)") }
    }
}
