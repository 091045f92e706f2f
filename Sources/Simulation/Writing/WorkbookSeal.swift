internal import Glibc

/// Makes a finished workbook the same bytes for the same content: the writer's library puts the time of day into
/// `docProps/core.xml`, and nothing in the city may depend on it. That entry is replaced by a fixed one, stored as it is.
enum WorkbookSeal {
    private static let name = Array("docProps/core.xml".utf8)

    /// Rewrites the workbook at `path`.
    ///
    /// - Parameter date: `yyyy-MM-dd`, the day that the workbook says it was made on.
    static func seal(_ path: String, date: String) throws(SimulationFault) {
        let old = try read(path)
        var out: [UInt8] = []
        out.reserveCapacity(old.count)
        var directory: [UInt8] = []
        guard let end = endRecord(of: old) else { throw .workbook(path: path, reason: "压缩包不完整") }
        let count = number(old, end + 10, 2)
        var entry = number(old, end + 16, 4)
        for _ in 0..<count {
            let nameLength = number(old, entry + 28, 2)
            let length = 46 + nameLength + number(old, entry + 30, 2) + number(old, entry + 32, 2)
            let local = number(old, entry + 42, 4)
            let body = local + 30 + number(old, local + 26, 2) + number(old, local + 28, 2)
            guard entry + length <= old.count, body + number(old, entry + 20, 4) <= old.count else {
                throw .workbook(path: path, reason: "压缩包不完整")
            }
            var header = Array(old[entry..<entry + length])
            let start = out.count
            if old[entry + 46..<entry + 46 + nameLength].elementsEqual(name) {
                let content = core(date)
                var local = Array(old[local..<body])
                for (place, inDirectory) in [(8, 10), (14, 16), (18, 20), (22, 24)] {
                    let value = place == 8 ? 0 : place == 14 ? Int(checksum(content)) : content.count
                    let width = place == 8 ? 2 : 4
                    put(value, width, at: place, in: &local)
                    put(value, width, at: inDirectory, in: &header)
                }
                out += local + content
            } else {
                out += old[local..<body + number(old, entry + 20, 4)]
            }
            put(start, 4, at: 42, in: &header)
            directory += header
            entry += length
        }
        var last = Array(old[end...])
        put(directory.count, 4, at: 12, in: &last)
        put(out.count, 4, at: 16, in: &last)
        try FileOutput.write(out + directory + last, to: path)
    }

    private static func core(_ date: String) -> [UInt8] {
        let names = "xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" "
            + "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" "
            + "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
        return Array(
            """
            <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
            <cp:coreProperties \(names)><dc:title>演示数据</dc:title><dcterms:created xsi:type="dcterms:W3CDTF">\(date)T00:00:00Z\
            </dcterms:created></cp:coreProperties>
            """.utf8)
    }

    /// Place of the end-of-central-directory record (PK 5 6), without Zip64: no file here needs it.
    private static func endRecord(of bytes: [UInt8]) -> Int? {
        var place = bytes.count - 22
        while place >= 0 {
            if bytes[place...].starts(with: [0x50, 0x4B, 0x05, 0x06]) { return place }
            place -= 1
        }
        return nil
    }

    private static func number(_ bytes: [UInt8], _ place: Int, _ width: Int) -> Int {
        guard place >= 0, place + width <= bytes.count else { return bytes.count }
        return (0..<width).reversed().reduce(0) { $0 << 8 | Int(bytes[place + $1]) }
    }

    private static func put(_ value: Int, _ width: Int, at place: Int, in bytes: inout [UInt8]) {
        for byte in 0..<width { bytes[place + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte)) }
    }

    /// CRC-32 of ISO 3309, bit by bit: the entry is a few hundred bytes.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var sum: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        return ~sum
    }

    private static func read(_ path: String) throws(SimulationFault) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unwritable(path: path, reason: FileOutput.reason(errno)) }
        defer { _ = close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unwritable(path: path, reason: FileOutput.reason(errno)) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }
}
