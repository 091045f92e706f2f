internal import Policy

/// What clerks do to a value without making it wrong: intake must read it as if nothing had been.
struct Sloppiness: Sendable {
    let sheet: Sheet
    let habits: FileHabits

    /// Roughens a finished row in place.
    func apply(_ draft: inout DraftRow, _ draws: inout Draws, scratch: inout [UInt8]) {
        writeNames(&draft)
        guard draws.happens(habits.sloppiness) else { return }
        let field = habits.columns[draws.below(habits.columns.count)]
        let target = draws.happens(.percent(60)) ? identifier(of: draft) ?? field : field
        guard draft.cells[target].form == .text || draft.cells[target].form == .number else { return }
        let text = Array(draft.text(target))
        let isIdentifier = if case .identifier = sheet.columns[target].type { true } else { false }
        let isNumber = draft.cells[target].form == .number
        scratch.removeAll(keepingCapacity: true)
        switch draws.below(5) {
        case 0 where isIdentifier || isNumber: fullWidth(text, into: &scratch)
        case 1 where isIdentifier: for byte in text { scratch.append(byte >= 65 && byte <= 90 ? byte | 0x20 : byte) }
        case 2 where isIdentifier && text.count == 18: part(text, at: [8, 17], by: 0x2D, into: &scratch)
        case 3 where isIdentifier && text.count == 18: part(text, at: [6, 14], by: 0x20, into: &scratch)
        case 4:
            scratch.append(contentsOf: "\u{3000}".utf8)
            scratch.append(contentsOf: text)
        default:
            scratch.append(contentsOf: text)
            scratch.append(contentsOf: "  ".utf8)
        }
        let value = scratch
        draft.set(target) { $0.append(contentsOf: value) }
    }

    /// Writes the number of somebody born before 2000 in the form of 15 digits that was in use until then: no century, no
    /// check character. A function of the base row, so that copies of it carry the same form: intake marks it 疑问.
    func shorten(_ draft: inout DraftRow, of plan: FilePlan, row: Int) {
        var draws = Draws(seed: plan.seed ^ 0x1515_5151_1515_5151, place: UInt64(row))
        guard let field = sheet.personField, draws.happens(Planting.legacyNumber) else { return }
        let text = Array(draft.text(field))
        guard text.count == 18, text[6] == 49, text[7] == 57 else { return }
        draft.set(field) { out in
            out.append(contentsOf: text[..<6])
            out.append(contentsOf: text[8..<17])
        }
    }

    /// Puts a sign before the characters at some places.
    private func part(_ text: [UInt8], at places: [Int], by sign: UInt8, into out: inout [UInt8]) {
        for (place, byte) in text.enumerated() {
            if places.contains(place) { out.append(sign) }
            out.append(byte)
        }
    }

    private func identifier(of draft: DraftRow) -> Int? {
        [sheet.organisationField, sheet.personField, sheet.registrationField].lazy.compactMap { $0 }
            .first { draft.cells[$0].form == .text }
    }

    /// ASCII letters and digits in the full-width form that Chinese input methods leave behind.
    private func fullWidth(_ text: [UInt8], into out: inout [UInt8]) {
        for byte in text {
            guard byte > 0x20, byte < 0x7F else {
                out.append(byte)
                continue
            }
            let scalar = UInt32(byte) + 0xFEE0
            out.append(contentsOf: [UInt8(0xE0 | scalar >> 12), UInt8(0x80 | scalar >> 6 & 0x3F), UInt8(0x80 | scalar & 0x3F)])
        }
    }

    /// The Chinese names in place of codes; several parted by 、.
    func writeNames(_ draft: inout DraftRow) {
        guard habits.codeNames else { return }
        for field in habits.columns {
            let cell = draft.cells[field]
            guard cell.form == .text, cell.number > 0, !sheet.columns[field].values.isEmpty else { continue }
            let values = sheet.columns[field].values
            let (first, second) = (Int(cell.number & 0xFF), Int(cell.number >> 8))
            draft.set(field, number: cell.number) { out in
                out.append(contentsOf: values[first - 1].name)
                if second > 0 {
                    out.append(contentsOf: "、".utf8)
                    out.append(contentsOf: values[second - 1].name)
                }
            }
        }
    }
}
