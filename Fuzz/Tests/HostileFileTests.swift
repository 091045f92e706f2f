import CZlib
import Foundation
import Testing

@testable import Tables

@Suite("Files made to do harm")
struct HostileFileTests {
    /// A deflate stream of a sheet of so many mebibytes of empty tags, some thousandth as long.
    private func sheet(mebibytes: Int) -> [UInt8] {
        var stream = unsafe z_stream()
        unsafe deflateInit2_(&stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        defer { unsafe deflateEnd(&stream) }
        var input = Array(String(repeating: "<col/>", count: (1 << 20) / 6).utf8)
        var output = [UInt8](repeating: 0, count: 1 << 16)
        let count = unsafe input.withUnsafeMutableBufferPointer { source in
            unsafe output.withUnsafeMutableBufferPointer { target in
                unsafe stream.next_in = source.baseAddress
                unsafe stream.avail_in = UInt32(source.count)
                unsafe stream.next_out = target.baseAddress
                unsafe stream.avail_out = UInt32(target.count)
                // A full flush ends on a byte and refers to nothing before it, so that the piece can be repeated.
                _ = unsafe deflate(&stream, Z_FULL_FLUSH)
                return unsafe target.count - Int(stream.avail_out)
            }
        }
        // A stored block before them, an empty last one behind.
        let head = Array("<worksheet><sheetData>".utf8)
        let length = UInt8(head.count)
        return [0, length, 0, ~length, 0xFF] + head + Array(repeating: Array(output[..<count]), count: mebibytes).flatMap { $0 } + [0x03, 0x00]
    }

    /// A workbook whose sheet is this deflated part.
    private func workbook(_ sheet: [UInt8], inflated: Int) -> [UInt8] {
        var zip = StoredZip()
        zip.add("[Content_Types].xml", Array("<Types/>".utf8))
        zip.add("xl/workbook.xml", Array("<workbook><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"s\"/></sheets></workbook>".utf8))
        let type = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
        zip.add(
            "xl/_rels/workbook.xml.rels",
            Array("<Relationships><Relationship Id=\"s\" Type=\"\(type)\" Target=\"worksheets/sheet1.xml\"/></Relationships>".utf8))
        zip.add("xl/worksheets/sheet1.xml", sheet, inflated: inflated)
        return zip.finished()
    }

    private func refusal(_ bytes: [UInt8]) throws -> TableFaultCode? {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        try Data(bytes).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        do throws(TableFault) {
            let reader = try TableFile.open(path: path)
            while try reader.next(maximumRows: 1000) != nil {}
            return nil
        } catch { return error.code }
    }

    /// The most memory that the process has had, in mebibytes.
    private func peak() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        return status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }.flatMap { Int($0.filter(\.isNumber)) }.map { $0 / 1024 } ?? 0
    }

    @Test("a mebibyte that inflates to a gibibyte is refused, declared or not, and never held", arguments: [1 << 30, 1000])
    func bomb(_ declared: Int) throws {
        let bytes = workbook(sheet(mebibytes: 1024), inflated: declared)
        #expect(bytes.count < 2 << 20)
        let before = peak()
        #expect(try refusal(bytes) == .bomb)
        // Other tests run beside this one; what must not happen is a gibibyte.
        #expect(peak() - before < 512)
    }

    @Test("entries that lie inside others are refused")
    func overlap() throws {
        var zip = StoredZip()
        zip.add("[Content_Types].xml", Array("<Types/>".utf8))
        zip.addOverlapping("xl/workbook.xml", Array("<workbook/>".utf8), inside: "xl/other.xml")
        #expect(try refusal(zip.finished()) == .bomb)
    }

    @Test("entities that would double thirty times are never declared")
    func entities() throws {
        let names = (0..<30).map { "<!ENTITY e\($0 + 1) \"&e\($0);&e\($0);\">" }.joined()
        let sheet = "<!DOCTYPE w [<!ENTITY e0 \"x\">\(names)]><worksheet><sheetData><row><c t=\"str\"><v>&e30;</v></c></row></sheetData></worksheet>"
        #expect(try refusal(StoredZip.workbook([Array(sheet.utf8)])) == .documentType)
    }
}
