internal import PacketDecoding
internal import TCPTeardown

/// What the `summary` object tells besides counts.
extension CaptureSummary {
  func writeStateTimes(_ rows: [StateTimes.Row], to json: inout JSONWriter) {
    json.name("stateTimes")
    json.beginArray()
    for row in rows {
      json.beginObject()
      json.name("state")
      json.value(word: row.state.rawValue)
      json.member("count", row.count)
      let times = [
        ("p50", row.median), ("p90", row.ninetieth), ("p99", row.ninetyNinth),
        ("longest", row.longest),
      ]
      for (name, time) in times {
        json.name(name)
        if row.count > 0 { json.value(seconds: time) } else { json.null() }
      }
      json.member("withoutEnd", row.withoutEnd)
      json.endObject()
    }
    json.endArray()
  }

  /// What to do about each kind of finding, the most harmful first, and the streams to look at.
  func writeAdvice(to json: inout JSONWriter) {
    json.name("advice")
    json.beginArray()
    for finding in findingAdvice.ranked {
      json.beginObject()
      json.name("code")
      json.value(word: finding.code.rawValue)
      json.member("flows", findings[finding.code])
      write(streams: findingStreams[finding.code], to: &json)
      json.name("advice")
      json.value(finding.advice)
      json.endObject()
    }
    json.endArray()
    json.name("resetStreams")
    json.beginObject()
    for (cause, _) in resets.occurring {
      json.name(cause.rawValue)
      json.beginArray()
      for stream in resetStreams[cause] { json.value(stream) }
      json.endArray()
    }
    json.endObject()
  }

  private func write(streams: [Int], to json: inout JSONWriter) {
    json.name("streams")
    json.beginArray()
    for stream in streams { json.value(stream) }
    json.endArray()
  }

  func writePorts(to json: inout JSONWriter) {
    json.name("ports")
    json.beginObject()
    json.name("range")
    json.value(portBudget.ports)
    json.name("clients")
    json.beginArray()
    for holder in portBudget.holders.prefix(Self.rankLimit) {
      json.beginObject()
      json.name("client")
      json.value(holder.client)
      json.name("server")
      json.value(holder.server)
      json.member("connections", holder.flows)
      json.member("peak", holder.peak)
      json.name("share")
      json.value(thousandths: Double(holder.peak) / Double(max(1, holder.ports)))
      json.name("from")
      json.value(time: holder.peakTime)
      json.name("perSecond")
      json.value(thousandths: holder.forecast.perSecond)
      json.value(forecast: holder.forecast)
      json.endObject()
    }
    json.endArray()
    json.endObject()
  }
}

extension JSONWriter {
  /// Writes the member `forecast`.
  mutating func value(forecast: PortForecast) {
    name("forecast")
    beginObject()
    name("verdict")
    value(word: forecast.verdict.rawValue)
    name("grade")
    value(word: (forecast.verdict == .free ? Grade.observed : .assumed).name)
    name("sustainable")
    if let rate = forecast.sustainable { value(thousandths: rate) } else { null() }
    name("after")
    if let after = forecast.after { value(seconds: after) } else { null() }
    name("at")
    value(timeOrNull: forecast.at)
    member("held", forecast.held)
    endObject()
  }
}
