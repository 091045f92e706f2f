package import Identifiers

/// How a record of one resource version is written as bytes: the fields of the business key first, so that they are a
/// prefix of the payload, then the others in catalogue order. Each value begins with a variable-length number, 0 where
/// the field is empty; a text follows as UTF-8. Fields that only identify the subject are left out, unless the resource
/// registers organisations: the archive finds a record by the subject's keyed hash, and holds no person's number.
package struct Layout: Sendable, Hashable {
    /// A stored value.
    package enum Value: Sendable, Hashable {
        /// The field is empty.
        case absent
        /// Text, a code, or an identifier; several values are parted by `;`.
        case text(String)
        /// A civil date.
        case date(CivilDate)
        /// A decimal number of the field's scale.
        case decimal(FixedDecimal)
        /// A whole number.
        case integer(Int64)
    }

    /// How a field's value is written.
    enum Form: Sendable, Hashable {
        case text
        case date
        case decimal(scale: UInt8)
        case integer
    }

    /// Indices into the resource's fields, in the order of the payload.
    package let stored: [Int]
    /// How many of `stored`, from the first, are the business key. 0 where the key is only the subject itself.
    package let keyCount: Int
    let forms: [Form]

    init(fields: [Field], businessKey: [String], registers: Bool) {
        func isStored(_ field: Field) -> Bool { registers || !(field.role?.identifiesSubject ?? false) }
        let key = businessKey.compactMap { code in fields.firstIndex { $0.code == code && isStored($0) } }
        let rest = fields.indices.filter { isStored(fields[$0]) && !key.contains($0) }
        stored = key + rest
        keyCount = key.count
        forms = stored.map { index in
            switch fields[index].type {
            case .text, .code, .identifier: .text
            case .date: .date
            case .decimal(_, let scale): .decimal(scale: scale)
            case .integer: .integer
            }
        }
    }

    /// Position in the payload of a field of the resource; nil where the field is not stored.
    package func position(ofField index: Int) -> Int? { stored.firstIndex(of: index) }
}

/// Why a payload is not a record of the layout. The archive's bytes are then damaged, or of another resource version.
package enum LayoutFault: UInt8, Error, Sendable, CaseIterable {
    /// It ends inside a value.
    case truncated = 1
    /// Bytes are left after the last value.
    case trailing
    /// A number is longer than any value can be.
    case number
    /// A text is not UTF-8.
    case text
    /// The values given to write do not fit the layout's fields.
    case shape

    /// What is wrong, in Chinese.
    package var message: String {
        switch self {
        case .truncated: "存档记录不完整，在字段中间结束"
        case .trailing: "存档记录在最后一个字段之后还有内容"
        case .number: "存档记录中的数值超出范围"
        case .text: "存档记录中的文字不是有效的 UTF-8"
        case .shape: "要写入的值与目录字段不一致"
        }
    }

    /// What to do about it, in Chinese.
    package var cure: String {
        switch self {
        case .shape: "请按目录当前版本的字段重新组织数据"
        default: "请运行 tianzhong verify 检查数据目录，必要时从备份恢复"
        }
    }
}
