import PacketCapture
import PacketDecoding
import Synchronization
import TCPTeardown

/// Where the packets of selected flows go: the file of `-w`.
///
/// One thread at a time writes, whichever reads. What fails is kept until the end: what is told of
/// the flows is worth having all the same.
final class PacketSink: Sendable {
  private struct State: ~Copyable, Sendable {
    /// Nil once it has failed, or is finished.
    var writer: CaptureWriter?
    var failure: CaptureError?
    /// What cannot be written before it is known whose a fragment is.
    var held = HeldPackets()

    /// Writes a packet behind those that are held.
    mutating func take(_ frame: Int, _ record: PacketRecord, _ octets: Span<UInt8>) {
      guard !held.isEmpty else { return write(record, octets) }
      guard failure == nil else { return }
      held.hold(frame, record, octets, isWanted: true)
      release(at: record.time)
    }

    /// Takes a fragment; whether it is wanted is known if it is the last of its datagram to come.
    mutating func take(
      _ frame: Int, _ record: PacketRecord, _ octets: Span<UInt8>, _ outcome: FragmentPlace.Outcome,
      isWanted: Bool
    ) {
      guard failure == nil else { return }
      switch outcome {
      case .waits: held.hold(frame, record, octets, isWanted: false)
      case .completes(let others):
        held.decide(others, areWanted: isWanted)
        if isWanted { held.hold(frame, record, octets, isWanted: true) }
      }
      release(at: record.time)
    }

    /// Writes what waits no longer at `time`, at the end of the capture all.
    mutating func release(at time: Int64?) {
      while let packet = held.next(at: time) { write(packet.record, packet.octets.span) }
    }

    mutating func write(_ record: PacketRecord, _ octets: Span<UInt8>) {
      guard failure == nil else { return }
      do throws(CaptureError) {
        try writer?.write(record, octets)
      } catch {
        failure = error
      }
    }
  }

  /// What messages call the file.
  let name: String
  private let state: Mutex<State>

  static let standardOutputName = "standard output"

  /// Opens the file at `path`, which must be none of `others`; `-` is standard output.
  init(path: String, sparing others: [String]) throws(CaptureError) {
    name = path == CaptureFile.standardInput ? Self.standardOutputName : path
    let writer = try CaptureWriter(path: path, sparing: others)
    state = Mutex(State(writer: consume writer))
  }

  /// Writes the run that `source` stands at, all of it.
  func take(_ source: borrowing some PacketSource & ~Copyable) {
    state.withLock { state in
      source.withRun { records, octets in
        for place in records.indices {
          state.write(records[place], octets.extracting(records[place].range))
        }
      }
    }
  }

  /// Writes those packets of the run that are segments of `host`, or ICMP errors that quote one; `batch`
  /// is what the run decoded to, `fragments` where it has IP fragments.
  func take(
    _ source: borrowing some PacketSource & ~Copyable, of host: HostArgument?,
    decoded batch: inout SegmentBatch, _ fragments: [FragmentPlace]
  ) {
    var isWanted = [Bool](repeating: false, count: SegmentBatch.capacity)
    batch.forEachPacket { place, one, other in
      isWanted[place] = host.map { $0.matches(one) || $0.matches(other) } ?? true
    }
    take(source, from: batch.firstFrame, fragments) { isWanted[$0] }
  }

  /// Writes those packets of the run, which begins with the frame `first`, for whose place `isWanted`,
  /// and with the last fragment of a datagram all others.
  func take(
    _ source: borrowing some PacketSource & ~Copyable, from first: Int,
    _ fragments: [FragmentPlace], where isWanted: (_ place: Int) -> Bool
  ) {
    state.withLock { state in
      source.withRun { records, octets in
        var fragments = fragments[...]
        for place in records.indices {
          let bytes = octets.extracting(records[place].range)
          if let fragment = fragments.first, fragment.place == place {
            fragments.removeFirst()
            state.take(
              first + place, records[place], bytes, fragment.outcome, isWanted: isWanted(place))
          } else if isWanted(place) {
            state.take(first + place, records[place], bytes)
          }
        }
      }
    }
  }

  /// IP fragments that were wanted, and are not in the file: too much came before that was known.
  var missingFragments: Int { state.withLock { $0.held.missing } }

  /// Whether something has failed: there is no use in going on for the packets alone.
  var hasFailed: Bool { state.withLock { $0.failure != nil } }

  /// Writes out what has gathered, for who watches.
  ///
  /// `time` (nanoseconds since the Unix epoch) tells how long fragments have waited, where no packets
  /// come that do.
  func flush(at time: Int64? = nil) {
    state.withLock { state in
      if let time { state.release(at: time) }
      guard state.failure == nil else { return }
      do throws(CaptureError) {
        try state.writer?.flush()
      } catch {
        state.failure = error
      }
    }
  }

  /// Gives the file up, where there was nothing to read.
  func discard() {
    state.withLock { $0.writer.take()?.discard() }
  }

  /// Closes the file, and tells what it holds.
  func finish() throws(CaptureError) -> CaptureWriter.Account {
    try state.withLock { (state) throws(CaptureError) in
      state.release(at: nil)
      if let failure = state.failure { throw failure }
      guard let writer = state.writer.take() else {
        throw .cannotWrite(path: name, packets: nil, reason: "it is closed")
      }
      return try writer.finish()
    }
  }
}
