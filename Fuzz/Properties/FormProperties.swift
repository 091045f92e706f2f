@testable import Portal

enum FormProperties {
    /// A form's body gives the same parts in one piece as in pieces; percent coding goes there and back.
    ///
    /// The first byte says how many bytes come at a time.
    static func check(_ input: [UInt8]) throws {
        guard let first = input.first else { return }
        let body = Array(input.dropFirst())
        let whole = feed(body, piece: max(1, body.count))
        let pieces = feed(body, piece: Int(first % 16) + 1)
        try ensure(whole == pieces, "in pieces \(pieces), at once \(whole)")
        let text = String(decoding: body, as: UTF8.self)
        try ensure(text.unicodeScalars.contains("\0") || PercentCoding.decode(PercentCoding.encode(text)) == text, "percent coding")
        if let decoded = PercentCoding.decode(text) {
            try ensure(PercentCoding.decode(PercentCoding.encode(decoded)) == decoded, "percent coding of \(decoded)")
        }
        _ = FormFields(text)?.page()
        _ = MultipartParser.boundary(of: text)
    }

    /// What a parser made of a body; data of a part joined.
    struct Feeding: Equatable {
        var parts: [MultipartParser.Part] = []
        var data: [[UInt8]] = []
        var ends = 0
        var isFinished = false
        var failed = false
    }

    private static func feed(_ body: [UInt8], piece: Int) -> Feeding {
        var feeding = Feeding()
        do {
            var parser = try MultipartParser(boundary: "b", headerLimit: 128, partLimit: 4)
            var start = 0
            while start < body.count {
                let end = min(body.count, start + piece)
                try parser.feed(Array(body[start..<end])) { event in
                    switch event {
                    case .began(let part):
                        feeding.parts.append(part)
                        feeding.data.append([])
                    case .data(let bytes): feeding.data[feeding.data.count - 1] += bytes
                    case .ended: feeding.ends += 1
                    case .finished: feeding.isFinished = true
                    }
                }
                start = end
            }
            try parser.finish()
        } catch {
            feeding.failed = true
        }
        return feeding
    }
}
