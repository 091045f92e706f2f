/// 信用核查 within the page of another system: the answer to a signed question, and where the official says what was decided.
struct EmbeddedPage: Page {
    static let templates = ["embedded"]
    var shell: Shell
    var notice: Notice?
    /// Waits for the question that stands behind `#` in the address, which no server is told.
    var waits: Bool
    var answer: AnswerView?
    /// What is told to the host's page.
    var relay: Relay?
    /// Who asked, where, when: on everything shown and printed.
    var watermark: String

    struct Relay: Sendable {
        /// The only page that it is told to.
        var origin: String
        /// JSON.
        var message: String
    }
}
