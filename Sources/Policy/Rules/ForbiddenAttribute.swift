/// What no rule may rest on (禁止使用的信息), of `forbidden-attributes.yaml`: a field whose name holds the word is refused in any indicator.
package struct ForbiddenAttribute: Sendable, Hashable {
    package let word: String
    package let basis: [BasisCitation]
}
