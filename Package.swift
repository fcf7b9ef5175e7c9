// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "tcpclose",
  products: [.executable(name: "tcpclose", targets: ["tcpclose"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
  ],
  targets: [
    // pkg-config alone links these. A `link` in their module maps would put them ahead of Swift's own
    // libraries, and whatever the program needs of those would be looked for in each of these first:
    // half a million instructions a library whenever it starts.
    .systemLibrary(name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CLz4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"])]),
    .target(
      name: "PacketCapture", dependencies: ["CPcap", "CZlib", "CZstd", "CLz4"],
      swiftSettings: settings),
    .target(name: "PacketDecoding", swiftSettings: settings),
    .target(
      name: "TCPTeardown",
      dependencies: [
        "PacketDecoding", .product(name: "BasicContainers", package: "swift-collections"),
      ],
      swiftSettings: settings),
    .target(
      name: "TeardownReport", dependencies: ["TCPTeardown", "PacketDecoding"],
      swiftSettings: settings),
    .executableTarget(
      name: "tcpclose",
      dependencies: [
        "PacketCapture", "PacketDecoding", "TCPTeardown", "TeardownReport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "DequeModule", package: "swift-collections"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "PacketCaptureTests",
      dependencies: ["PacketCapture", "CPcap", "CZlib", "CZstd", "CLz4"],
      swiftSettings: settings),
    .testTarget(
      name: "PacketDecodingTests", dependencies: ["PacketDecoding"], swiftSettings: settings),
    .target(
      name: "FlowScripts", dependencies: ["TCPTeardown", "PacketDecoding"],
      path: "Tests/FlowScripts", swiftSettings: settings),
    .testTarget(
      name: "TCPTeardownTests", dependencies: ["FlowScripts", "TCPTeardown", "PacketDecoding"],
      swiftSettings: settings),
    .testTarget(
      name: "TeardownReportTests",
      dependencies: [
        "FlowScripts", "TeardownReport", "TCPTeardown", "PacketDecoding",
        .product(name: "Histogram", package: "hdrhistogram-swift"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "tcpclose", "PacketCapture", "PacketDecoding", "TCPTeardown", "TeardownReport",
      ],
      exclude: ["Explained", "Help"], swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
