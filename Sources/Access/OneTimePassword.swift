internal import Cryptography

/// Passwords that somebody else gives a person, to be changed at once: six groups of four, without letters that look alike.
package enum OneTimePassword {
    private static let letters = Array("abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789")

    /// A new one: some 138 bits of chance.
    package static func make() -> String {
        var groups: [String] = []
        while groups.count < 6 {
            // Bytes beyond the last whole multiple are left out, so that every letter is as likely as another.
            let fair = randomBytes(16).filter { Int($0) < 256 / letters.count * letters.count }
            guard fair.count >= 4 else { continue }
            groups.append(String(fair.prefix(4).map { letters[Int($0) % letters.count] }))
        }
        return groups.joined(separator: "-")
    }
}
