/// Where a conversation's two ends are, and what lies between them.
struct Hosts {
  let isIPv6: Bool
  /// The VLAN that the frames are tagged with.
  let vlan: UInt16?
  /// The last 32 bits of the addresses.
  let client: UInt32
  let server: UInt32
  let clientPort: UInt16
  let serverPort: UInt16
  /// What is left of each side's time to live where the capture is taken.
  let clientTimeToLive: UInt8
  let serverTimeToLive: UInt8

  /// The hosts of flow `number`: no two flows of a capture have the same client port.
  init(number: Int, shape: Shape, using random: inout RandomNumbers) {
    isIPv6 = random.isHit(share: shape.ipv6)
    vlan = random.isHit(share: shape.vlan) ? 100 + UInt16(random.below(8)) : nil
    let clients = max(64, shape.flows / 20_000 + 1)
    client = 0x0a00_0001 + UInt32(number % clients)
    clientPort = 32_768 + UInt16(number / clients)
    // 192.0.2.1 to 192.0.2.32.
    server = 0xc000_0201 + UInt32(random.below(32))
    serverPort = [80, 443, 5432, 6379][random.below(4)]
    clientTimeToLive = 64 - UInt8(random.below(12))
    serverTimeToLive = 64 - UInt8(random.below(4))
  }

  /// The hosts of a flood's SYN: no two have the same client, and no conversation has one of them.
  init(flood number: Int) {
    isIPv6 = false
    vlan = nil
    client = 0x2000_0000 + UInt32(number)
    clientPort = 1_024 + UInt16(number % 60_000)
    server = 0xc000_0201
    serverPort = 80
    clientTimeToLive = 64
    serverTimeToLive = 64
  }
}
