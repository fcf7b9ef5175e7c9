import Benchmark
import Glibc
import TCPTeardown

/// How long the dearest of a million insertions holds up the packets behind it.
func benchmarkGrowth() {
  let dearest = BenchmarkMetric.custom("Dearest insertion (ns of the thread's time)")
  Benchmark(
    "growth: from no flow to 1000000",
    configuration: .init(
      metrics: [dearest], warmupIterations: 1, scalingFactor: .one, maxDuration: .seconds(30),
      maxIterations: 9)
  ) { benchmark in
    var traffic = Traffic(opening: 0)
    var most = 0
    for flow in 0..<1_000_000 {
      let start = threadNanoseconds()
      traffic.open(flow)
      most = max(most, threadNanoseconds() - start)
    }
    guard traffic.table.count == 1_000_000 else { return benchmark.error("flows are missing") }
    benchmark.measurement(dearest, most)
  }
}

/// What this thread has had of a processor so far: others that run meanwhile do not count.
private func threadNanoseconds() -> Int {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return time.tv_sec * 1_000_000_000 + time.tv_nsec
}
