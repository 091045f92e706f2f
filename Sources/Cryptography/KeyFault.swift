/// Why a key cannot be had or does not serve.
package struct KeyFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of trouble that callers treat differently.
    package enum Code: String, Sendable, CaseIterable {
        /// The key file is not there.
        case missing
        /// The key file cannot be read or written.
        case unreadable
        /// Others than the owner may read the key file.
        case exposed
        /// The key file is not what was written.
        case damaged
        /// A wrapped key was not wrapped by this master key, or was changed.
        case notOurs = "not-ours"
        /// The device that holds the keys does not answer, or not as it should.
        case device
        /// There is no memory for a password hash.
        case memory
    }

    package let code: Code
    /// What is wrong, in Chinese.
    package let message: String
    /// What to do about it, in Chinese.
    package let cure: String

    package init(_ code: Code, _ message: String, cure: String) {
        self.code = code
        self.message = message
        self.cure = cure
    }

    package var description: String { "\(message)。\(cure)" }
}
