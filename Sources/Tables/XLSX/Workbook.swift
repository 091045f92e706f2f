/// One sheet of a workbook, as `workbook.xml` lists it.
struct SheetEntry: Equatable {
    var name: String
    var isVisible: Bool
    /// Name of its part in the zip.
    var part: String
}

/// The parts of an XLSX that stand around the sheets.
struct Workbook {
    let zip: ZipArchive
    let sheets: [SheetEntry]
    let is1904: Bool
    let strings: StringArena
    let formats: NumberFormats

    init(_ file: FileBytes) throws(TableFault) {
        let zip = try ZipArchive(file)
        self.zip = zip
        try Self.refuseForeign(zip)
        let root = try Self.relationships(of: "", in: zip)
        let main = root.first { $0.kind == "officeDocument" }?.part ?? "xl/workbook.xml"
        guard let entry = zip.entry(main) else { throw .notAWorkbook(file.name, "压缩包里没有工作簿") }
        let related = try Self.relationships(of: main, in: zip)
        var list = SheetList()
        try Self.read(entry, in: zip, &list)
        is1904 = list.is1904
        sheets = list.sheets.compactMap { sheet in
            related.first { $0.id == sheet.id && $0.kind == "worksheet" }.map {
                SheetEntry(name: sheet.name, isVisible: sheet.isVisible, part: $0.part)
            }
        }
        if let styles = related.first(where: { $0.kind == "styles" }).flatMap({ zip.entry($0.part) }) {
            var handler = NumberFormats()
            try Self.read(styles, in: zip, &handler)
            formats = handler
        } else {
            formats = NumberFormats()
        }
        if let shared = related.first(where: { $0.kind == "sharedStrings" }).flatMap({ zip.entry($0.part) }) {
            if shared.inflatedBytes > TableLimits.sharedStringBytes {
                throw .bomb(file.name, "共享字符串超过 \(TableLimits.sharedStringBytes >> 20) MiB")
            }
            var handler = SharedStrings(inflatedBytes: shared.inflatedBytes)
            try Self.read(shared, in: zip, &handler)
            strings = handler.arena
        } else {
            strings = StringArena()
        }
    }

    private static func read(_ entry: ZipEntry, in zip: ZipArchive, _ handler: inout some XMLHandler) throws(TableFault) {
        var scanner = XMLScanner(try zip.open(entry), file: zip.file.name)
        while try scanner.run(&handler) {}
    }

    private static func refuseForeign(_ zip: ZipArchive) throws(TableFault) {
        let name = zip.file.name
        if zip.entries.contains(where: \.isEncrypted) { throw .encrypted(name) }
        let names = zip.entries.map { $0.name.lowercased() }
        if names.contains(where: { $0.hasSuffix("vbaproject.bin") }) { throw .macros(name) }
        guard let types = zip.entry("[Content_Types].xml") else {
            if names.contains("content.xml") { throw .notAWorkbook(name, "是 OpenDocument 文件，请另存为 .xlsx") }
            throw .notAWorkbook(name, "是普通压缩包")
        }
        if names.contains("xl/workbook.bin") { throw .notAWorkbook(name, "是 .xlsb 二进制工作簿，请另存为 .xlsx") }
        if names.contains(where: { $0.hasPrefix("word/") }) { throw .notAWorkbook(name, "是 Word 文档") }
        if names.contains(where: { $0.hasPrefix("ppt/") }) { throw .notAWorkbook(name, "是演示文稿") }
        var handler = ContentTypes()
        try read(types, in: zip, &handler)
        if handler.hasMacros { throw .macros(name) }
    }

    /// A relationship: its id, the last word of its type, and the target as a name in the zip.
    struct Relationship {
        var id: String
        var kind: String
        var part: String
    }

    private static func relationships(of part: String, in zip: ZipArchive) throws(TableFault) -> [Relationship] {
        let slash = part.lastIndex(of: "/")
        let folder = slash.map { String(part[...$0]) } ?? ""
        let name = slash.map { String(part[part.index(after: $0)...]) } ?? part
        guard let entry = zip.entry(folder + "_rels/" + name + ".rels") else { return [] }
        var handler = Relationships(folder: folder)
        try read(entry, in: zip, &handler)
        return handler.found
    }
}

private struct ContentTypes: XMLHandler {
    var hasMacros = false

    mutating func open(_ tag: XMLTag, in bytes: Span<UInt8>) -> Bool {
        if let type = tag.attribute("ContentType", in: bytes)?.lowercased(), type.contains("macroenabled") || type.contains("vbaproject") {
            hasMacros = true
        }
        return false
    }
    mutating func close(_ tag: XMLTag, in bytes: Span<UInt8>) -> Bool { false }
    mutating func text(_ range: Range<Int>, in bytes: Span<UInt8>, isLiteral: Bool) {}
}

private struct Relationships: XMLHandler {
    let folder: String
    var found: [Workbook.Relationship] = []

    mutating func open(_ tag: XMLTag, in bytes: Span<UInt8>) throws(XMLProblem) -> Bool {
        guard tag.isNamed("Relationship", in: bytes), tag.attribute("TargetMode", in: bytes) != "External",
            let id = tag.attribute("Id", in: bytes), let type = tag.attribute("Type", in: bytes),
            let target = tag.attribute("Target", in: bytes)
        else { return false }
        if found.count == TableLimits.zipEntries { throw .malformed("关系过多") }
        let kind = type.split(separator: "/").last.map(String.init) ?? type
        found.append(Workbook.Relationship(id: id, kind: kind, part: resolve(target)))
        return false
    }
    mutating func close(_ tag: XMLTag, in bytes: Span<UInt8>) -> Bool { false }
    mutating func text(_ range: Range<Int>, in bytes: Span<UInt8>, isLiteral: Bool) {}

    /// A name inside the zip; it never leaves it, whatever the target says.
    private func resolve(_ target: String) -> String {
        var parts: [Substring] = []
        for part in (target.hasPrefix("/") ? target : folder + target).split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }
}

private struct SheetList: XMLHandler {
    struct Item {
        var name: String
        var isVisible: Bool
        var id: String
    }
    var sheets: [Item] = []
    var is1904 = false

    mutating func open(_ tag: XMLTag, in bytes: Span<UInt8>) throws(XMLProblem) -> Bool {
        if tag.isNamed("workbookPr", in: bytes) {
            is1904 = ["1", "true", "on"].contains(tag.attribute("date1904", in: bytes) ?? "")
        } else if tag.isNamed("sheet", in: bytes) {
            if sheets.count == TableLimits.zipEntries { throw .malformed("工作表过多") }
            let state = tag.attribute("state", in: bytes) ?? "visible"
            sheets.append(
                Item(name: tag.attribute("name", in: bytes) ?? "", isVisible: state == "visible", id: tag.attribute("id", in: bytes) ?? ""))
        }
        return false
    }
    mutating func close(_ tag: XMLTag, in bytes: Span<UInt8>) -> Bool { false }
    mutating func text(_ range: Range<Int>, in bytes: Span<UInt8>, isLiteral: Bool) {}
}
