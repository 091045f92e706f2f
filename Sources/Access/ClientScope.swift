/// What a program may be given (`scope` of RFC 6749 §3.3).
package enum ClientScope {
    /// Ask for verifications.
    package static let verifications = "verifications"
    /// Try verifications out on fictional subjects.
    package static let sandbox = "sandbox"
    /// All that there are.
    package static let all = ["deliveries", "withdrawals", "records", "subjects", "coverage", verifications, sandbox]
}
