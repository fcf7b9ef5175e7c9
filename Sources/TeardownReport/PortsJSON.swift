internal import PacketDecoding
internal import TCPTeardown

/// The document of docs/schema/ports.schema.json.
struct PortsJSON {
  let label: String
  let summary: CaptureSummary
  let accounts: PortAccounts

  func write(to json: inout JSONWriter) {
    json.beginObject()
    json.name("schema")
    json.value(word: "tcpclose.ports/1")
    json.name("capture")
    summary.writeCapture(label: label, to: &json)
    json.name("assumed")
    json.beginObject()
    json.name("ports")
    json.value(accounts.options.ports)
    json.name("timeWait")
    json.beginObject()
    json.name("profile")
    json.value(accounts.options.profile.name)
    json.name("duration")
    json.value(seconds: accounts.options.profile.timeWait)
    json.endObject()
    json.endObject()
    json.member("flows", summary.flows)
    json.member("leftOutFlows", summary.leftOut)
    json.member("flowsOutsideRange", accounts.flowsOutside)
    json.name("exact")
    json.value(accounts.isExact)
    json.name("clients")
    json.beginArray()
    for account in accounts.clients { write(account, to: &json) }
    json.endArray()
    json.name("servers")
    json.beginArray()
    for waits in accounts.servers { write(waits, to: &json) }
    json.endArray()
    json.name("other")
    json.beginObject()
    json.member("clients", accounts.moreClients)
    json.member("servers", accounts.moreServers)
    json.member("connections", accounts.otherConnections)
    json.member("serverTimeWaits", accounts.otherServerWaits)
    json.endObject()
    json.endObject()
  }

  private func write(_ account: PortAccount, to json: inout JSONWriter) {
    let facts = account.facts
    json.beginObject()
    json.name("client")
    json.value(account.way.client)
    json.name("server")
    json.value(account.way.server)
    json.member("connections", account.connections)
    json.name("firstAt")
    json.value(time: facts.first)
    json.name("lastAt")
    json.value(time: facts.last)
    json.name("held")
    json.beginObject()
    writePeak(account.held, atMost: account.ports, account.grade, to: &json)
    json.name("share")
    json.value(thousandths: Double(account.most) / Double(account.ports))
    json.endObject()
    json.name("timeWait")
    json.beginObject()
    json.member("entries", facts.waits)
    json.member("withTimestamps", facts.timestampedWaits)
    json.member("atServer", facts.serverWaits)
    writePeak(account.waiting, atMost: account.ports, account.grade, to: &json)
    json.name("noneFrom")
    json.value(timeOrNull: account.waiting.span?.end)
    json.endObject()
    json.name("payloadOctets")
    json.beginObject()
    json.name("client")
    json.value(facts.payloadOctets.client)
    json.name("server")
    json.value(facts.payloadOctets.server)
    json.endObject()
    json.name("http")
    json.beginObject()
    json.member("connections", facts.http)
    json.member("endedByResponse", facts.httpCloses)
    json.endObject()
    write(account.rate, to: &json)
    json.value(forecast: account.forecast)
    writeSlices(of: account, to: &json)
    json.endObject()
  }

  private func writePeak(
    _ curve: HeldCurve, atMost most: Int, _ grade: Grade, to json: inout JSONWriter
  ) {
    let peak = curve.peak
    json.member("peak", min(most, peak?.held ?? 0))
    json.name("from")
    json.value(timeOrNull: peak?.from)
    json.name("until")
    json.value(timeOrNull: peak?.until)
    json.name("grade")
    json.value(word: grade.name)
  }

  private func write(_ rate: PortRate, to json: inout JSONWriter) {
    json.name("rate")
    json.beginObject()
    json.member("busiest", rate.busiest)
    json.name("within")
    json.value(seconds: rate.span)
    json.name("perSecond")
    json.value(thousandths: rate.perSecond)
    json.endObject()
  }

  private func writeSlices(of account: PortAccount, to json: inout JSONWriter) {
    let slices = PortSlices(account.held, account.waiting, captureEnd: accounts.captureEnd)
    json.name("overTime")
    json.beginObject()
    json.name("start")
    json.value(time: slices?.start ?? account.facts.first)
    json.name("step")
    json.value(seconds: slices?.length ?? 0)
    json.name("steps")
    json.beginArray()
    for slice in slices?.slices ?? [] {
      json.beginObject()
      json.member("held", slice.held)
      json.member("timeWait", slice.waiting)
      json.name("beyondCapture")
      json.value(slice.isBeyondCapture)
      json.endObject()
    }
    json.endArray()
    json.endObject()
  }

  private func write(_ waits: ServerWaits, to json: inout JSONWriter) {
    json.beginObject()
    json.name("server")
    json.value(waits.server)
    json.member("entries", waits.entries)
    let peak = waits.held.peak
    json.member("peak", peak?.held ?? 0)
    json.name("from")
    json.value(timeOrNull: peak?.from)
    json.name("until")
    json.value(timeOrNull: peak?.until)
    json.name("octets")
    json.beginObject()
    json.member("peak", (peak?.held ?? 0) * ServerWaits.octetsEach)
    json.name("grade")
    json.value(word: Grade.assumed.name)
    json.endObject()
    json.endObject()
  }
}

extension JSONWriter {
  /// Writes a range of ports.
  mutating func value(_ ports: ClosedRange<UInt16>) {
    beginObject()
    member("low", Int(ports.lowerBound))
    member("high", Int(ports.upperBound))
    member("count", ports.count)
    endObject()
  }

  /// Writes an address and a port.
  mutating func value(_ endpoint: Endpoint) {
    beginObject()
    name("address")
    value(endpoint.address)
    member("port", Int(endpoint.port))
    endObject()
  }

  /// Writes a number that is not negative, rounded to thousandths.
  mutating func value(thousandths number: Double) {
    value(seconds: Int64(min(number * 1000, 9e12).rounded()) * 1_000_000)
  }
}
