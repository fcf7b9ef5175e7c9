import DequeModule
import PacketCapture

/// Packets that are to be written in their order, while it is not known of the first of them whether
/// it is wanted: it is a fragment, and whose it is only the last of its datagram tells.
///
/// What it holds is bounded; a fragment that waits for too long, or behind which too much has come,
/// is let go.
struct HeldPackets: Sendable {
  /// What is known of a packet.
  fileprivate enum Fate { case undecided, wanted, unwanted }

  struct Packet: Sendable {
    fileprivate let frame: Int
    let record: PacketRecord
    /// Its own octets: where the record says that they lie has no meaning any more.
    fileprivate(set) var octets: [UInt8]
    fileprivate var fate: Fate

    fileprivate var cost: Int { MemoryLayout<Packet>.stride + 32 + octets.count }
  }

  /// Octets of memory that all take, about, at most.
  static let octetsAtMost = 32 << 20
  /// As long as an incomplete datagram lives, at most: IPv6's (RFC 8200 §4.5), in nanoseconds.
  static let longest: UInt64 = 60_000_000_000

  private let limit: Int
  /// In ascending order of frames.
  private var packets: Deque<Packet> = []
  private(set) var cost = 0
  /// Fragments that were wanted, and had been let go.
  private(set) var missing = 0

  init(limit: Int = Self.octetsAtMost) { self.limit = limit }

  var isEmpty: Bool { packets.isEmpty }

  /// Holds the packet of `frame`, which is wanted, or a fragment of which that is not known.
  mutating func hold(
    _ frame: Int, _ record: PacketRecord, _ octets: Span<UInt8>, isWanted: Bool
  ) {
    let packet = Packet(
      frame: frame, record: record, octets: octets.indices.map { octets[$0] },
      fate: isWanted ? .wanted : .undecided)
    packets.append(packet)
    cost += packet.cost
  }

  /// Settles whether the fragments of `frames` are wanted, of which some may have been let go.
  mutating func decide(_ frames: some Sequence<Int>, areWanted: Bool) {
    for frame in frames {
      if let place = place(of: frame) {
        packets[place].fate = areWanted ? .wanted : .unwanted
        if !areWanted { empty(place) }
      } else if areWanted {
        missing += 1
      }
    }
  }

  private mutating func empty(_ place: Int) {
    cost -= packets[place].octets.count
    packets[place].octets = []
  }

  /// Takes out the next packet to be written at `time` (nanoseconds since the Unix epoch), if no
  /// fragment before it is undecided; at the end of the capture, which is no time, none is.
  mutating func next(at time: Int64?) -> Packet? {
    while let first = packets.first {
      guard first.fate != .undecided || isOver(first, at: time) else { return nil }
      packets.removeFirst()
      cost -= first.cost
      if first.fate == .wanted { return first }
    }
    return nil
  }

  /// Whether a fragment has waited long enough.
  private func isOver(_ packet: Packet, at time: Int64?) -> Bool {
    guard cost <= limit, let time else { return true }
    return (time &- packet.record.time).magnitude > Self.longest
  }

  private func place(of frame: Int) -> Int? {
    var (low, high) = (0, packets.count)
    while low < high {
      let middle = (low + high) / 2
      if packets[middle].frame < frame { low = middle + 1 } else { high = middle }
    }
    return low < packets.count && packets[low].frame == frame ? low : nil
  }
}
