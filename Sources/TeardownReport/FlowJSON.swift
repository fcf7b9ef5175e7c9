internal import PacketDecoding
internal import TCPTeardown

/// Flow records as docs/schema/flow.schema.json defines them.
///
/// A record is written in pieces, each with one reservation that the longest such piece fits in:
/// the words of a piece and its numbers at their longest are less.
struct FlowJSON: Sendable {
  /// `{"schema":…,"capture":…`: the label escaped once, not once a record.
  private let opening: [UInt8]

  init(capture: String) {
    var writer = JSONWriter()
    writer.beginObject()
    writer.name("schema")
    writer.value(word: "tcpclose.flow/1")
    writer.name("capture")
    writer.value(capture)
    opening = writer.octets
  }

  /// Appends the record as one object.
  func write(_ record: FlowRecord, to octets: inout [UInt8]) {
    octets.append(contentsOf: opening)
    writeIdentity(of: record, to: &octets)
    writeStates(of: record, to: &octets)
    octets.append(text: #","timeWait":["#)
    for (index, wait) in record.teardown.timeWait.enumerated() {
      if index > 0 { octets.append(0x2C) }
      write(wait, from: record.start, to: &octets)
    }
    octets.append(text: #"],"reset":"#)
    write(record.teardown.reset, to: &octets)
    octets.append(text: #","findings":["#)
    for (index, finding) in record.teardown.findings.enumerated() {
      if index > 0 { octets.append(0x2C) }
      octets.append(finding)
    }
    octets.append(text: #"],"zeek":{"connState":""#)
    octets.append(text: record.zeekConnectionState)
    octets.append(text: #"","history":""#)
    octets.append(text: record.zeekHistory)
    octets.append(text: "\"}}")
  }

  private func writeIdentity(of record: FlowRecord, to octets: inout [UInt8]) {
    octets.append(addingCapacity: 1024) { out in
      out.add(#","stream":"#)
      out.add(decimal: record.stream)
      out.add(record.isFinal ? #","final":true,"written":""# : #","final":false,"written":""#)
      out.add(record.written.rawValue)
      out.add(#"","client":{"address":""#)
      out.add(record.client.address)
      out.add(#"","port":"#)
      out.add(decimal: UInt64(record.client.port))
      out.add(#"},"server":{"address":""#)
      out.add(record.server.address)
      out.add(#"","port":"#)
      out.add(decimal: UInt64(record.server.port))
      out.add(#"},"roles":""#)
      out.add(record.rolesAreObserved ? "observed" : "inferred")
      out.add(#"","start":""#)
      out.add(rfc3339: record.start)
      out.add(#"","duration":"#)
      out.add(seconds: record.duration)
      out.add(#","firstFrame":"#)
      out.add(decimal: record.firstFrame)
      out.add(#","lastFrame":"#)
      out.add(decimal: record.lastFrame)
      out.add(#","packets":{"client":"#)
      out.add(decimal: record.packets.client)
      out.add(#","server":"#)
      out.add(decimal: record.packets.server)
      out.add(#"},"payloadOctets":{"client":"#)
      out.add(decimal: record.payloadOctets.client)
      out.add(#","server":"#)
      out.add(decimal: record.payloadOctets.server)
      out.add(#"},"seen":["#)
      out.add(record.seen)
      out.add(#"],"outcome":""#)
      out.add(record.teardown.outcome.rawValue)
      out.add(#"","closedBy":"#)
      if let closer = record.teardown.closedBy {
        out.add(#"{"side":""#)
        out.add(closer.sides.rawValue)
        out.add(#"","grade":""#)
        out.add(closer.grade.name)
        out.add(#"","frames":"#)
        out.add(closer.frames)
        out.add("}")
      } else {
        out.add("null")
      }
    }
  }

  private func writeStates(of record: FlowRecord, to octets: inout [UInt8]) {
    octets.append(text: #","states":{"client":["#)
    write(record.teardown.states.client, from: record.start, to: &octets)
    octets.append(text: #"],"server":["#)
    write(record.teardown.states.server, from: record.start, to: &octets)
    octets.append(text: "]}")
  }

  private func write(_ states: [StateInterval], from start: Int64, to octets: inout [UInt8]) {
    var isFirst = true
    for interval in states {
      octets.append(addingCapacity: 384) { out in
        if !isFirst { out.append(0x2C) }
        out.add(interval, from: start)
      }
      isFirst = false
    }
  }

  private func write(_ wait: TimeWait, from start: Int64, to octets: inout [UInt8]) {
    octets.append(addingCapacity: 128) { out in
      out.add(#"{"side":""#)
      out.add(wait.side.name)
      out.add(#"","enteredAt":"#)
      out.add(seconds: wait.enteredAt.saturatingSubtracting(start))
      out.add(#","grade":""#)
      out.add(wait.grade.name)
      out.add(#"","profile":"#)
    }
    var profile = JSONWriter(taking: &octets)
    profile.value(wait.profile)
    profile.finish(&octets)
    octets.append(addingCapacity: 192) { out in
      out.add(#","duration":"#)
      out.add(seconds: wait.duration)
      out.add(#","endedBy":""#)
      out.add(wait.endedBy.rawValue)
      out.add(#"","endGrade":""#)
      out.add(wait.endGrade.name)
      out.add(#"","observedFor":"#)
      out.add(seconds: wait.observedFor)
      out.add(#","restarts":"#)
      out.add(decimal: wait.restarts)
      out.add("}")
    }
  }

  private func write(_ reset: ResetVerdict?, to octets: inout [UInt8]) {
    guard let reset else { return octets.append(text: "null") }
    octets.append(addingCapacity: 256) { out in
      out.add(#"{"by":""#)
      out.add(reset.by.name)
      out.add(#"","cause":""#)
      out.add(reset.cause.rawValue)
      out.add(#"","grade":""#)
      out.add(reset.grade.name)
      out.add(#"","frames":"#)
      out.add(reset.frames)
      out.add(#","values":"#)
    }
    octets.append(reset.values)
    octets.append(0x7D)
  }
}

extension OutputSpan<UInt8> {
  /// One state of one side, in at most 300 octets.
  fileprivate mutating func add(_ interval: StateInterval, from start: Int64) {
    add(#"{"state":""#)
    add(interval.state.rawValue)
    add(#"","enteredAt":"#)
    add(seconds: interval.enteredAt.saturatingSubtracting(start))
    add(#","leftAt":"#)
    if let left = interval.leftAt {
      add(seconds: left.saturatingSubtracting(start))
    } else {
      add("null")
    }
    add(#","grade":""#)
    add(interval.grade.name)
    add(#"","rule":"R"#)
    add(decimal: UInt64(interval.rule.number))
    add(#"","frames":"#)
    add(interval.frames)
    if let earliest = interval.earliest {
      add(#","earliest":"#)
      add(seconds: earliest.saturatingSubtracting(start))
    }
    if let latest = interval.latest {
      add(#","latest":"#)
      add(seconds: latest.saturatingSubtracting(start))
    }
    add("}")
  }

  /// What the flow showed, in at most 42 octets.
  fileprivate mutating func add(_ seen: FlowRecord.Seen) {
    var isFirst = true
    for (kind, name) in FlowRecord.Seen.names where seen.contains(kind) {
      add(isFirst ? "\"" : ",\"")
      add(name)
      add("\"")
      isFirst = false
    }
  }
}

extension FlowRecord {
  /// Latest minus earliest stamp of its frames, in nanoseconds.
  var duration: Int64 { end.saturatingSubtracting(start) }
}
