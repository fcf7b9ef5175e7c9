/// Decodes packets as `PacketDecoder` does, and puts datagrams together that came in fragments
/// (RFC 791 §3.2, RFC 8200 §4.5).
///
/// It is the only place where anything is kept between packets: of each incomplete datagram what a
/// segment needs. A datagram is decoded, as if it had come whole, when its last fragment has.
package struct Reassembly: Sendable {
  /// What bounds the memory that fragments take.
  package struct Limits: Sendable {
    /// Incomplete datagrams.
    package var datagrams: Int
    /// Octets of memory for all of them, about: as many as Linux gives them (ipfrag_high_thresh).
    package var octets: Int

    package init(datagrams: Int = 4096, octets: Int = 4 << 20) {
      self.datagrams = datagrams
      self.octets = octets
    }
  }

  private let limits: Limits
  private let kinds: Enclosure.Kinds
  private var datagrams: [Fragment.Datagram: IncompleteDatagram] = [:]
  /// All of them as they began, from `oldest` on, and some that are no more.
  private var order: [(id: Fragment.Datagram, serial: UInt64)] = []
  private var oldest = 0
  private var serial: UInt64 = 0
  /// Octets of memory that all of them take, about.
  private(set) var cost = 0
  /// Frames of fragments that told nothing by themselves and are done with, by `Undecoded`.
  private var frames = [Int](repeating: 0, count: Undecoded.allCases.count)
  private var lost = 0

  /// The numbers of the frames in which the earlier fragments of what was decoded last had come; empty
  /// if that came whole, or is not complete.
  package private(set) var earlierFrames: ArraySlice<Int> = []

  /// Fragments with octets that others had shown, beside new ones.
  package private(set) var overlaps = 0

  /// Segments keep apart what differs in `kinds` of what is around them.
  package init(regarding kinds: Enclosure.Kinds = [], limits: Limits = Limits()) {
    self.kinds = kinds
    self.limits = limits
  }

  /// Decodes `frame`, the `number`th of the capture, from `time` (nanoseconds since the Unix epoch).
  ///
  /// Of a fragment it gives what the datagram holds that is complete by it; while one is missing,
  /// the fragment itself.
  package mutating func decode(
    _ frame: Span<UInt8>, linkType: UInt16, originalLength: UInt32, at time: Int64,
    number: Int
  ) -> DecodedPacket {
    earlierFrames = []
    let decoded = PacketDecoder.decode(
      frame, linkType: linkType, originalLength: originalLength, regarding: kinds)
    guard case .fragment(let fragment) = decoded else { return decoded }
    return decode(fragment, of: frame, at: time, frames: [number], depth: 0)
  }

  /// The same of a fragment for which the frames of these numbers were needed, in `depth` other
  /// datagrams.
  private mutating func decode(
    _ fragment: Fragment, of frame: Span<UInt8>, at time: Int64, frames needed: [Int], depth: Int
  ) -> DecodedPacket {
    let whole: Whole
    switch take(fragment, of: frame, at: time, frames: needed) {
    case .waits: return .fragment(fragment)
    case .refused(let reason):
      frames[Int(reason.rawValue)] += needed.count - 1
      return .undecoded(reason)
    case .isComplete(let complete): whole = complete
    }
    earlierFrames = whole.frames.dropLast()
    let decoded = PacketDecoder.decode(
      whole.octets.span, linkType: Self.raw, originalLength: UInt32(whole.length),
      regarding: kinds, within: fragment.datagram.enclosure)
    switch decoded {
    case .fragment(let inner) where depth + 1 < Tunnel.maximumDepth:
      earlierFrames = []
      return decode(
        inner, of: whole.octets.span, at: time, frames: whole.frames, depth: depth + 1)
    case .fragment:
      frames[Int(Undecoded.nestedTooDeep.rawValue)] += whole.frames.count - 1
      return .undecoded(.nestedTooDeep)
    case .undecoded(let reason):
      frames[Int(reason.rawValue)] += whole.frames.count - 1
      return decoded
    case .segment, .icmpError: return decoded
    }
  }

  /// The link type of packets that begin with their IP header.
  private static let raw: UInt16 = 101
}

extension Reassembly {
  /// Whether a datagram is incomplete to which `fragment` belongs.
  package func isWaiting(for fragment: Fragment) -> Bool {
    datagrams[fragment.datagram].map { $0.completing == nil } ?? false
  }

  /// Whether no datagram is incomplete.
  package var isEmpty: Bool { datagrams.isEmpty }

  /// Frames with fragments that came to nothing for `reason`, beside those for which `decode` gave
  /// it: they were believed to be a part of something.
  ///
  /// Of what is incomplete, the rest is taken to be missing.
  package func frames(_ reason: Undecoded) -> Int {
    let over = frames[Int(reason.rawValue)]
    guard reason == .missingFragment else { return over }
    return datagrams.values.reduce(over) { $0 + $1.frames.count }
  }

  /// Segments with a SYN, FIN or RST that are not told since a fragment is missing.
  package var lostMarks: Int {
    lost + datagrams.reduce(0) { $0 + (Self.isLoss($1.key, $1.value) ? 1 : 0) }
  }

  private static func isLoss(_ id: Fragment.Datagram, _ datagram: IncompleteDatagram) -> Bool {
    let isTCP = id.protocolNumber == IPProtocol.tcp || id.source.isIPv6 && datagram.isTCPOverIPv6
    return isTCP && datagram.opensOrEnds
  }
}

extension Reassembly {
  /// A datagram whose last fragment has come.
  private struct Whole {
    let octets: [UInt8]
    /// Octets on the wire.
    let length: Int
    /// The numbers of the frames that its fragments were in.
    let frames: [Int]
  }

  private enum Outcome {
    case waits
    case isComplete(Whole)
    case refused(Undecoded)
  }

  private mutating func take(
    _ fragment: Fragment, of frame: Span<UInt8>, at time: Int64, frames needed: [Int]
  ) -> Outcome {
    let id = fragment.datagram
    if let known = datagrams[id] {
      if known.completing == fragment.place, !known.isOutlived(at: time, id) {
        remove(id)
        return .refused(.repeatedFragment)
      }
      // What is over, or too old, has nothing to do with what comes now.
      if known.completing != nil || known.isOutlived(at: time, id) {
        giveUp(id, .missingFragment)
      }
    }
    if datagrams[id] == nil { begin(id, at: time) }
    cost -= datagrams[id]?.cost ?? 0
    let arrival = datagrams[id]?.take(fragment, of: frame, frames: needed)
    cost += datagrams[id]?.cost ?? 0
    switch arrival {
    case nil, .fits: break
    case .overlaps: overlaps += 1
    case .isRepeated: return .refused(.repeatedFragment)
    case .beginsAnother:
      giveUp(id, .missingFragment)
      return take(fragment, of: frame, at: time, frames: needed)
    case .contradicts:
      giveUp(id, .contradictoryFragment)
      return .refused(.contradictoryFragment)
    case .isScattered:
      giveUp(id, .droppedFragment)
      return .refused(.droppedFragment)
    }
    if let whole = complete(fragment) { return .isComplete(whole) }
    makeRoom(at: time)
    return .waits
  }

  /// Takes the datagram out of which `fragment` is, if that was the last to come.
  private mutating func complete(_ fragment: Fragment) -> Whole? {
    let id = fragment.datagram
    guard let datagram = datagrams[id], datagram.isComplete else { return nil }
    let (octets, length) = datagram.assembled()
    if datagram.repeats > 0 {
      // Where each fragment comes twice in a row, so will this one.
      cost -= datagram.cost
      datagrams[id]?.empty(completedBy: fragment.place)
      cost += datagrams[id]?.cost ?? 0
    } else {
      remove(id)
    }
    return Whole(octets: octets, length: length, frames: datagram.frames)
  }

  private mutating func begin(_ id: Fragment.Datagram, at time: Int64) {
    serial += 1
    let datagram = IncompleteDatagram(start: time, serial: serial)
    datagrams[id] = datagram
    cost += datagram.cost
    order.append((id, serial))
  }

  private mutating func remove(_ id: Fragment.Datagram) {
    guard let datagram = datagrams.removeValue(forKey: id) else { return }
    cost -= datagram.cost
    // As many that are no more as there are datagrams may stay in the order.
    guard order.count > 2 * datagrams.count + 64 else { return }
    order = order[oldest...].filter { datagrams[$0.id]?.serial == $0.serial }
    oldest = 0
  }

  private mutating func giveUp(_ id: Fragment.Datagram, _ reason: Undecoded) {
    guard let datagram = datagrams[id] else { return }
    frames[Int(reason.rawValue)] += datagram.frames.count
    if Self.isLoss(id, datagram) { lost += 1 }
    remove(id)
  }

  /// Gives up the datagrams that began first, while all together are too many.
  private mutating func makeRoom(at time: Int64) {
    while datagrams.count > limits.datagrams || cost > limits.octets, oldest < order.count {
      let (id, serial) = order[oldest]
      oldest += 1
      guard let datagram = datagrams[id], datagram.serial == serial else { continue }
      giveUp(id, datagram.isOutlived(at: time, id) ? .missingFragment : .droppedFragment)
    }
  }
}

extension IncompleteDatagram {
  /// Whether its time was over before `time`, in nanoseconds since the Unix epoch: for IPv4 as
  /// Linux has it (ipfrag_time), for IPv6 by RFC 8200 §4.5.
  ///
  /// Nothing else ends it: nobody has to look for those whose time is over.
  fileprivate func isOutlived(at time: Int64, _ id: Fragment.Datagram) -> Bool {
    let lifetime: Int64 = id.source.isIPv6 ? 60_000_000_000 : 30_000_000_000
    return (time - start).magnitude > lifetime
  }
}
