package struct Variable: Sendable { package let name: String; package let type: FeelType; package let unit: String?
 package init(_ name: String, _ type: FeelType, unit: String? = nil) { self.name = name; self.type = type; self.unit = unit } }
package struct Vocabulary: Sendable { package let variables: [Variable]
 package init(_ variables: [Variable]) { self.variables = variables }
 package func index(of name: String) -> Int? { variables.firstIndex { $0.name == name } } }
package struct TypedExpression: Sendable {
 package let text: String; package let type: FeelType; package let unit: String?; package let variables: [Int]
 let e: Expression; let v: Vocabulary
 package static func check(_ text: String, in vocabulary: Vocabulary, as expected: FeelType? = nil) throws(FeelFault) -> TypedExpression {
  let e = try Parser.expression(text)
  return TypedExpression(text: text, type: expected ?? .any, unit: nil, variables: vocabulary.variables.indices.filter { text.contains(vocabulary.variables[$0].name) }, e: e, v: vocabulary) }
 package func evaluate(_ facts: [Value]) -> Value { Evaluator.evaluate(e, in: Scope(Context(zip(v.variables.map(\.name), facts).map { ($0, $1) }))) }
 package func holds(_ facts: [Value]) -> Bool? { variables.contains { facts[$0].isNull } ? nil : evaluate(facts).truth }
}
