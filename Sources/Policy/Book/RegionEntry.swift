/// A region of `regions.yaml`: the city, its counties and districts, and the functional zones.
package struct RegionEntry: Sendable, Hashable {
    /// Six digits, GB/T 2260; a functional zone has a statistics code.
    package let code: String
    /// Chinese name.
    package let name: String
    /// Code of the region that it lies in; nil for the topmost.
    package let parent: String?
    /// Longitude of its centre in degrees, as the book gives it.
    package let longitude: Double?
    /// Latitude of its centre in degrees.
    package let latitude: Double?
    /// Codes that it bore before, still met in old numbers (驻马店地区 4128xx).
    package let formerCodes: [String]
    /// Whether it is a functional zone and no administrative division.
    package let zone: Bool
}
