// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that building tcpclose never builds this.
let package = Package(
  name: "benchmarks",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    .executableTarget(
      name: "generate",
      dependencies: [.product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .strictMemorySafety(),
        .treatAllWarnings(as: .error),
      ]),
    .executableTarget(name: "libpcap-loop", linkerSettings: [.linkedLibrary("pcap")]),
    .executableTarget(name: "header-walk"),
  ],
  swiftLanguageModes: [.v6]
)
