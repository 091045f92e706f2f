// swift-tools-version: 6.2
import PackageDescription

/// `Scripts/fuzz` sets it: the parts are then built for libFuzzer, with the fuzz program and without what only serves pages.
let isFuzzing = Context.environment["TIANZHONG_FUZZ"] != nil
let sanitised = ["-sanitize=fuzzer,address"]

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
] + (isFuzzing ? [.unsafeFlags(sanitised + ["-enable-testing"])] : [])

/// One part of the platform; what it may import is the table of `Documentation/architecture.md`.
func part(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// The tests that stand beside a part.
func tests(of name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, swiftSettings: settings)
}

/// A C library of Debian 12, seen from Swift.
func library(_ name: String, pkgConfig: String? = nil, apt: String? = nil) -> Target {
    .systemLibrary(
        name: name, path: "Sources/System/\(name)", pkgConfig: pkgConfig,
        providers: apt.map { [.apt([$0])] })
}

let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let jwt = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

let package = Package(
    name: "tianzhong-credit",
    products: [.executable(name: "tianzhong", targets: ["tianzhong"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit", exact: "5.7.1"),
    ],
    targets: [
        library("CRocksDB", pkgConfig: "rocksdb", apt: "librocksdb-dev"),
        library("CGcrypt", apt: "libgcrypt20-dev"),
        library("COpenSSL", pkgConfig: "libcrypto", apt: "libssl-dev"),
        library("CArgon2", pkgConfig: "libargon2", apt: "libargon2-dev"),
        library("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
        library("CXlsxWriter", pkgConfig: "xlsxwriter", apt: "libxlsxwriter-dev"),
        library("CIconv"),
        library("CIntelDecimal", apt: "libintelrdfpmath-dev"),

        // Our own, for want of a library: what it is for is in its header.
        .target(name: "CSM3", path: "Sources/System/CSM3"),

        part("Disk"),
        part("Identifiers"),
        part("Cryptography", ["CGcrypt", "COpenSSL", "CArgon2", "CSM3"]),
        part("Feel", ["CIntelDecimal"]),
        part("Policy", ["Identifiers", "Cryptography", "Feel", yams]),
        part("Archive", ["Disk", "Identifiers", "Cryptography", "CRocksDB"]),
        part("Registry", ["Disk", "Identifiers", "Cryptography", grdb, grdbSQLite]),
        part("Evaluation", ["Identifiers", "Feel", "Policy", "Archive", "Registry"]),
        part("Ledger", ["Disk", "Cryptography"]),
        part("Tables", ["CZlib", "CXlsxWriter", "CIconv"]),
        part("Intake", ["Disk", "Identifiers", "Policy", "Archive", "Registry", "Tables", "Cryptography", "Ledger"]),
        part("Measures", ["Identifiers", "Policy", "Archive", "Registry", "Intake", "Evaluation", "Ledger", "Cryptography", "Tables", "Feel"]),
        part("Access", ["Identifiers", "Cryptography", "Policy", "Registry", "Ledger", jwt]),
        part("Simulation", ["Identifiers", "Policy", "Tables"]),
        part("Portal", ["Identifiers", "Cryptography", "Policy", "Archive", "Registry", "Tables", "Ledger", "Intake", "Access", "Evaluation", "Measures", "Feel", hummingbird, mustache, logging]),
        .executableTarget(
            name: "tianzhong", dependencies: [
                "Disk", "Identifiers", "Cryptography", "Feel", "Policy", "Archive", "Registry", "Tables", "Ledger", "Evaluation", "Measures", "Intake", "Access", "Portal", "Simulation", arguments, logging, lifecycle],
            swiftSettings: settings),

        tests(of: "Disk"),
        tests(of: "Identifiers"),
        tests(of: "Cryptography", ["CGcrypt", "COpenSSL"]),
        tests(of: "Ledger", ["Disk", "Cryptography"]),
        tests(of: "Access", ["Identifiers", "Cryptography", "Policy", "Registry", "Ledger", jwt]),
        tests(of: "Feel"),
        tests(of: "Policy"),
        tests(of: "Evaluation", ["Identifiers", "Feel", "Policy", "Archive", "Registry"]),
        tests(of: "Measures", ["Identifiers", "Cryptography", "Feel", "Policy", "Archive", "Registry", "Ledger", "Intake", "Evaluation", "Tables"]),
        tests(of: "Archive"),
        tests(of: "Registry", [grdb]),
        tests(of: "Tables", ["CZlib"]),
        tests(
            of: "Intake", ["Disk", "Identifiers", "Cryptography", "Policy", "Archive", "Registry", "Tables", "Ledger", "Simulation"]),
        tests(of: "Simulation"),
        tests(of: "tianzhong"),
        tests(of: "Portal", [.product(name: "HummingbirdTesting", package: "hummingbird"), jwt]),
    ]
)

let underFuzz = ["Disk", "Identifiers", "Cryptography", "Feel", "Policy", "Archive", "Tables", "Ledger", "Intake", "Measures", "Portal"]
if isFuzzing {
    package.products = []
    package.targets.removeAll { $0.type == .test || ["Simulation", "Portal", "tianzhong"].contains($0.name) }
    package.targets += [
        // Of the portal only what takes a form apart, so that no server is built.
        .target(
            name: "Portal", dependencies: ["Identifiers"], path: "Sources/Portal/Forms", sources: ["MultipartParser.swift", "PercentCoding.swift"],
            swiftSettings: settings),
        .target(
            name: "Properties", dependencies: underFuzz.map { .byName(name: $0) } + ["CZlib"], path: "Fuzz/Properties",
            swiftSettings: settings),
        .executableTarget(
            name: "Fuzz", dependencies: ["Properties"], path: "Fuzz/Program",
            swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])],
            // gold, the default, ends with an internal fault on a program of libFuzzer.
            linkerSettings: [.unsafeFlags(sanitised + ["-use-ld=lld"])]),
    ]
} else {
    package.targets.append(
        .testTarget(
            name: "FuzzTests", dependencies: underFuzz.map { .byName(name: $0) } + ["CZlib"], path: "Fuzz",
            exclude: ["Program", "Seeds", "Dictionaries"], sources: ["Properties", "Tests"], swiftSettings: settings))
}
