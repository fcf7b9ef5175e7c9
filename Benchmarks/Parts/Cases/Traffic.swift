import PacketDecoding
import TCPTeardown

/// Connections that run side by side, each a copy of the same plain one, and the table they are in.
struct Traffic: ~Copyable {
  let flows: Int
  private(set) var table = FlowTable(options: ReconstructionOptions())
  private var frame = 0
  /// 2026-01-01T00:00:00Z, in nanoseconds.
  private var time: Int64 = 1_767_225_600_000_000_000
  /// Octets that each client has sent since its SYN.
  private var sent: UInt32 = 1

  /// Opens `flows` connections; none of them sends data as yet.
  init(opening flows: Int) {
    self.flows = flows
    for flow in 0..<flows { open(flow) }
    for flow in 0..<flows {
      take(segment(flow, .server, [.syn, .ack], number: 0, acknowledging: 1))
    }
    for flow in 0..<flows {
      take(segment(flow, .client, .ack, number: 1, acknowledging: 1))
    }
  }

  /// Sends a SYN that opens flow `flow`.
  mutating func open(_ flow: Int) {
    take(segment(flow, .client, .syn, number: 0, acknowledging: 0))
  }

  /// The next plain segment of `count` flows in turn, from the flow `first` on; the last of them
  /// moves all flows on.
  mutating func sendData(_ count: Int, from first: Int) {
    for flow in first..<(first + count) {
      take(segment(flow, .client, .ack, number: sent, acknowledging: 1, length: 100))
    }
    if first + count == flows { sent &+= 100 }
  }

  /// Each client closes: the first FIN of a flow tells something.
  mutating func sendFINs() {
    for flow in 0..<flows {
      take(segment(flow, .client, [.fin, .ack], number: sent, acknowledging: 1))
    }
  }

  /// Lets all connections end in the plainest way, and the capture too.
  mutating func close() {
    sendFINs()
    for flow in 0..<flows {
      take(segment(flow, .server, [.fin, .ack], number: 1, acknowledging: sent &+ 1))
    }
    for flow in 0..<flows {
      take(segment(flow, .client, .ack, number: sent &+ 1, acknowledging: 2))
    }
  }

  /// Makes some flows due after the capture's end; false when none is left.
  mutating func finishSome() -> Bool { table.finishSome() }

  /// Records what is due.
  mutating func drain(_ recorder: inout Recorder, _ body: (borrowing FlowRecord) -> Void) {
    recorder.drain(&table, body)
  }

  @inline(__always)
  private mutating func take(_ segment: AddressedSegment) {
    frame += 1
    time += 1_000
    table.advance(to: time)
    table.take(segment, at: time, frame: frame)
  }

  @inline(__always)
  private func segment(
    _ flow: Int, _ side: Side, _ flags: TCPFlags, number: UInt32, acknowledging: UInt32,
    length: UInt32 = 0
  ) -> AddressedSegment {
    // No two flows have the same client.
    let client = Endpoint(
      address: .v4(0x0A00_0001 + UInt32(truncatingIfNeeded: flow >> 14)),
      port: UInt16(truncatingIfNeeded: 32_768 + flow & 0x3FFF))
    let server = Endpoint(address: .v4(0xC000_0201), port: 443)
    let isClient = side == .client
    return AddressedSegment(
      source: isClient ? client : server, destination: isClient ? server : client,
      sequenceNumber: SequenceNumber((isClient ? 1_000_000 : 2_000_000) &+ number),
      acknowledgmentNumber: SequenceNumber(
        flags.contains(.ack) ? (isClient ? 2_000_000 : 1_000_000) &+ acknowledging : 0),
      flags: flags, payloadLength: length, window: 502)
  }
}
