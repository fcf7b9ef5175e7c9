import Benchmark
import PacketDecoding
import TCPTeardown
import TeardownReport

/// Each case is timed a thousand at a time, and its figures are for one.
let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .throughput], warmupIterations: 3, scalingFactor: .kilo,
    maxDuration: .seconds(1))
  benchmarkDecoding()
  benchmarkSegments()
  benchmarkFlows()
  benchmarkGrowth()
}

private func benchmarkDecoding() {
  for frame in Frame.all {
    Benchmark("decode: \(frame.name)") { benchmark in
      var (segment, tuple) = (Segment(), Tuple())
      let octets = frame.octets.span
      for _ in benchmark.scaledIterations {
        let content = segment.decode(
          octets, linkType: frame.linkType, originalLength: UInt32(octets.count),
          seed: FlowKey.seed, tuple: &tuple)
        guard case .segment = content else { return benchmark.error("not decoded") }
        blackHole(segment)
        blackHole(tuple)
      }
    }
  }
}

private func benchmarkSegments() {
  for flows in [1_000, 600_000] {
    // A plain segment is a look-up that hits, and a few stores.
    Benchmark("segment of an open flow: plain, \(flows) flows") { benchmark, traffic in
      traffic.next(benchmark.scaledIterations.count)
    } setup: {
      Turns(Traffic(opening: flows))
    }
  }
  Benchmark("segment of an open flow: telling (FIN)") { benchmark in
    var traffic = Traffic(opening: benchmark.scaledIterations.count)
    benchmark.startMeasurement()
    traffic.sendFINs()
    benchmark.stopMeasurement()
    blackHole(traffic.table.count)
  }
  // A look-up that misses, and a new row.
  Benchmark("segment of no flow: a SYN") { benchmark in
    var traffic = Traffic(opening: 0)
    benchmark.startMeasurement()
    for flow in benchmark.scaledIterations { traffic.open(flow) }
    benchmark.stopMeasurement()
    blackHole(traffic.table.count)
  }
}

/// Traffic whose flows send in turn, a few each time it is asked.
private final class Turns {
  private var traffic: Traffic
  private var next = 0

  init(_ traffic: consuming Traffic) { self.traffic = traffic }

  func next(_ count: Int) {
    traffic.sendData(count, from: next)
    next = (next + count) % traffic.flows
  }
}

private func benchmarkFlows() {
  Benchmark("flow: reconstruct and record, closed by FINs") { benchmark in
    var traffic = Traffic(opening: benchmark.scaledIterations.count)
    traffic.close()
    var recorder = Recorder(options: ReconstructionOptions())
    var count = 0
    benchmark.startMeasurement()
    while traffic.finishSome() { traffic.drain(&recorder) { _ in count += 1 } }
    benchmark.stopMeasurement()
    if count != benchmark.scaledIterations.count { benchmark.error("\(count) flows") }
  }
  for format in [Format.jsonl, .brief] {
    Benchmark("flow: a row of \(format.rawValue)") { benchmark, rows in
      for _ in benchmark.scaledIterations { rows.write() }
    } setup: {
      Rows(of: plainRecord(), as: format)
    }
  }
}

/// A report that is handed the same record again and again.
private final class Rows {
  private let record: FlowRecord
  private var report: Report
  private var octets: [UInt8] = []

  init(of record: FlowRecord, as format: Format) {
    self.record = record
    var options = ReportOptions(label: "capture.pcap")
    options.format = format
    report = Report(options)
  }

  /// Empties the buffer when it holds as much as the command writes at a time.
  func write() {
    report.take(record, into: &octets)
    if octets.count > 1 << 16 { octets.removeAll(keepingCapacity: true) }
  }
}

/// The record of a connection that both sides closed.
private func plainRecord() -> FlowRecord {
  var traffic = Traffic(opening: 1)
  traffic.sendData(1, from: 0)
  traffic.close()
  var recorder = Recorder(options: ReconstructionOptions())
  var records: [FlowRecord] = []
  while traffic.finishSome() { traffic.drain(&recorder) { records.append(copy $0) } }
  return records[0]
}
