internal import FoundationEssentials

/// `manifest.json` of a demonstration city: its files in the order in which they are to be delivered, and what intake
/// must make of each.
package struct CityManifest: Sendable, Codable, Equatable {
    /// One file.
    package struct File: Sendable, Codable, Equatable {
        /// 1-based place in the order of delivery.
        package var number: Int
        /// Relative to the manifest: `files/001-…`.
        package var path: String
        /// Code of the resource in the catalogue.
        package var resource: String
        /// Code of the delivering body.
        package var provider: String
        /// The day it is delivered, `yyyy-MM-dd`; never before that of the file above.
        package var delivered: String
        /// `csv(utf8)`, `csv(utf8BOM)`, `csv(gb18030)`, `xlsx` or `jsonLines`.
        package var format: String
        /// Data rows: without titles and header.
        package var rows: Int
        /// Rows that are not sent back, among them suspended, repeated and superseding ones: rows = accepted + rejected.
        package var accepted: Int
        /// Rows that must be sent back.
        package var rejected: Int
        /// Accepted rows without an identifier (疑似).
        package var suspended: Int
        /// Accepted rows that say again what is known.
        package var repeated: Int
        /// Accepted rows that take the place of a record known before.
        package var superseding: Int
    }

    /// Says that everything is invented.
    package var notice: String
    /// Number of subjects that the city was made with.
    package var subjects: Int
    /// The seed that the city was made from.
    package var seed: UInt64
    /// The city's last day, `yyyy-MM-dd`.
    package var today: String
    /// Rows of all files.
    package var rows: Int
    /// The files in the order of delivery.
    package var files: [File]

    /// Name of the file within the city's directory.
    package static let fileName = "manifest.json"

    /// Reads the manifest at `path`.
    package static func read(from path: String) throws -> CityManifest {
        try JSONDecoder().decode(CityManifest.self, from: Data(contentsOf: URL(filePath: path)))
    }

    /// The JSON text, the same bytes for the same city.
    func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [0x0A]
    }
}
