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
  /// is what the run decoded to.
  func take(
    _ source: borrowing some PacketSource & ~Copyable, of host: HostArgument?,
    decoded batch: inout SegmentBatch
  ) {
    state.withLock { state in
      source.withRun { records, octets in
        batch.forEachPacket { place, one, other in
          guard host.map({ $0.matches(one) || $0.matches(other) }) ?? true else { return }
          state.write(records[place], octets.extracting(records[place].range))
        }
      }
    }
  }

  /// Writes those packets of the run for whose place `isWanted`.
  func take(
    _ source: borrowing some PacketSource & ~Copyable, where isWanted: (_ place: Int) -> Bool
  ) {
    state.withLock { state in
      source.withRun { records, octets in
        for place in records.indices where isWanted(place) {
          state.write(records[place], octets.extracting(records[place].range))
        }
      }
    }
  }

  /// Whether something has failed: there is no use in going on for the packets alone.
  var hasFailed: Bool { state.withLock { $0.failure != nil } }

  /// Writes out what has gathered, for who watches.
  func flush() {
    state.withLock { state in
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
      if let failure = state.failure { throw failure }
      guard let writer = state.writer.take() else {
        throw .cannotWrite(path: name, packets: nil, reason: "it is closed")
      }
      return try writer.finish()
    }
  }
}
