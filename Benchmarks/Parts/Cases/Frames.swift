/// A captured frame with a plain segment in it, as one link type lays it out.
struct Frame: Sendable {
  let name: String
  /// LINKTYPE number.
  let linkType: UInt16
  let octets: [UInt8]

  static let all: [Frame] = [
    Frame(name: "Ethernet, IPv4", linkType: 1, octets: ethernet([0x08, 0x00]) + ipv4),
    Frame(
      name: "Ethernet with VLAN, IPv4", linkType: 1,
      octets: ethernet([0x81, 0x00, 0x00, 0x64, 0x08, 0x00]) + ipv4),
    Frame(name: "Ethernet, IPv6", linkType: 1, octets: ethernet([0x86, 0xDD]) + ipv6),
    Frame(name: "BSD loopback, IPv4", linkType: 0, octets: [2, 0, 0, 0] + ipv4),
    Frame(name: "raw IP, IPv4", linkType: 101, octets: ipv4),
    Frame(
      name: "Linux cooked, IPv4", linkType: 113,
      octets: [0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, 0x08, 0x00] + ipv4),
    Frame(
      name: "Linux cooked 2, IPv4", linkType: 276,
      octets: [0x08, 0x00, 0, 0, 0, 0, 0, 2, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0] + ipv4),
    Frame(name: "PPP, IPv4", linkType: 9, octets: [0xFF, 0x03, 0x00, 0x21] + ipv4),
  ]

  private static func ethernet(_ type: [UInt8]) -> [UInt8] {
    [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2] + type
  }

  /// 192.0.2.1:443 to 10.0.0.1:50000, ACK with timestamps and 24 octets of payload.
  private static let segment: [UInt8] =
    [
      0x01, 0xBB, 0xC3, 0x50, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x80, 0x80, 0x10, 0x01,
      0xF6, 0, 0, 0, 0, 1, 1, 8, 10, 0, 0, 1, 0, 0, 0, 2, 0,
    ] + [UInt8](repeating: 0x61, count: 24)
  private static let ipv4: [UInt8] =
    [
      0x45, 0, 0, 76, 0x12, 0x34, 0x40, 0, 60, 6, 0, 0, 192, 0, 2, 1, 10, 0, 0, 1,
    ] + segment
  private static let ipv6: [UInt8] =
    [0x60, 0, 0, 0, 0, 56, 6, 60]
    + [0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 1]
    + [0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 1] + segment
}
