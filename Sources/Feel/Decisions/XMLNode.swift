import Foundation
import FoundationXML

/// An element of a document with what is in it; names without their prefixes.
package final class XMLNode {
    package let name: String
    package let attributes: [String: String]
    package fileprivate(set) var children: [XMLNode] = []
    /// The text directly within it.
    package fileprivate(set) var text = ""
    /// Line of its start tag, from 1.
    package let line: Int

    fileprivate init(_ name: String, _ attributes: [String: String], line: Int) {
        self.name = name
        self.attributes = attributes
        self.line = line
    }

    package func child(_ name: String) -> XMLNode? { children.first { $0.name == name } }
    package func children(_ name: String) -> [XMLNode] { children.filter { $0.name == name } }
    subscript(attribute: String) -> String? { attributes[attribute] }

    /// It and everything below, in the document's order.
    var all: [XMLNode] { [self] + children.flatMap(\.all) }

    /// Elements within one another: what is read is gone through in steps that call themselves, and no tool draws as deep.
    private static let deepest = 200

    /// The document of some bytes.
    /// - Throws: `DecisionFault` naming the line where it is not well formed or too deep. Entities of its own are never read.
    package static func parse(_ bytes: [UInt8], file: String) throws(DecisionFault) -> XMLNode {
        // The library traps on a name that is no UTF-8 (found by the fuzzer).
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw DecisionFault(file: file, line: 1, message: "文件不是 UTF-8 编码，请用建模工具重新导出")
        }
        let reader = Reader()
        let parser = XMLParser(data: Data(bytes))
        parser.shouldResolveExternalEntities = false
        parser.delegate = reader
        let isWellFormed = parser.parse()
        if let line = reader.tooDeep { throw DecisionFault(file: file, line: line, message: "XML 元素嵌套太深，请用建模工具重新导出") }
        guard isWellFormed, reader.broken == nil, let root = reader.root else {
            throw DecisionFault(file: file, line: reader.broken ?? parser.lineNumber, message: "XML 写法有误，请用建模工具重新导出")
        }
        return root
    }

    private final class Reader: NSObject, XMLParserDelegate {
        var root: XMLNode?
        /// The line on which elements went too deep.
        var tooDeep: Int?
        /// The line of the first fault: the library tells of it, and yet says that it parsed what is cut off or badly nested.
        var broken: Int?
        private var path: [XMLNode] = []

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?, attributes: [String: String]
        ) {
            guard path.count < XMLNode.deepest else {
                tooDeep = tooDeep ?? parser.lineNumber
                return parser.abortParsing()
            }
            // Tools add attributes of their own: `name` goes before `tool:name`.
            let own = attributes.filter { !$0.key.contains(":") }
            let plain = own.merging(attributes.sorted { $0.key < $1.key }.map { (Self.local($0.key), $0.value) }) { one, _ in one }
            let node = XMLNode(Self.local(name), plain, line: parser.lineNumber)
            path.last?.children.append(node)
            if root == nil { root = node }
            path.append(node)
        }

        func parser(_: XMLParser, didEndElement _: String, namespaceURI _: String?, qualifiedName _: String?) {
            if tooDeep == nil { path.removeLast() }
        }

        func parser(_: XMLParser, foundCharacters text: String) { path.last?.text += text }

        func parser(_ parser: XMLParser, parseErrorOccurred _: any Error) { broken = broken ?? parser.lineNumber }

        func parser(_: XMLParser, foundCDATA block: Data) { path.last?.text += String(decoding: block, as: UTF8.self) }

        private static func local(_ name: String) -> String { name.split(separator: ":").last.map(String.init) ?? name }
    }
}

/// What is wrong with a decision model, and where.
package struct DecisionFault: Error, Sendable, Equatable, CustomStringConvertible {
    package let file: String
    package let line: Int
    /// What it is and what to do, in Chinese.
    package let message: String

    package var description: String { "\(file):\(line): \(message)" }
}
