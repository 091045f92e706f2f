/// One column of a resource.
package struct Field: Sendable, Hashable {
    /// Code, unique in the resource: `CF_WSH`.
    package let code: String
    /// Code in the national standard or notice; nil for a local field.
    package let national: String?
    /// Chinese name, the column heading of the template.
    package let name: String
    /// Other column headings that departments use.
    package let aliases: [String]
    /// What its cells hold.
    package let type: FieldType
    /// Greatest number of characters (Unicode scalars); nil where not limited.
    package let length: Int?
    /// Whether every row must fill it.
    package let required: Bool
    /// When a row must fill it although it is not always required.
    package let requiredWhen: Condition?
    /// Whether a cell may hold several values, parted by ; ； 、 or , and stored parted by `;`.
    package let multiple: Bool
    /// What it says about the subject or the delivery.
    package let role: FieldRole?
    /// How carefully its values are treated.
    package let sensitivity: Sensitivity
    /// Checks of its value.
    package let checks: [FieldCheck]
    /// Remark for those who fill it in.
    package let note: String?
}
