import FoundationEssentials
import Intake

/// What a verb asks of the process that serves the directory: one line of JSON.
struct ControlRequest: Codable {
    enum Command: String, Codable { case status, verify, backup, token, erasePerson }

    let command: Command
    /// Absolute path of the backup repository, for `backup`.
    var target: String?
    /// Key of the subject, for `erasePerson`.
    var subject: String?
    /// The decision that it rests on, for `erasePerson`.
    var reason: String?
}

/// What comes back: lines of JSON, the last of which is no progress.
struct ControlAnswer: Codable {
    /// Part that is done, 0…1.
    var progress: Double?
    /// The result in words.
    var done: String?
    /// A bearer token for this server, where one was asked for.
    var token: String?
    /// The report, where one was asked for.
    var verification: VerificationReport?
    /// Why it could not be done.
    var fault: String?
}

extension ControlAnswer {
    /// The answer as a line.
    var line: [UInt8] { ((try? JSONEncoder().encode(self)).map(Array.init) ?? []) + [0x0A] }
}
