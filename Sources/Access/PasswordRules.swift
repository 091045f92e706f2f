/// What a password must be: GB/T 22239-2019 8.1.4.1 asks for complexity and change, OWASP ASVS 5.0 V6.2 for length and against
/// what everybody uses.
package enum PasswordRules {
    /// Fewest and most characters.
    package static let length = 12...128
    /// Days after which a password must be changed.
    package static let lifetimeDays = 180

    /// What is wrong with a password, in Chinese; nil where nothing is.
    package static func fault(_ password: String, login: String, name: String) -> String? {
        guard length.contains(password.unicodeScalars.count) else { return "口令须有 12 至 128 个字符" }
        let lower = password.lowercased()
        if !login.isEmpty, lower.contains(login.lowercased()) { return "口令不能包含账号名" }
        if !name.isEmpty, password.contains(name) { return "口令不能包含姓名" }
        if context.contains(where: lower.contains) { return "口令含有本平台或地名的常用词，容易被猜中" }
        if Set(password.unicodeScalars).count < 6 { return "口令里重复的字符太多" }
        if isRun(lower) { return "口令含有连续的键或数字，容易被猜中" }
        guard kinds(password) >= 3 else { return "口令须含大写字母、小写字母、数字、其他符号中的至少三类" }
        return nil
    }

    /// Words that anybody would try here, and the stems of the passwords used most.
    private static let context = [
        "tianzhong", "zhumadian", "xinyong", "credit", "password", "passw0rd", "p@ssw0rd", "p@ssword", "iloveyou", "welcome", "letmein", "admin",
        "qwerty", "1qaz2wsx", "woaini", "changeme", "default", "dragon", "monkey", "football", "baseball", "superman", "sunshine", "princess",
    ]

    private static let rows = ["0123456789", "9876543210", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm"]

    /// Five neighbours of an alphabet or keyboard row in a row.
    private static func isRun(_ text: String) -> Bool {
        let text = Array(text)
        guard text.count >= 5 else { return false }
        return (0...text.count - 5).contains { start in
            let piece = String(text[start..<start + 5])
            return rows.contains { $0.contains(piece) }
        }
    }

    private static func kinds(_ text: String) -> Int {
        let scalars = text.unicodeScalars
        let found = [
            scalars.contains { ("a"..."z").contains($0) }, scalars.contains { ("A"..."Z").contains($0) },
            scalars.contains { ("0"..."9").contains($0) },
            scalars.contains { !("a"..."z").contains($0) && !("A"..."Z").contains($0) && !("0"..."9").contains($0) },
        ]
        return found.count { $0 }
    }
}
