extension Identifier {
    /// Guesses what a code typed into a search box is. The strictest rule that it meets decides: citizen numbers and
    /// other cards with date and check, then organisations' codes by their checks, then bare forms.
    /// - Returns: nil where it is no code at all, or one that is wrong in every reading.
    package static func recognise(_ raw: Span<UInt8>, on today: CivilDate) -> Identifier? {
        var text = IdentifierText()
        guard case .plain = Normalisation.normalise(raw, into: &text) else { return nil }
        let readings: [IdentifierKind]
        switch text.count {
        // A code of digits only may pass the checks of two kinds; a birth date is the rarer coincidence. The reading
        // as a citizen number takes other cards with a birth date along; permanent residence cards by their check
        // alone would take in every eleventh mistyped code of an organisation.
        case 18: readings = [.citizenNumber, .unifiedSocialCreditCode]
        // Legacy citizen numbers have no check, so the registration number's goes first (and takes a tenth of them).
        case 15: readings = [.registrationNumber, .permanentResidence, .citizenNumber]
        case 9: readings = [.organisationCode, .mainlandTravelPermit, .passport]
        case 11: readings = [.mainlandTravelPermit]
        case 8: readings = [.taiwanPermit, .passport]
        default: return nil
        }
        for kind in readings {
            if let identifier = assess(raw, as: kind, on: today).identifier { return identifier }
        }
        return nil
    }
}
