import Foundation
import Identifiers
import Testing

@testable import Policy

/// Books with one defect: each is refused, with the file, the line and a message that says what to do.
@Suite struct DefectiveBookTests {
    @Test("a defective book is refused with file, line and cure", arguments: Defect.ofWriting + Defect.ofLists)
    func listsAndWriting(defect: Defect) throws { try expect(defect) }

    @Test("a defective resource is refused with file, line and cure", arguments: Defect.ofResources + Defect.ofVersions)
    func resources(defect: Defect) throws { try expect(defect) }

    @Test("defective fields are refused with file, line and cure", arguments: Defect.ofFields + Defect.ofRules)
    func fields(defect: Defect) throws { try expect(defect) }

    @Test("a defective rule, indicator or matter is refused with file, line and cure", arguments: Defect.ofJudging)
    func judging(defect: Defect) throws { try expect(defect) }

    @Test("a defective drawn table is refused with file, line and cure", arguments: Defect.ofTables)
    func tables(defect: Defect) throws { try expect(defect) }

    @Test("a defective list or measure is refused with file, line and cure", arguments: Defect.ofMeasures)
    func measures(defect: Defect) throws { try expect(defect) }

    @Test("a defective calendar is refused with file, line and cure", arguments: Defect.ofCalendar)
    func calendar(defect: Defect) throws { try expect(defect) }

    private func expect(_ defect: Defect) throws {
        let files = try defect.files()
        do {
            _ = try FixtureBook.load(files)
            Issue.record("the book loaded")
        } catch let error as PolicyFaults {
            // One defect, one fault: an editor is not sent after what follows from it.
            #expect(error.faults.count == 1 + defect.drawn, "\(error)")
            let line = try defect.line(in: files)
            let fault = try #require(
                error.faults.first {
                    $0.file == defect.faultFile && $0.line == line && $0.message.contains(defect.says)
                }, "\(defect.faultFile):\(line) \(defect.says)\n\(error)")
            #expect(fault.message.contains("：请") || fault.message.contains("：只能是") || fault.message.contains("，请"), "\(fault)")
        }
    }

    @Test("all faults of all files are told at once, in order, as file:line: message")
    func allAtOnce() throws {
        var files = FixtureBook.files
        let names = [
            "an unknown sector", "a basis that begins too late", "persons in public", "half a coordinate",
            "a spelling of two codes", "bounds the wrong way round", "no business key",
        ]
        let defects = (Defect.ofLists + Defect.ofResources + Defect.ofFields + Defect.ofRules).filter {
            names.contains($0.name)
        }
        for defect in defects {
            let old = try #require(defect.old)
            files[defect.file] = files[defect.file]?.replacing(old, with: defect.new, maxReplacements: 1)
        }
        let error = #expect(throws: PolicyFaults.self) {
            _ = try PolicyBook.load(files: files, directory: "Book", on: FixtureBook.today)
        }
        let faults = try #require(error?.faults)
        #expect(faults.count == names.count)
        for defect in defects { #expect(faults.contains { $0.file == defect.faultFile && $0.message.contains(defect.says) }) }
        #expect(faults == faults.sorted())
        let lines = try #require(error?.description.split(separator: "\n"))
        #expect(lines.count == faults.count)
        #expect(lines.allSatisfy { $0.wholeMatch(of: /Book\/[^:]+:\d+: .+/) != nil })
    }

    @Test("a file that is not UTF-8 is refused with the line of the first bad byte")
    func encoding() throws {
        try FixtureBook.withDirectory(FixtureBook.files) { directory in
            // 驻马店 in GB18030; many other words would happen to be UTF-8 as well.
            let bytes: [UInt8] = Array("- {name: 中小企业}\n- {name: ".utf8) + [0xD7, 0xA4, 0xC2, 0xED, 0xB5, 0xEA] + Array("}\n".utf8)
            try Data(bytes).write(to: URL(filePath: directory + "/sectors.yaml"))
            let error = #expect(throws: PolicyFaults.self) {
                _ = try PolicyBook.load(from: directory, on: FixtureBook.today)
            }
            let fault = try #require(error?.faults.first { $0.file == "sectors.yaml" && $0.line == 2 })
            #expect(fault.message.contains("UTF-8"))
        }
    }

    @Test("a directory that is not there is told as such")
    func noDirectory() throws {
        let error = #expect(throws: PolicyFaults.self) {
            _ = try PolicyBook.load(from: "/nowhere/PolicyBook", on: FixtureBook.today)
        }
        #expect(error?.faults.count == 1)
        #expect(error?.description == "/nowhere/PolicyBook:1: 没有这个目录：请核对政策文件目录 PolicyBook 的位置")
    }

    @Test("cut or scrambled files are refused or read, never a crash")
    func damagedFiles() throws {
        var random = SplitMix(state: 11)
        for (path, text) in FixtureBook.files {
            for _ in 0..<6 {
                var bytes = Array(text.utf8)
                if random.next() % 2 == 0 {
                    bytes.removeLast(Int(random.next() % UInt64(bytes.count)))
                } else {
                    for _ in 0..<4 { bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(random.next() % 128) }
                }
                var files = FixtureBook.files
                files[path] = String(decoding: bytes, as: UTF8.self)
                _ = try? PolicyBook.load(files: files, on: FixtureBook.today)
            }
        }
    }
}
