internal import PacketDecoding
package import TCPTeardown

/// A frame of merged input by its own file.
package struct FrameOrigin: Equatable, Sendable, CustomStringConvertible {
  /// What people call the file.
  package let file: String
  /// Wireshark's `frame.number` for the file alone.
  package let frame: Int

  package init(file: String, frame: Int) {
    self.file = file
    self.frame = frame
  }

  package var description: String { "frame \(frame) of \(file.escapedForTerminal)" }

  /// For a table.
  var shortDescription: String { "\(file.escapedForTerminal): \(frame)" }
}

/// One flow explained: every claim of its record with its rule, its evidence and what it lacks.
package enum ExplainReport {
  /// Sentences wider than this are hard to read.
  private static let widest = 100

  /// Appends the explanation of `record`.
  ///
  /// `until` is where the capture ended (nanoseconds since the Unix epoch); `origins` tells where
  /// the `frames(of:)` of a record came from, and is empty where one file was read.
  package static func write(
    _ record: FlowRecord, options: ReportOptions, profile: Profile, until: Int64,
    origins: [Int: FrameOrigin] = [:], into octets: inout [UInt8]
  ) {
    let explanation = Explanation(record, profile: profile, until: until)
    var text = TextWriter(
      taking: &octets, isColoured: options.isColoured,
      width: min(max(80, options.width), widest))
    ExplainText(explanation: explanation, options: options, origins: origins).write(to: &text)
    text.finish(&octets)
  }

  /// The frames that an explanation of `record` can name.
  package static func frames(of record: FlowRecord) -> Set<Int> {
    var frames: Set<Int> = [record.firstFrame, record.lastFrame]
    for observation in record.evidence {
      frames.formUnion([observation.frame, observation.lastFrame])
    }
    let handshake = record.handshake
    for mark in [
      handshake.syn, handshake.lastSYN, handshake.synAck, handshake.lastSYNAck, handshake.ack,
      handshake.serverSpoke, handshake.crossedSYN, record.closing.lastPayloads.client,
      record.closing.lastPayloads.server, record.teardown.hints.alerts.client,
      record.teardown.hints.alerts.server,
    ] {
      frames.insert(mark.frame)
    }
    for cited in record.citedFrames { frames.formUnion(cited.array) }
    frames.remove(0)
    return frames
  }
}
