import CIconv
import Glibc

/// One direction of conversion between GB 18030 and UTF-8, strict: a byte that means nothing stops it.
@safe final class Conversion {
    private let handle: iconv_t

    /// - Returns: nil where the C library lacks the encoding.
    init?(from source: String, to target: String) {
        guard let opened = unsafe iconv_open(target, source), Int(bitPattern: opened) != -1 else { return nil }
        unsafe handle = unsafe opened
    }

    deinit { unsafe iconv_close(handle) }

    enum Stop { case end, outputFull, invalid, incomplete }

    /// Converts `input[from..<end]` into `output[at...]`; says where both stopped and why.
    func convert(
        _ input: [UInt8], from: Int, end: Int, into output: inout [UInt8], at: Int
    ) -> (consumed: Int, produced: Int, stop: Stop) {
        unsafe input.withUnsafeBytes { inputBytes in
            unsafe output.withUnsafeMutableBytes { outputBytes in
                guard let inputBase = inputBytes.baseAddress, let outputBase = outputBytes.baseAddress else {
                    return (0, 0, .end)
                }
                // iconv's signature is older than const; it does not write to its input.
                var inputPointer: UnsafeMutablePointer<CChar>? = unsafe UnsafeMutablePointer(
                    mutating: (inputBase + from).assumingMemoryBound(to: CChar.self))
                var outputPointer: UnsafeMutablePointer<CChar>? =
                    unsafe (outputBase + at).assumingMemoryBound(to: CChar.self)
                var inputLeft = end - from
                let outputRoom = outputBytes.count - at
                var outputLeft = outputRoom
                let result = unsafe iconv(handle, &inputPointer, &inputLeft, &outputPointer, &outputLeft)
                let stop: Stop = if result != -1 { .end } else {
                    switch errno {
                    case E2BIG: .outputFull
                    case EINVAL: .incomplete
                    default: .invalid
                    }
                }
                return (end - from - inputLeft, outputRoom - outputLeft, stop)
            }
        }
    }
}

/// A GB 18030 file as UTF-8.
final class GB18030Source: ByteSource {
    private let file: FileBytes
    /// Where UTF-8 failed, for the message when this fails too.
    private let invalidUTF8: Int64
    private let conversion: Conversion
    private var input: [UInt8]
    private var from = 0
    private var end = 0
    private var ended = false
    /// Offset in the file of `input[0]`.
    private var origin: Int64 = 0

    init(_ file: FileBytes, invalidUTF8: Int64) throws(TableFault) {
        guard let conversion = Conversion(from: "GB18030", to: "UTF-8") else {
            throw .unreadable(file.name, reason: "系统缺少 GB18030 转码支持")
        }
        self.file = file
        self.invalidUTF8 = invalidUTF8
        self.conversion = conversion
        input = [UInt8](repeating: 0, count: Int(min(1 << 18, file.byteCount + 4096)))
        file.seek(to: 0)
    }

    /// A character of two bytes takes three in UTF-8.
    var size: Int64 { file.byteCount + file.byteCount / 2 }

    func read(into buffer: inout [UInt8], at offset: Int) throws(TableFault) -> Int {
        var produced = 0
        if from == end { try fill() }
        while from < end {
            let step = conversion.convert(input, from: from, end: end, into: &buffer, at: offset + produced)
            from += step.consumed
            produced += step.produced
            if produced > 0 { return produced }
            switch step.stop {
            case .end, .outputFull: return produced   // unreachable: a source is always given room for one character
            case .invalid: throw try neither(at: origin + Int64(from))
            case .incomplete:
                if ended { throw try neither(at: origin + Int64(from)) }
                try fill()
            }
        }
        return produced
    }

    private func fill() throws(TableFault) {
        let rest = end - from
        if from > 0 {
            for index in 0..<rest { input[index] = input[from + index] }
            origin += Int64(from)
            from = 0
            end = rest
        }
        guard end < input.count else { return }
        let got = try file.read(into: &input, at: end)
        if let nul = (end..<(end + got)).first(where: { input[$0] == 0 }) {
            let byte = origin + Int64(nul)
            throw .nulByte(file.name, line: try file.line(ofByte: byte), byte: byte)
        }
        end += got
        ended = got == 0
    }

    /// The encoding that got further is the one the file was meant to be in.
    private func neither(at invalidGB: Int64) throws(TableFault) -> TableFault {
        let byte = max(invalidGB, invalidUTF8)
        let meant = invalidGB >= invalidUTF8 ? "GB18030" : "UTF-8"
        return TableFault(
            .encoding, file: file.name, line: try file.line(ofByte: byte), byte: byte,
            message: "既不是 UTF-8 也不是 GB18030（按 \(meant) 读到这里出错）",
            cure: "请在 Excel 里另存为“CSV UTF-8（逗号分隔）”后重新报送；若由系统导出，请检查这一行是否混入了另一种编码")
    }
}
