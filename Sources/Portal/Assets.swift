import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// Why a file of the web folder cannot be served; found at start.
package struct AssetFault: Error, Sendable, CustomStringConvertible {
    package let path: String
    package var description: String { "无法读取网页文件 \(path)；请检查 Web 目录是否完整、可读" }
}

/// The few files that pages link to, read once into memory: no path of a request ever reaches the disk.
struct Assets: Sendable {
    struct File: Sendable {
        var type: String
        var body: ByteBuffer
        /// Changes with the content.
        var tag: String
    }

    let files: [String: File]
    /// The OpenAPI document.
    let openAPI: File
    /// The page that a hall opens without network, its extract still empty.
    let hall: String

    private static let types = [
        "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml; charset=utf-8", "json": "application/json; charset=utf-8",
    ]

    init(directory: String) throws(AssetFault) {
        let folder = "\(directory)/assets"
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { throw AssetFault(path: folder) }
        var files: [String: File] = [:]
        for name in names {
            guard let dot = name.lastIndex(of: "."), let type = Self.types[String(name[name.index(after: dot)...])] else { continue }
            files[name] = try Self.read("\(folder)/\(name)", type: type)
        }
        guard files["site.css"] != nil else { throw AssetFault(path: "\(folder)/site.css") }
        self.files = files
        guard let hall = FileManager.default.contents(atPath: "\(directory)/hall/extract.html") else { throw AssetFault(path: "\(directory)/hall/extract.html") }
        self.hall = String(decoding: hall, as: UTF8.self)
        openAPI = try Self.read("\(directory)/openapi.json", type: "application/json; charset=utf-8")
    }

    private static func read(_ path: String, type: String) throws(AssetFault) -> File {
        guard let data = FileManager.default.contents(atPath: path) else { throw AssetFault(path: path) }
        // FNV-1a: only tells versions of our own files apart.
        let hash = data.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return File(type: type, body: ByteBuffer(bytes: data), tag: "\"\(String(hash, radix: 16))\"")
    }
}

extension Portal {
    func addAssets(to router: Router<PortalContext>) {
        router.get("assets/:name") { request, context -> Response in
            guard let file = assets.files[context.parameters.get("name") ?? ""] else {
                throw Problem.notFound("no-such-file", "没有这个文件", "平台没有这个文件。")
            }
            return Self.serve(file, request)
        }
    }

    static func serve(_ file: Assets.File, _ request: Request) -> Response {
        let headers: HTTPFields = [.contentType: file.type, .eTag: file.tag, .cacheControl: "no-cache"]
        if request.headers[.ifNoneMatch] == file.tag { return Response(status: .notModified, headers: headers) }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: file.body))
    }
}
