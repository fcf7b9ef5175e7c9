/// Lays out Ethernet frames with a TCP segment in each, checksums included.
struct FrameEncoder {
  /// The headers of the frame laid out last: the first `headerLength` octets.
  private(set) var header = [UInt8](repeating: 0, count: 128)
  private(set) var headerLength = 0
  /// The frame's payload, as a part of the filler.
  private(set) var payload: Range<Int> = 0..<0
  let filler: Filler

  init(filler: Filler) {
    self.filler = filler
  }

  mutating func encode(_ segment: Segment, between hosts: Hosts) {
    let start = filler.start(for: segment.sequenceNumber)
    payload = start..<(start + segment.payload)
    let network = encodeEthernet(hosts, from: segment.sender)
    let transport = network + (hosts.isIPv6 ? 40 : 20)
    headerLength = encodeTCP(segment, hosts, at: transport)
    let length = headerLength - transport + segment.payload
    let addresses: Range<Int>
    if hosts.isIPv6 {
      encodeIPv6(segment, hosts, length, at: network)
      addresses = (network + 8)..<(network + 40)
    } else {
      encodeIPv4(segment, hosts, length, at: network)
      addresses = (network + 12)..<(network + 20)
    }
    // The pseudo-header (RFC 9293 §3.1, RFC 8200 §8.1): addresses, protocol, length.
    let sum =
      sum(addresses) + 6 + UInt64(length) + sum(transport..<headerLength) + filler.sum(payload)
    store(checksum(sum), at: transport + 16)
  }

  /// Returns where the next header begins.
  private mutating func encodeEthernet(_ hosts: Hosts, from sender: Role) -> Int {
    // Locally administered addresses, one a side.
    let (destination, source): (UInt8, UInt8) = sender == .client ? (2, 1) : (1, 2)
    store(0x0200_0000 as UInt32, at: 0)
    store(UInt16(destination), at: 4)
    store(0x0200_0000 as UInt32, at: 6)
    store(UInt16(source), at: 10)
    var next = 12
    if let vlan = hosts.vlan {
      store(0x8100 as UInt16, at: 12)
      store(vlan, at: 14)
      next = 16
    }
    store(hosts.isIPv6 ? 0x86dd : 0x0800 as UInt16, at: next)
    return next + 2
  }

  private mutating func encodeIPv4(
    _ segment: Segment, _ hosts: Hosts, _ length: Int, at start: Int
  ) {
    let (source, destination) = addresses(segment, hosts)
    store(0x4500 as UInt16, at: start)
    store(UInt16(20 + length), at: start + 2)
    store(segment.packetID, at: start + 4)
    // Don't fragment.
    store(0x4000 as UInt16, at: start + 6)
    header[start + 8] = timeToLive(segment, hosts)
    header[start + 9] = 6
    store(0 as UInt16, at: start + 10)
    store(source, at: start + 12)
    store(destination, at: start + 16)
    store(checksum(sum(start..<(start + 20))), at: start + 10)
  }

  private mutating func encodeIPv6(
    _ segment: Segment, _ hosts: Hosts, _ length: Int, at start: Int
  ) {
    let (source, destination) = addresses(segment, hosts)
    store(0x6000_0000 as UInt32, at: start)
    store(UInt16(length), at: start + 4)
    header[start + 6] = 6
    header[start + 7] = timeToLive(segment, hosts)
    for (address, place) in [(source, start + 8), (destination, start + 24)] {
      store(0x2001_0db8 as UInt32, at: place)
      store(0 as UInt64, at: place + 4)
      store(address, at: place + 12)
    }
  }

  /// Returns where the header ends.
  private mutating func encodeTCP(_ segment: Segment, _ hosts: Hosts, at start: Int) -> Int {
    let isFromClient = segment.sender == .client
    let isSYN = segment.flags.contains(.syn)
    let length = isSYN ? 40 : 32
    store(isFromClient ? hosts.clientPort : hosts.serverPort, at: start)
    store(isFromClient ? hosts.serverPort : hosts.clientPort, at: start + 2)
    store(segment.sequenceNumber, at: start + 4)
    store(segment.acknowledgmentNumber, at: start + 8)
    header[start + 12] = UInt8(length / 4) << 4
    header[start + 13] = segment.flags.rawValue
    // A scaled window of 64,256 octets; a SYN's is never scaled.
    store(isSYN ? 64_240 : 502 as UInt16, at: start + 14)
    store(0 as UInt32, at: start + 16)
    var option = start + 20
    if isSYN {
      // Maximum segment size 1460, selective acknowledgment permitted.
      store(0x0204_05b4 as UInt32, at: option)
      store(0x0402 as UInt16, at: option + 4)
      option += 6
    } else {
      store(0x0101 as UInt16, at: option)
      option += 2
    }
    store(0x080a as UInt16, at: option)
    store(segment.timestamp, at: option + 2)
    store(segment.echoedTimestamp, at: option + 6)
    if isSYN {
      // No operation, window scale 7.
      store(0x0103_0307 as UInt32, at: option + 10)
    }
    return start + length
  }

  private func addresses(_ segment: Segment, _ hosts: Hosts) -> (UInt32, UInt32) {
    segment.sender == .client ? (hosts.client, hosts.server) : (hosts.server, hosts.client)
  }

  private func timeToLive(_ segment: Segment, _ hosts: Hosts) -> UInt8 {
    segment.sender == .client ? hosts.clientTimeToLive : hosts.serverTimeToLive
  }

  /// Stores `value` in network byte order.
  private mutating func store<Value: FixedWidthInteger>(_ value: Value, at offset: Int) {
    for octet in 0..<(Value.bitWidth / 8) {
      header[offset + octet] = UInt8(
        truncatingIfNeeded: value >> (Value.bitWidth - 8 * (octet + 1)))
    }
  }

  /// The sum of the 16-bit words of an even number of the header's octets.
  private func sum(_ range: Range<Int>) -> UInt64 {
    var sum: UInt64 = 0
    for index in stride(from: range.lowerBound, to: range.upperBound, by: 2) {
      sum += UInt64(header[index]) << 8 | UInt64(header[index + 1])
    }
    return sum
  }

  /// The Internet checksum of words that sum up to `sum` (RFC 1071).
  private func checksum(_ sum: UInt64) -> UInt16 {
    var sum = sum
    while sum > 0xffff { sum = (sum >> 16) + (sum & 0xffff) }
    return ~UInt16(sum)
  }
}
