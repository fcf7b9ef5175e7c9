/// What has come of a datagram: which octets, and the first of them as far as they were captured.
struct IncompleteDatagram: Sendable {
  /// What a fragment is to the datagram.
  enum Arrival: Equatable {
    case fits
    /// It fits, and shows octets again that came before: those stay.
    case overlaps
    /// All of it came before.
    case isRepeated
    /// It begins a datagram to which the identification was given anew.
    case beginsAnother
    /// The datagram cannot end at two places, nor go on behind its end.
    case contradicts
    /// There are too many holes to remember.
    case isScattered
  }

  /// Octets of payload that are held: headers in any tunnel, and an HTTP head.
  static let octetsHeld = 2048
  private static let mostRanges = 256

  /// When its first fragment came, in nanoseconds since the Unix epoch.
  let start: Int64
  /// Tells it from others of its identification.
  let serial: UInt64
  /// The numbers of the frames that its fragments were in, as they came; without repeats.
  private(set) var frames: [Int] = []
  /// Fragments that came more than once.
  private(set) var repeats = 0
  /// Of the fragment that completed it, kept where another copy is to be expected.
  var completing: Range<Int>?
  private var coverage = Coverage()
  /// Octets of the whole payload, once the last fragment told.
  private var length: Int?
  /// The first fragment's IP header.
  private var header: [UInt8] = []
  /// The payload's first octets, and which of them were captured.
  private var octets: [UInt8] = []
  private var held = Coverage()

  init(start: Int64, serial: UInt64) {
    self.start = start
    self.serial = serial
  }

  /// Octets of memory that it takes, about.
  var cost: Int {
    400 + header.count + octets.count + coverage.ranges.count * 16 + frames.count * 8
  }

  var isComplete: Bool { length.map { coverage.prefix == $0 } ?? false }

  /// Whether it begins with one of SYN, FIN and RST, if TCP is what it is.
  var opensOrEnds: Bool { held.prefix >= 14 && octets[13] & 0x07 != 0 }

  /// Whether TCP follows the fragment header.
  var isTCPOverIPv6: Bool { header.count >= 48 && header[header.count - 8] == IPProtocol.tcp }

  /// Takes in `fragment` of `frame`, for which the frames of these numbers were needed.
  mutating func take(_ fragment: Fragment, of frame: Span<UInt8>, frames: [Int]) -> Arrival {
    let payload = frame.extracting(fragment.payload)
    if fragment.place.lowerBound == 0, !header.isEmpty, contradicts(payload) {
      return .beginsAnother
    }
    let tellsLength = fragment.isLast && length == nil
    if fragment.isLast {
      guard coverage.end <= fragment.place.upperBound,
        length ?? fragment.place.upperBound == fragment.place.upperBound
      else { return .contradicts }
    } else if let length, fragment.place.upperBound > length {
      return .contradicts
    }
    if coverage.contains(fragment.place), !tellsLength {
      repeats += 1
      return .isRepeated
    }
    let overlaps = coverage.overlaps(fragment.place)
    coverage.insert(fragment.place)
    guard coverage.ranges.count <= Self.mostRanges else { return .isScattered }
    if fragment.isLast { length = fragment.place.upperBound }
    if fragment.place.lowerBound == 0, header.isEmpty {
      header = Array(copying: frame.extracting(fragment.header))
    }
    hold(payload, at: fragment.place.lowerBound)
    self.frames += frames
    return overlaps ? .overlaps : .fits
  }

  /// Whether the octets with which a payload begins are others than those held.
  private func contradicts(_ payload: Span<UInt8>) -> Bool {
    (0..<min(payload.count, held.prefix)).contains { payload[$0] != octets[$0] }
  }

  /// Holds what is to be held of `payload`, which belongs at `offset`, and is not held yet.
  private mutating func hold(_ payload: Span<UInt8>, at offset: Int) {
    let end = min(offset + payload.count, Self.octetsHeld)
    guard offset < end else { return }
    if octets.count < end { octets.append(contentsOf: repeatElement(0, count: end - octets.count)) }
    if held.overlaps(offset..<end) {
      for place in offset..<end where !held.contains(place..<place + 1) {
        octets[place] = payload[place - offset]
      }
    } else {
      for place in offset..<end { octets[place] = payload[place - offset] }
    }
    held.insert(offset..<end)
  }

  /// The complete datagram as if it had never been fragmented, and its length on the wire; its
  /// octets end where one was not captured or not held.
  func assembled() -> (octets: [UInt8], length: Int) {
    let total = header.count + (length ?? 0)
    var packet = header
    if packet[0] >> 4 == 4 {
      packet.put(UInt16(truncatingIfNeeded: total), at: 2)
      packet.put(0, at: 6)
    } else {
      packet.put(UInt16(truncatingIfNeeded: total - 40), at: 4)
      // A fragment header of the only fragment is stepped over (RFC 6946).
      packet.put(0, at: packet.count - 6)
    }
    packet += octets.prefix(held.prefix)
    return (packet, total)
  }

  /// Keeps of a complete datagram only what tells another copy of its last fragment.
  mutating func empty(completedBy place: Range<Int>) {
    completing = place
    frames = []
    (header, octets) = ([], [])
    (coverage, held) = (Coverage(), Coverage())
  }
}

extension [UInt8] {
  /// Writes `value` in network byte order at `offset`.
  fileprivate mutating func put(_ value: UInt16, at offset: Int) {
    self[offset] = UInt8(truncatingIfNeeded: value >> 8)
    self[offset + 1] = UInt8(truncatingIfNeeded: value)
  }

  fileprivate init(copying octets: Span<UInt8>) {
    self = (0..<octets.count).map { octets[$0] }
  }
}
