/// Full-width forms and the many blanks of Chinese text, folded to ASCII.
enum Width {
    /// What the character that begins at `index` is in plain ASCII, and how many bytes it takes: full-width forms
    /// U+FF01...FF5E, blanks (U+3000, U+00A0) as a space, dashes and minus as a hyphen; a byte order mark and zero-width
    /// characters give byte 0, meaning nothing. Length 0 where it is none of these. Only for bytes ≥ 0x80.
    static func plain(_ raw: Span<UInt8>, at index: Int) -> (byte: UInt8, length: Int) {
        let left = raw.count &- index
        switch raw[index] {
        case 0xEF where left >= 3:
            let second = raw[index &+ 1]
            let third = raw[index &+ 2]
            if second == 0xBC, third >= 0x81, third <= 0xBF { return (third &- 0x60, 3) }
            if second == 0xBD, third >= 0x80, third <= 0x9E { return (third &- 0x20, 3) }
            if second == 0xBB, third == 0xBF { return (0, 3) }
        case 0xE3 where left >= 3:
            if raw[index &+ 1] == 0x80, raw[index &+ 2] == 0x80 { return (0x20, 3) }
        case 0xE2 where left >= 3:
            let second = raw[index &+ 1]
            let third = raw[index &+ 2]
            if second == 0x80, third >= 0x90, third <= 0x95 { return (0x2D, 3) }
            if second == 0x88, third == 0x92 { return (0x2D, 3) }
            if second == 0x80, third >= 0x80, third <= 0x8A { return (0x20, 3) }
            if second == 0x80, third >= 0x8B, third <= 0x8D { return (0, 3) }
        case 0xC2 where left >= 2:
            if raw[index &+ 1] == 0xA0 { return (0x20, 2) }
        default:
            break
        }
        return (0, 0)
    }

    /// Length of the well-formed UTF-8 character that begins at `index` with a byte ≥ 0x80; 0 where it is malformed
    /// (RFC 3629: no overlong forms, no surrogates, nothing past U+10FFFF).
    @inline(__always)
    static func length(_ raw: Span<UInt8>, at index: Int) -> Int {
        let lead = raw[index]
        let left = raw.count &- index
        if lead &- 0xE1 < 0x0C || lead == 0xEE || lead == 0xEF {
            return left >= 3 && follows(raw[index &+ 1]) && follows(raw[index &+ 2]) ? 3 : 0
        }
        if lead >= 0xC2, lead < 0xE0 { return left >= 2 && follows(raw[index &+ 1]) ? 2 : 0 }
        if lead == 0xE0 || lead == 0xED {
            guard left >= 3, follows(raw[index &+ 1]), follows(raw[index &+ 2]) else { return 0 }
            return (raw[index &+ 1] >= 0xA0) == (lead == 0xE0) ? 3 : 0
        }
        guard lead >= 0xF0, lead <= 0xF4, left >= 4, follows(raw[index &+ 1]), follows(raw[index &+ 2]),
            follows(raw[index &+ 3])
        else { return 0 }
        if lead == 0xF0 { return raw[index &+ 1] >= 0x90 ? 4 : 0 }
        return lead < 0xF4 || raw[index &+ 1] < 0x90 ? 4 : 0
    }

    @inline(__always)
    private static func follows(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
}
