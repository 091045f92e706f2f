/// Where and why stored bytes are not what they should be. The decoders throw it; nothing of them traps.
package struct EntryDamage: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Reason: UInt8, Sendable, CaseIterable {
        /// A length reaches beyond the value or leaves bytes unread.
        case badLength
        /// A number is cut short, too large or not in its shortest form.
        case badNumber
        /// A flag, kind or form that this program does not know.
        case unknownKind
        /// Bytes that should be UTF-8 are not.
        case badText
        /// The business key is longer than the payload.
        case badKey
        /// The key of the value has a length or namespace that does not exist.
        case badStoreKey
    }

    /// Byte in the stored value, from 0.
    package let offset: Int
    package let reason: Reason

    package init(offset: Int, reason: Reason) {
        self.offset = offset
        self.reason = reason
    }

    /// For the log, in Chinese as all messages: place and kind of damage.
    package var description: String { "第 \(offset) 字节：\(reason.message)" }
}

extension EntryDamage.Reason {
    /// What is wrong, in plain words.
    package var message: String {
        switch self {
        case .badLength: "长度不符"
        case .badNumber: "数值编码错误"
        case .unknownKind: "种类未知"
        case .badText: "文字不是 UTF-8"
        case .badKey: "业务主键长于内容"
        case .badStoreKey: "键的形式未知"
        }
    }
}
