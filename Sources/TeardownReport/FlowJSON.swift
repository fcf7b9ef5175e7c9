internal import PacketDecoding
internal import TCPTeardown

/// Flow records as docs/schema/flow.schema.json defines them.
///
/// A record is written in pieces, each with room made that the longest such piece fits in: the
/// words of a piece and its numbers at their longest are less.
struct FlowJSON: Sendable {
  /// `{"schema":…,"capture":…`: the label escaped once, not once a record.
  private let opening: [UInt8]
  private let snippets = FlowSnippets()

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
    var out = OctetBuffer()
    putIdentity(of: record, to: &out)
    put(record.teardown.closedBy, to: &out)
    out.put(snippets.states)
    put(record.teardown.states.client, from: record.start, to: &out, in: &octets)
    out.put(snippets.statesOfServer)
    put(record.teardown.states.server, from: record.start, to: &out, in: &octets)
    out.makeRoom(for: 64, in: &octets)
    out.put(snippets.timeWait)
    var isFirst = true
    for wait in record.teardown.timeWait {
      out.makeRoom(for: 384, in: &octets)
      if !isFirst { out.put(0x2C) }
      put(wait, from: record.start, to: &out, in: &octets)
      isFirst = false
    }
    out.makeRoom(for: 512, in: &octets)
    if record.teardown.reset == nil, record.teardown.findings.isEmpty {
      out.put(snippets.plainEnd)
    } else {
      out.put(snippets.reset)
      put(record.teardown.reset, to: &out, in: &octets)
      put(record.teardown.findings, to: &out, in: &octets)
    }
    out.put(snippets.connState)
    out.put(record.zeekConnectionState)
    out.put(snippets.history)
    out.put(Snippet(record.zeekHistoryLetters, count: record.zeekHistoryLength))
    out.put(snippets.end)
    out.flush(into: &octets)
  }

  /// In at most 1,024 octets.
  @inline(__always)
  private func putIdentity(of record: FlowRecord, to out: inout OctetBuffer) {
    out.put(snippets.stream)
    out.put(decimal: record.stream)
    out.put(record.isFinal ? snippets.final : snippets.notFinal)
    out.put(snippets.written[record.written.place])
    out.put(snippets.client)
    out.put(record.client.address)
    out.put(snippets.port)
    out.put(decimal: UInt64(record.client.port))
    out.put(snippets.server)
    out.put(record.server.address)
    out.put(snippets.port)
    out.put(decimal: UInt64(record.server.port))
    out.put(record.rolesAreObserved ? snippets.observedRoles : snippets.inferredRoles)
    out.put(rfc3339: record.start)
    out.put(snippets.duration)
    out.put(seconds: record.duration)
    out.put(snippets.firstFrame)
    out.put(decimal: record.firstFrame)
    out.put(snippets.lastFrame)
    out.put(decimal: record.lastFrame)
    out.put(snippets.packets)
    out.put(decimal: record.packets.client)
    out.put(snippets.ofServer)
    out.put(decimal: record.packets.server)
    out.put(snippets.payloadOctets)
    out.put(decimal: record.payloadOctets.client)
    out.put(snippets.ofServer)
    out.put(decimal: record.payloadOctets.server)
    out.put(snippets.seen)
    let seen = record.seen.rawValue
    if seen != 0 {
      for (kind, name) in snippets.seenKinds where seen & kind != 0 { out.put(name) }
      // The last one has no comma behind it.
      out.shorten(to: out.count - 1)
    }
    out.put(snippets.outcome[record.teardown.outcome.place])
  }

  private func put(_ closer: Closer?, to out: inout OctetBuffer) {
    guard let closer else { return out.put(snippets.notClosed) }
    out.put(snippets.closedBy[closer.sides.place])
    out.put(snippets.grade[Int(closer.grade.rawValue)])
    out.put(closer.frames)
    out.put(0x7D)
  }

  private func put(
    _ states: [StateInterval], from start: Int64, to out: inout OctetBuffer,
    in octets: inout [UInt8]
  ) {
    var isFirst = true
    var left: (time: Int64, text: DecimalSeconds)?
    for interval in states {
      out.makeRoom(for: 384, in: &octets)
      out.put(isFirst ? snippets.firstState : snippets.nextState)
      put(interval, from: start, lastLeft: &left, to: &out)
      isFirst = false
    }
    out.makeRoom(for: 64, in: &octets)
  }

  /// One state of one side but for its beginning, in at most 300 octets.
  @inline(__always)
  private func put(
    _ interval: StateInterval, from start: Int64,
    lastLeft: inout (time: Int64, text: DecimalSeconds)?, to out: inout OctetBuffer
  ) {
    out.put(snippets.enteredAt[interval.state.place])
    let entry = interval.enteredAt.saturatingSubtracting(start)
    if let lastLeft, lastLeft.time == entry {
      out.put(lastLeft.text)
    } else {
      out.put(seconds: entry)
    }
    lastLeft = nil
    if let left = interval.leftAt?.saturatingSubtracting(start) {
      out.put(snippets.leftAt)
      if DecimalSeconds.range.contains(left) {
        let text = DecimalSeconds(left)
        out.put(text)
        lastLeft = (left, text)
      } else {
        out.put(seconds: left)
      }
    } else {
      out.put(snippets.notLeft)
    }
    out.put(snippets.gradeAndRule[Int(interval.grade.rawValue)])
    out.put(snippets.ruleAndFrames[Int(interval.rule.number)])
    out.put(list: interval.frames)
    let (earliest, latest) = (interval.earliest, interval.latest)
    guard earliest != nil || latest != nil else { return out.put(snippets.stateEnd) }
    out.put(0x5D)
    if let earliest {
      out.put(snippets.earliest)
      out.put(seconds: earliest.saturatingSubtracting(start))
    }
    if let latest {
      out.put(snippets.latest)
      out.put(seconds: latest.saturatingSubtracting(start))
    }
    out.put(0x7D)
  }

  /// In at most 300 octets, the profile's name not counted.
  private func put(
    _ wait: TimeWait, from start: Int64, to out: inout OctetBuffer, in octets: inout [UInt8]
  ) {
    out.put(snippets.entryOfSide[Int(wait.side.rawValue)])
    out.put(seconds: wait.enteredAt.saturatingSubtracting(start))
    out.put(snippets.gradeAndProfile[Int(wait.grade.rawValue)])
    out.put(json: wait.profile, in: &octets)
    out.makeRoom(for: 256, in: &octets)
    out.put(snippets.waitDuration)
    out.put(seconds: wait.duration)
    out.put(snippets.endedBy[wait.endedBy.place])
    out.put(snippets.endGrade[Int(wait.endGrade.rawValue)])
    out.put(snippets.observedFor)
    out.put(seconds: wait.observedFor)
    out.put(snippets.restarts)
    out.put(decimal: wait.restarts)
    out.put(0x7D)
  }

  private func put(
    _ reset: ResetVerdict?, to out: inout OctetBuffer, in octets: inout [UInt8]
  ) {
    guard let reset else { return out.put(snippets.null) }
    out.put(#"{"by":""#)
    out.put(reset.by.name)
    out.put(#"","cause":""#)
    out.put(reset.cause.rawValue)
    out.put("\"")
    out.put(snippets.grade[Int(reset.grade.rawValue)])
    out.put(reset.frames)
    out.put(#","values":"#)
    out.put(reset.values, in: &octets)
    out.put(0x7D)
  }

  private func put(
    _ findings: [Finding], to out: inout OctetBuffer, in octets: inout [UInt8]
  ) {
    out.put(snippets.findings)
    var isFirst = true
    for finding in findings {
      if !isFirst { out.put(0x2C) }
      out.put(finding, in: &octets)
      isFirst = false
    }
    out.put(0x5D)
    out.makeRoom(for: 128, in: &octets)
  }
}

extension FlowRecord {
  /// Latest minus earliest stamp of its frames, in nanoseconds.
  var duration: Int64 { end.saturatingSubtracting(start) }
}
