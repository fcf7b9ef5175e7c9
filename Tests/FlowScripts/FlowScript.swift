package import PacketDecoding
package import TCPTeardown

/// Flows written down by hand, one segment a line, as `ScriptLine` reads them.
///
/// `200 > F. 79 0 1043` is a FIN of the client's, 0.2 s after the start.
package struct FlowScript: Sendable {
  package static let start: Int64 = 1_795_324_260_123_456_789
  /// The client's numbers wrap after 256 octets.
  package static let initialNumbers = PerSide(
    client: SequenceNumber(0xFFFF_FF00), server: SequenceNumber(5000))

  package var client: Endpoint
  package var server: Endpoint
  package var options: ReconstructionOptions
  package var initialNumbers: PerSide<SequenceNumber>

  package init(
    client: Endpoint = Endpoint(address: .v4(0x0A4D_0001), port: 51324),
    server: Endpoint = Endpoint(address: .v4(0x0A4D_0002), port: 80),
    options: ReconstructionOptions = ReconstructionOptions(),
    initialNumbers: PerSide<SequenceNumber> = FlowScript.initialNumbers
  ) {
    self.client = client
    self.server = server
    self.options = options
    self.initialNumbers = initialNumbers
  }

  /// The records of the script's flows, in the order in which they became final.
  package func records(
    _ script: String, from time: Int64 = start, frame: Int = 1
  ) -> [FlowRecord] {
    var table = FlowTable(options: options)
    return records(script, in: &table, from: time, frame: frame)
  }

  /// The same with a table of the caller's, to look at when its capture has ended.
  package func records(
    _ script: String, in table: inout FlowTable, from time: Int64 = start, frame: Int = 1
  ) -> [FlowRecord] {
    feed(script, to: &table, from: time, frame: frame)
    return Self.finish(&table)
  }

  /// Ends the capture and takes out whatever records are there.
  package static func finish(_ table: inout FlowTable) -> [FlowRecord] {
    var recorder = Recorder(options: table.options)
    return finish(&table, &recorder)
  }

  /// The same with the recorder of what was taken out before.
  package static func finish(
    _ table: inout FlowTable, _ recorder: inout Recorder
  ) -> [FlowRecord] {
    var records: [FlowRecord] = []
    while table.finishSome() { recorder.drain(&table) { records.append(copy $0) } }
    return records
  }

  /// Feeds the script to `table`; each line but a comment or an empty one is a frame.
  package func feed(
    _ script: String, to table: inout FlowTable, from time: Int64 = start, frame: Int = 1
  ) {
    var frame = frame
    for text in script.split(separator: "\n") where !text.hasPrefix("#") {
      let line = ScriptLine(text)
      let moment = time + line.time
      table.advance(to: moment)
      switch line.kind {
      case .end: break
      case .segment: table.take(segment(line), at: moment, frame: frame)
      case .icmpError(let type, let code):
        table.take(error(line, type: type, code: code), at: moment, frame: frame)
      }
      frame += 1
    }
  }

  private func endpoints(_ line: ScriptLine) -> (source: Endpoint, destination: Endpoint) {
    let client = line.clientPort.map { Endpoint(address: self.client.address, port: $0) }
    return line.side == .client ? (client ?? self.client, server) : (server, client ?? self.client)
  }

  /// The segment that a line stands for.
  package func segment(_ line: ScriptLine) -> AddressedSegment {
    let (source, destination) = endpoints(line)
    var options = line.options
    if options.present.contains(.sack) {
      options.sackLeft = initialNumbers[line.side.peer] + options.sackLeft.rawValue
      options.sackRight = initialNumbers[line.side.peer] + options.sackRight.rawValue
    }
    var segment = AddressedSegment(
      source: source, destination: destination,
      sequenceNumber: initialNumbers[line.side] + line.sequence,
      acknowledgmentNumber: line.flags.contains(.ack)
        ? initialNumbers[line.side.peer] + line.acknowledgment : SequenceNumber(0),
      flags: line.flags, payloadLength: line.length, window: line.window,
      timeToLive: line.timeToLive, identification: line.identification, options: options)
    segment.hint = line.hint
    return segment
  }

  private func error(_ line: ScriptLine, type: UInt8, code: UInt8) -> ICMPError {
    let (source, destination) = endpoints(line)
    return ICMPError(
      kind: ScriptLine.kind(ofType: type, code: code, isIPv6: source.address.isIPv6), type: type,
      code: code, reporter: destination.address, source: source, destination: destination,
      sequenceNumber: initialNumbers[line.side] + line.sequence)
  }
}

extension FlowTable {
  /// The records of what is due, by a recorder that knows of nothing before.
  package mutating func records() -> [FlowRecord] {
    var recorder = Recorder(options: options)
    var records: [FlowRecord] = []
    recorder.drain(&self) { records.append(copy $0) }
    return records
  }
}
