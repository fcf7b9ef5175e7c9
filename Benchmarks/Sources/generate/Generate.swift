import ArgumentParser

@main
struct Generate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a capture of made-up TCP connections.",
    discussion: """
      Connections begin with a handshake, exchange requests and answers, and end by FIN from \
      either side or by RST. As many as asked for are open at a time; which of them speaks next \
      is drawn by lot, from the seed alone: the same options give the same octets. The defaults \
      are a header-only capture of 4.5 million packets.
      """)

  @Argument(help: "The pcap file to write.", completion: .file())
  var file: String

  @Option(help: "Connections in all.")
  var flows = 300_000

  @Option(help: "Packets of a connection, at least 7.")
  var packets = 15

  @Option(help: "Octets of payload in a segment of an answer; a request has a quarter of it.")
  var payload = 512

  @Option(help: "Octets captured of a packet at most.")
  var snap = 96

  @Option(help: "Connections open at a time.")
  var open = 5_000

  @Option(help: "The share of connections that end by RST.")
  var resets = 0.05

  @Flag(help: "Connections never end; their packets behind the handshake are data and its ACKs.")
  var established = false

  @Option(help: "The share of connections over IPv6.")
  var ipv6 = 0.1

  @Option(help: "The share of connections with a VLAN tag.")
  var vlan = 0.0

  @Option(help: "SYNs that nothing follows, each from ends of its own, evenly among the packets.")
  var synFlood = 0

  @Option(help: "Microseconds between packets.")
  var gap = 30

  @Option(help: "Where the random numbers begin.")
  var seed: UInt64 = 1

  func validate() throws {
    // More flows than this would need client addresses beyond 10.0.0.0/8.
    try check(1...200_000_000, flows, "--flows")
    try check(7...1_000_000, packets, "--packets")
    try check(0...65_000, payload, "--payload")
    try check(1...262_144, snap, "--snap")
    try check(1...200_000_000, open, "--open")
    try check(0...1, resets, "--resets")
    try check(0...1, ipv6, "--ipv6")
    try check(0...1, vlan, "--vlan")
    try check(0...1_000_000_000, gap, "--gap")
    try check(0...1_000_000_000, synFlood, "--syn-flood")
    // A pcap file counts seconds in 32 bits.
    guard (Double(flows) * Double(packets) + Double(synFlood)) * Double(gap) < 2.5e15 else {
      throw ValidationError("the capture would last beyond the year 2105")
    }
  }

  private func check<Value>(
    _ range: ClosedRange<Value>, _ value: Value, _ option: String
  ) throws {
    guard range.contains(value) else {
      throw ValidationError("\(option) must lie in \(range.lowerBound)...\(range.upperBound)")
    }
  }

  func run() throws {
    let shape = Shape(
      flows: flows, packets: packets, payload: payload, resets: resets,
      staysEstablished: established, ipv6: ipv6, vlan: vlan)
    var random = RandomNumbers(seed: seed)
    var writer = try CaptureWriter(path: file, snapLength: snap)
    var encoder = FrameEncoder(filler: Filler(largestPayload: payload, using: &random))
    // 2026-01-01T00:00:00Z.
    var microseconds = 1_767_225_600_000_000
    var begun = min(open, flows)
    var (written, flooded) = (0, 0)
    var conversations = (0..<begun).map {
      Conversation(number: $0, shape: shape, using: &random)
    }

    while !conversations.isEmpty {
      let index = random.below(conversations.count)
      let segment = conversations[index].next(at: microseconds / 1_000)
      encoder.encode(segment, between: conversations[index].hosts)
      try writer.write(encoder, microseconds: microseconds)
      microseconds += gap
      written += 1
      while flooded < synFlood * written / (flows * packets) {
        encoder.encode(Segment(flood: flooded), between: Hosts(flood: flooded))
        try writer.write(encoder, microseconds: microseconds)
        microseconds += gap
        flooded += 1
      }
      guard conversations[index].isOver else { continue }
      if begun < flows {
        conversations[index] = Conversation(number: begun, shape: shape, using: &random)
        begun += 1
      } else {
        conversations[index] = conversations[conversations.count - 1]
        conversations.removeLast()
      }
    }
    try writer.flush()
    print("\(written + flooded) packets")
  }
}
