// swift-tools-version: 6.2
import PackageDescription

// What single parts of tcpclose cost. A package of its own, so that neither tcpclose nor the other
// benchmarks resolve the benchmark tool. It compiles the modules anew, by the link in Modules: their
// interfaces are `package`, and only targets of one package see these.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "parts",
  platforms: [.macOS(.v13)],
  dependencies: [
    // Without traits: what it counts of allocations would need libraries besides.
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
  ],
  targets: [
    .target(name: "PacketDecoding", path: "Modules/PacketDecoding", swiftSettings: settings),
    .target(
      name: "TCPTeardown",
      dependencies: [
        "PacketDecoding", .product(name: "BasicContainers", package: "swift-collections"),
      ],
      path: "Modules/TCPTeardown", swiftSettings: settings),
    .target(
      name: "TeardownReport",
      dependencies: ["TCPTeardown", "PacketDecoding"], path: "Modules/TeardownReport",
      swiftSettings: settings),
    // The plugin takes targets whose folder lies in one named Benchmarks.
    .executableTarget(
      name: "Parts",
      dependencies: [
        "PacketDecoding", "TCPTeardown", "TeardownReport",
        .product(name: "Benchmark", package: "benchmark"),
      ],
      path: ".", exclude: ["Modules"], sources: ["Cases"], swiftSettings: settings,
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
  ],
  swiftLanguageModes: [.v6]
)
