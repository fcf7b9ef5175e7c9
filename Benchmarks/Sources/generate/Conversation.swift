/// One TCP connection from its SYN to its end, told segment by segment.
///
/// No segment is lost and none overtakes another, so each acknowledges all that the other side
/// has sent.
struct Conversation {
  let hosts: Hosts
  private let packets: Int
  private let payload: Int
  private let ending: Ending
  private let closer: Role
  private var step = 0
  private var client: Side
  private var server: Side

  init(number: Int, shape: Shape, using random: inout RandomNumbers) {
    hosts = Hosts(number: number, shape: shape, using: &random)
    packets = shape.packets
    payload = shape.payload
    closer = random.isHit(share: 0.5) ? .client : .server
    if shape.staysEstablished {
      ending = .missing
    } else if random.isHit(share: shape.resets) {
      ending = .reset
    } else {
      ending = random.isHit(share: 0.5) ? .threeSegments : .fourSegments
    }
    client = Side(.client, using: &random)
    server = Side(.server, using: &random)
  }

  var isOver: Bool { step == packets }

  /// The next segment, sent at `milliseconds` of its sender's clock.
  mutating func next(at milliseconds: Int) -> Segment {
    let (sender, flags, length) = plan()
    step += 1
    return switch sender {
    case .client: client.send(flags, length, at: milliseconds, hearing: server)
    case .server: server.send(flags, length, at: milliseconds, hearing: client)
    }
  }

  /// Who sends the segment of this step, with what flags and how much payload.
  private func plan() -> (Role, TCPFlags, payload: Int) {
    switch step {
    case 0: return (.client, .syn, 0)
    case 1: return (.server, [.syn, .ack], 0)
    case 2: return (.client, .ack, 0)
    default: break
    }
    let left = packets - step
    if left <= ending.count {
      let (byCloser, flags) = ending.segment(left: left)
      return (byCloser == (closer == .client) ? .client : .server, flags, 0)
    }
    // A request, its answer in two segments, and the acknowledgment of both.
    switch (step - 3) % 4 {
    case 0: return (.client, [.psh, .ack], (payload + 3) / 4)
    case 1: return (.server, .ack, payload)
    case 2: return (.server, [.psh, .ack], payload)
    default: return (.client, .ack, 0)
    }
  }
}

/// What all conversations of a capture have in common.
struct Shape {
  var flows: Int
  /// Packets of each flow, its beginning and its end included.
  var packets: Int
  /// Octets in each segment of an answer; a request has a quarter of it.
  var payload: Int
  var resets: Double
  /// No flow ends: what follows the handshakes are requests and answers.
  var staysEstablished: Bool
  var ipv6: Double
  var vlan: Double
}

/// The two ends of a connection.
enum Role {
  case client, server
}

/// One side of a conversation.
private struct Side {
  let role: Role
  var nextSequence: UInt32
  var packetID: UInt16
  var lastTimestamp: UInt32 = 0
  let clockOffset: UInt32

  init(_ role: Role, using random: inout RandomNumbers) {
    self.role = role
    nextSequence = UInt32(truncatingIfNeeded: random.next())
    packetID = UInt16(truncatingIfNeeded: random.next())
    clockOffset = UInt32(truncatingIfNeeded: random.next())
  }

  mutating func send(
    _ flags: TCPFlags, _ length: Int, at milliseconds: Int, hearing other: Side
  ) -> Segment {
    lastTimestamp = clockOffset &+ UInt32(truncatingIfNeeded: milliseconds)
    packetID &+= 1
    let isFirst = !flags.contains(.ack)
    let segment = Segment(
      sender: role, flags: flags, sequenceNumber: nextSequence,
      acknowledgmentNumber: isFirst ? 0 : other.nextSequence, payload: length,
      timestamp: lastTimestamp, echoedTimestamp: isFirst ? 0 : other.lastTimestamp,
      // Linux numbers a SYN-ACK 0.
      packetID: flags == [.syn, .ack] ? 0 : packetID)
    nextSequence &+= UInt32(length)
    if !flags.isDisjoint(with: [.syn, .fin]) { nextSequence &+= 1 }
    return segment
  }
}

/// How a conversation ends.
private enum Ending {
  case fourSegments, threeSegments, reset, missing

  /// How many segments it takes.
  var count: Int {
    switch self {
    case .fourSegments: 4
    case .threeSegments: 3
    case .reset: 1
    case .missing: 0
    }
  }

  /// The segment that has `left - 1` more behind it, and whether the closer sends it.
  func segment(left: Int) -> (byCloser: Bool, TCPFlags) {
    switch (self, left) {
    case (.fourSegments, 4), (.threeSegments, 3): (true, [.fin, .ack])
    case (.fourSegments, 3): (false, .ack)
    case (.fourSegments, 2), (.threeSegments, 2): (false, [.fin, .ack])
    case (.reset, _): (true, [.rst, .ack])
    default: (true, .ack)
    }
  }
}
