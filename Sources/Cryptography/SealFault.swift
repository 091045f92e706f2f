/// Why sealed bytes do not open. Nothing of them was given out that is not as it was sealed.
package struct SealFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of trouble that callers treat differently.
    package enum Code: String, Sendable, CaseIterable {
        /// The bytes do not begin as a sealed file does.
        case notSealed = "not-sealed"
        /// Sealed in a form that this program does not know.
        case unknownForm = "unknown-form"
        /// Nobody has the data key that it names.
        case unknownKey = "unknown-key"
        /// Changed, cut, extended or reordered; or the key is not the one it was sealed with.
        case damaged
    }

    package let code: Code
    /// Offset in the sealed file of the bytes that do not open, where there is one.
    package let offset: Int64?
    /// What is wrong, in Chinese.
    package let message: String
    /// What to do about it, in Chinese.
    package let cure: String

    package init(_ code: Code, at offset: Int64? = nil, _ message: String, cure: String) {
        self.code = code
        self.offset = offset
        self.message = message
        self.cure = cure
    }

    /// The cure of all damage.
    static let restore = "请核对密钥是否属于这份数据，检查磁盘，并从备份恢复"

    static func damaged(at offset: Int64, _ what: String) -> SealFault {
        SealFault(.damaged, at: offset, "加密文件从第 \(offset + 1) 字节起\(what)", cure: restore)
    }

    package var description: String { "\(message)。\(cure)" }
}
