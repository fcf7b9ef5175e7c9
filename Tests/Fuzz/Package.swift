// swift-tools-version: 6.2
import PackageDescription

// What libFuzzer runs: `Scripts/fuzz` builds it. A package of its own, for it is built with another
// entry point and with counters in all code. It compiles the modules anew, by the link in Modules:
// their interfaces are `package`, and only targets of one package see these.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "fuzz",
  dependencies: [
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0")
  ],
  targets: [
    .systemLibrary(name: "CPcap", path: "Modules/CPcap", pkgConfig: "libpcap"),
    .systemLibrary(name: "CZlib", path: "Modules/CZlib", pkgConfig: "zlib"),
    .systemLibrary(name: "CZstd", path: "Modules/CZstd", pkgConfig: "libzstd"),
    .systemLibrary(name: "CLz4", path: "Modules/CLz4", pkgConfig: "liblz4"),
    .target(
      name: "PacketCapture", dependencies: ["CPcap", "CZlib", "CZstd", "CLz4"],
      path: "Modules/PacketCapture", swiftSettings: settings),
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
    // libFuzzer brings `main`.
    .executableTarget(
      name: "fuzz",
      dependencies: ["PacketCapture", "PacketDecoding", "TCPTeardown", "TeardownReport"],
      path: "Targets", swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])]),
  ],
  swiftLanguageModes: [.v6]
)
