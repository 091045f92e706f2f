internal import Cryptography
internal import FoundationEssentials
internal import Identifiers
internal import Registry

/// What a delivery changes in the registry, worked out before the archive commits and kept in the staging folder, so that
/// a process killed between the two stores finishes instead of guessing.
struct Effects: Codable, Sendable {
    var known: Int64
    /// Day of the checks, and SM3 of the rejections; absent in what an earlier program left.
    var checkedOn: Int32?
    var rejectionsDigest: String?
    var totals: Totals
    var organisations: [Facts]
    var aliases: [Alias]
    /// Keys of the subjects of a list's records; absent in what an earlier program left.
    var listed: [String]?
    /// Where the log of records has the delivery, and what its arrival's leaf commits to.
    var ledger: Logged?

    struct Logged: Codable, Sendable {
        var first: Int64
        var text: String
    }

    struct Totals: Codable, Sendable {
        var rows, accepted, suspended, doubtful, rejected: Int
    }

    /// Keys are 32 hexadecimal digits: as lists of numbers they made up most of the file and of the time it takes.
    struct Alias: Codable, Sendable {
        var identifier: String
        var subject: String
        var row: UInt32
    }

    /// `OrganisationFacts` as it is stored.
    struct Facts: Codable, Sendable {
        var key: String
        var row: UInt32
        var registered: Bool
        var name: String
        var uscc, registrationNumber, organisationCode, status, region, category, industry, legalRepresentative: String?
        var established, effective: Int32?
        var formerNames: [String]
    }

    static let fileName = "effects"

    /// Bytes that are not what was written.
    struct Damage: Error {}

    /// The SM3 of the JSON in hex, a line end, the JSON.
    func encoded() throws -> [UInt8] {
        let json = Array(try JSONEncoder().encode(self))
        return Array(Self.digest(json[...]).hex.utf8) + [0x0A] + json
    }

    static func decoded(_ bytes: [UInt8]) throws -> Effects {
        let json = bytes.dropFirst(65)
        guard bytes.prefix(65).elementsEqual(Array(digest(json).hex.utf8) + [0x0A]) else { throw Damage() }
        return try JSONDecoder().decode(Effects.self, from: Data(json))
    }

    private static func digest(_ json: ArraySlice<UInt8>) -> SM3Digest {
        var digest = SM3()
        digest.update(json.span)
        return digest.finish()
    }
}

extension Effects.Facts {
    init(_ facts: OrganisationFacts) {
        self.init(
            key: facts.key.description, row: facts.row, registered: facts.registered, name: facts.name, uscc: facts.uscc,
            registrationNumber: facts.registrationNumber, organisationCode: facts.organisationCode, status: facts.status,
            region: facts.region, category: facts.category, industry: facts.industry, legalRepresentative: facts.legalRepresentative,
            established: facts.established?.day, effective: facts.effective?.day, formerNames: facts.formerNames)
    }

    var facts: OrganisationFacts? {
        guard let key = RegistryKey(hex: key) else { return nil }
        return OrganisationFacts(
            key: key, row: row, registered: registered, name: name, uscc: uscc, registrationNumber: registrationNumber,
            organisationCode: organisationCode, status: status, region: region, category: category, industry: industry,
            legalRepresentative: legalRepresentative, established: established.map(CivilDate.init(day:)),
            effective: effective.map(CivilDate.init(day:)), formerNames: formerNames)
    }
}
