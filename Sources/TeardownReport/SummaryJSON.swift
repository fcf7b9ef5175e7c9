internal import TCPTeardown

/// The `capture` and `summary` objects of docs/schema/report.schema.json and summary.schema.json.
extension CaptureSummary {
  static let rankLimit = 10

  func writeCapture(label: String, to json: inout JSONWriter) {
    json.beginObject()
    json.name("label")
    json.value(label)
    json.member("files", input.files)
    json.member("packets", input.packets)
    json.name("octets")
    json.value(input.octets)
    json.name("firstTime")
    json.value(timeOrNull: input.firstTime)
    json.name("lastTime")
    json.value(timeOrNull: input.lastTime)
    json.name("endTime")
    json.value(timeOrNull: input.endTime)
    json.name("undecoded")
    json.beginArray()
    for (reason, packets) in input.undecoded where packets > 0 {
      json.beginObject()
      json.name("reason")
      json.value(reason)
      json.member("packets", packets)
      json.endObject()
    }
    json.endArray()
    json.member("clockSteps", input.clockSteps)
    json.member("backwardStamps", input.backwardStamps)
    json.name("drops")
    if let drops = input.drops {
      json.beginObject()
      json.name("kernel")
      json.value(drops.kernel)
      json.name("interface")
      json.value(drops.interface)
      json.endObject()
    } else {
      json.null()
    }
    json.name("warnings")
    json.beginArray()
    for warning in input.warnings { json.value(warning) }
    json.endArray()
    json.name("findings")
    json.beginArray()
    for finding in captureFindings { json.value(finding) }
    json.endArray()
    json.name("other")
    json.beginObject()
    json.member("idleCloses", idleLimits.otherCloses)
    json.member("unfinishedAttempts", unfinishedAttempts.otherAttempts)
    json.member("heldPorts", portBudget.otherFlows)
    json.endObject()
    json.endObject()
  }

  func writeSummary(to json: inout JSONWriter) {
    json.beginObject()
    json.member("flows", flows)
    json.name("outcomes")
    json.beginObject()
    for outcome in Outcome.allCases { json.member(outcome.rawValue, outcomes[outcome]) }
    json.endObject()
    json.name("closedBy")
    json.beginObject()
    write(closers, to: &json)
    json.endObject()
    writeServices(to: &json)
    writeTimeWaits(to: &json)
    json.name("resets")
    json.beginObject()
    for (cause, count) in resets.occurring { json.member(cause.rawValue, count) }
    json.endObject()
    json.name("findings")
    json.beginObject()
    for (code, count) in findings.occurring { json.member(code.rawValue, count) }
    json.endObject()
    json.member("lateFlows", counts?.late ?? 0)
    json.member("evictedFlows", evictedFlows)
    json.member("strayICMPErrors", counts?.strayICMPErrors ?? 0)
    json.member("impossibleFlags", counts?.impossibleFlags ?? 0)
    json.member("evidenceOverflow", counts?.evidenceOverflow ?? 0)
    json.member("duplicateFrames", counts?.duplicates ?? 0)
    writeStateTimes(stateTimes.rows, to: &json)
    writeAdvice(to: &json)
    writePorts(to: &json)
    json.endObject()
  }

  private func writeServices(to json: inout JSONWriter) {
    json.name("services")
    json.beginArray()
    for (port, closers, times) in servicesWithTimes(limit: Self.rankLimit) {
      json.beginObject()
      json.member("port", Int(port))
      json.member("flows", closers.flows)
      write(closers, to: &json)
      writeStateTimes(times, to: &json)
      json.endObject()
    }
    json.endArray()
  }

  private func writeTimeWaits(to json: inout JSONWriter) {
    json.name("timeWait")
    json.beginObject()
    json.member("entries", timeWaits.entries)
    json.name("hosts")
    json.beginArray()
    for (address, host) in timeWaits.ranked(limit: Self.rankLimit) {
      json.beginObject()
      json.name("address")
      json.value(address)
      json.member("entries", host.entries)
      json.member("peak", host.peak)
      json.name("peakAt")
      json.value(time: host.peakTime)
      json.endObject()
    }
    json.endArray()
    json.member("otherEntries", timeWaits.otherEntries)
    json.endObject()
  }

  private func write(_ closers: Closers, to json: inout JSONWriter) {
    json.member("client", closers.client)
    json.member("server", closers.server)
    json.member("both", closers.both)
    json.member("unknown", closers.unknown)
    json.member("none", closers.none)
  }
}

extension JSONWriter {
  mutating func member(_ name: String, _ number: Int) {
    self.name(name)
    value(number)
  }

  mutating func value(timeOrNull time: Int64?) {
    if let time { value(time: time) } else { null() }
  }
}
