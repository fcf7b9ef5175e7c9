internal import PacketDecoding
internal import TCPTeardown

/// One flow as the page's script takes it: the record, what it says in words, and its ladder.
struct HTMLFlowJSON {
  private let options: ReportOptions
  private let captureEnd: Int64?
  private let flowJSON: FlowJSON

  /// The capture's end is nil where it is not known.
  init(options: ReportOptions, captureEnd: Int64?) {
    self.options = options
    self.captureEnd = captureEnd
    flowJSON = FlowJSON(capture: options.label)
  }

  /// Appends one object.
  func write(_ record: FlowRecord, to octets: inout [UInt8]) {
    octets.append(text: #"{"record":"#)
    flowJSON.write(record, to: &octets)
    var json = JSONWriter(taking: &octets)
    json.name("harm")
    json.value(record.harm)
    json.name("startText")
    json.value(options.clock.text(record.start))
    json.name("displayFilter")
    json.value(record.displayFilter(options).joined(separator: " "))
    json.name("until")
    json.value(
      seconds: record.lastMoment(captureEnd: captureEnd).saturatingSubtracting(record.start))
    json.name("told")
    json.beginArray()
    for claim in record.claims { write(claim, to: &json) }
    json.endArray()
    json.name("rows")
    json.beginArray()
    let table = SegmentTable(record)
    for row in table.timeline.rows where !row.isSilence {
      write(row, table.words(of: row), from: record.start, to: &json)
    }
    json.endArray()
    json.endObject()
    json.finish(&octets)
  }

  private func write(_ claim: Claim, to json: inout JSONWriter) {
    json.beginObject()
    json.name("label")
    json.value(word: claim.label)
    json.name("text")
    json.value(claim.text)
    json.name("ink")
    json.value(word: claim.ink.className)
    if let grade = claim.grade {
      json.name("grade")
      json.value(word: grade.name)
    }
    if claim.frames.count > 0 {
      json.name("frames")
      json.beginArray()
      for frame in claim.frames.array { json.value(frame) }
      json.endArray()
    }
    if let advice = claim.advice {
      json.name("advice")
      json.value(advice)
    }
    json.endObject()
  }

  private func write(
    _ row: Timeline.Row, _ words: (letters: String, text: String), from start: Int64,
    to json: inout JSONWriter
  ) {
    json.beginObject()
    json.name("kind")
    json.value(word: row.kindWord)
    json.name("at")
    json.value(seconds: row.time.saturatingSubtracting(start))
    if row.frame != 0 {
      json.name("frame")
      json.value(row.frame)
      json.name("lastFrame")
      json.value(row.lastFrame)
    }
    json.name("side")
    json.value(word: row.side.name)
    json.name("letters")
    json.value(word: words.letters)
    json.name("text")
    json.value(words.text)
    json.endObject()
  }
}

extension Timeline.Row {
  fileprivate var kindWord: String {
    switch content {
    case .segment(let segment) where segment.isICMPError: "icmp"
    case .segment, .mark: "segment"
    case .passage, .nextConnection, .silence: "passage"
    }
  }
}

extension Ink {
  /// The word that the page's style sheet has for it.
  var className: String {
    switch self {
    case .problem: "problem"
    case .caution: "caution"
    case .plain, .strong, .dim, .state: "plain"
    }
  }
}

extension FlowRecord {
  /// The verdict on the flow, the gravest things as they come in a timeline's head.
  var claims: [Claim] {
    var claims = [Claim(label: "outcome", text: outcomeText, ink: teardown.outcome.ink)]
    if let closer = teardown.closedBy {
      claims.append(
        Claim(
          label: "closed first", text: closer.text, grade: closer.grade, frames: closer.frames))
    }
    if let hint = teardown.hintText { claims.append(Claim(label: "payload", text: hint)) }
    for wait in teardown.timeWait {
      let text = wait.pieces(of: self).map(\.text).joined(separator: " ")
      let entry = teardown.states[wait.side].last { $0.state == .timeWait }
      claims.append(
        Claim(
          label: "TIME-WAIT", text: text, grade: wait.grade, frames: entry?.frames ?? Frames()))
    }
    if let reset = teardown.reset {
      claims.append(
        Claim(
          label: "reset", text: "\(reset.cause.rawValue): \(reset.sentence)",
          ink: reset.harm >= 50 ? .problem : .caution, grade: reset.grade, frames: reset.frames,
          advice: teardown.resetAdvice))
    }
    for finding in teardown.findings
    where finding.code.rawValue != teardown.reset?.cause.rawValue {
      let sentence = finding.sentence(isIPv6: client.address.isIPv6)
      claims.append(
        Claim(
          label: "finding", text: "\(finding.code.rawValue): \(sentence)", ink: finding.ink,
          grade: finding.grade, frames: finding.frames, advice: finding.advice))
    }
    return claims
  }
}
