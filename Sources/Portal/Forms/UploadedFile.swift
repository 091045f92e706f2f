import Hummingbird

/// A small file with the fields of its form, in memory: it is worked on at once and kept nowhere.
struct UploadedFile: Sendable {
    let fields: FormFields
    /// Nil where none was chosen.
    let name: String?
    let bytes: [UInt8]

    /// Takes a `multipart/form-data` body apart.
    /// - Throws: `MultipartFault`.
    init(_ body: [UInt8], boundary: String) throws {
        var parser = try MultipartParser(boundary: boundary)
        var values: [String: String] = [:]
        var part: MultipartParser.Part?
        var content: [UInt8] = []
        var file: (name: String, bytes: [UInt8])?
        let take: (MultipartParser.Event) -> Void = { event in
            switch event {
            case .began(let begun): (part, content) = (begun, [])
            case .data(let bytes): content += bytes
            case .ended:
                if let part, part.name == "file", let name = part.fileName, !name.isEmpty, file == nil {
                    file = (name, content)
                } else if let part, part.fileName == nil, values[part.name] == nil {
                    values[part.name] = String(validating: content, as: UTF8.self)
                }
                part = nil
            case .finished: break
            }
        }
        try parser.feed(body, take)
        try parser.finish()
        fields = FormFields(values: values)
        name = file?.name
        bytes = file?.bytes ?? []
    }
}

extension Portal {
    /// The posted form with its file.
    /// - Parameter limit: bytes of the whole body.
    func uploadedFile(_ request: Request, limit: Int) async throws -> UploadedFile {
        guard let boundary = MultipartParser.boundary(of: request.headers[.contentType]) else { throw Problem.notMultipart }
        let body = try await body(limit: Int64(limit)).collect(request.body)
        do { return try UploadedFile(body, boundary: boundary) } catch let fault as MultipartFault { throw Problem.badMultipart(fault) }
    }
}

extension Problem {
    static let notMultipart = Problem(
        status: .unsupportedMediaType, code: "not-multipart", title: "上传方式有误", detail: "上传须用表单（multipart/form-data）。",
        cure: "请从平台的页面上传；程序请用 /api/v1 下的接口。")

    static func badMultipart(_ fault: MultipartFault) -> Problem {
        .badRequest("bad-multipart", "上传内容不完整", "平台没有收到完整的文件（\(fault)），没有保留任何内容。", cure: "请重新上传。")
    }
}
