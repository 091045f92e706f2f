import Tables

@testable import Measures

enum SheetProperties {
    /// Any file is a sheet of questions or refused with words; a sheet that is answered asks the same questions again.
    static func check(_ input: [UInt8]) throws {
        let sheet: VerificationSheet
        do { sheet = try VerificationSheet(input, name: "sheet") } catch let fault as VerificationSheet.Fault {
            return try ensure(!fault.message.isEmpty && !fault.cure.isEmpty, "a refusal without words")
        } catch is TableFault { return }
        try ensure((1...VerificationSheet.rowLimit).contains(sheet.rows.count), "\(sheet.rows.count) rows")
        let file = try Tables.MemoryFile()
        // What no workbook can hold is told by the writer.
        do { try sheet.write(sheet.rows.map { _ in .problem("x") }, watermark: "w", to: file.path) } catch { return }
        let again = try VerificationSheet(try file.bytes(), name: "again")
        func questions(_ sheet: VerificationSheet) -> [[String]] { sheet.rows.map { [$0.matter, $0.caseNumber, $0.identifier, $0.name] } }
        try ensure(questions(again) == questions(sheet), "\(questions(sheet)) comes back as \(questions(again))")
    }
}
