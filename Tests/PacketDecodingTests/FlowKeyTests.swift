import PacketDecoding
import Testing

@Suite("Flow keys")
struct FlowKeyTests {
  /// In their order, with the least and the greatest number in each part.
  static let ipv4: [Endpoint] = [
    Endpoint(address: .v4(0), port: 0), Endpoint(address: .v4(0), port: 0xFFFF),
    Endpoint(address: .v4(1), port: 0), Endpoint(address: client, port: 443),
    Endpoint(address: client, port: 50000), Endpoint(address: .v4(.max), port: 0xFFFF),
  ]
  static let ipv6: [Endpoint] = [
    Endpoint(address: .v6(0), port: 0), Endpoint(address: .v6(0), port: 0xFFFF),
    Endpoint(address: .v6(0xC000_0201), port: 443), Endpoint(address: .v6(1 << 64), port: 0),
    Endpoint(address: client6, port: 443), Endpoint(address: .v6(.max), port: 0xFFFF),
  ]

  @Test(
    "a tuple gives back its ends, and has one key in either direction", arguments: [ipv4, ipv6])
  func ends(ends: [Endpoint]) {
    for (low, first) in ends.enumerated() {
      for (high, second) in ends.enumerated() where low <= high {
        let (tuple, reverse) = (Tuple(first, second), Tuple(second, first))
        #expect(tuple.source == first && tuple.destination == second)
        #expect(reverse.source == second && reverse.destination == first)
        #expect(tuple.key == reverse.key && tuple.indexed == reverse.indexed)
        #expect(tuple.key.low == first && tuple.key.high == second)
        #expect(tuple.sourceIsLow && reverse.sourceIsLow == (low == high))
        #expect(tuple.indexed == Tuple.indexed(tuple.key.hash))
      }
    }
  }

  @Test("keys of other ends are others, and so are their hashes")
  func differ() {
    var keys: [FlowKey] = []
    for ends in [Self.ipv4, Self.ipv6] {
      for (place, first) in ends.enumerated() {
        for second in ends[place...] { keys.append(Tuple(first, second).key) }
      }
    }
    for (place, key) in keys.enumerated() {
      #expect(keys[(place + 1)...].allSatisfy { $0 != key && $0.hash != key.hash })
    }
  }
}
