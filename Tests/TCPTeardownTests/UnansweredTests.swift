import FlowScripts
import TCPTeardown
import Testing

@Suite("R20: nobody answers a SYN")
struct UnansweredTests {
  /// The SYNs of a connection, at these milliseconds, and the end of the capture.
  static func syns(_ times: [Int], end: Int) -> String {
    "# SYNs without answer.\n"
      + times.map { "\($0) > S 0 0 0\n" }.joined() + "\(end) end"
  }

  static let backOff = [0, 1000, 3000, 7000, 15000, 31000, 63000]
  static let linear = [0, 1000, 2000, 3000, 4000, 5000, 7000, 11000, 19000, 35000, 67000]

  @Test(
    "a whole schedule is the kernel's, which gives up when its next SYN would be due",
    arguments: [(backOff, 127_000...131_000), (linear, 131_000...135_000)])
  func kernel(times: [Int], range: ClosedRange<Int>) throws {
    let verdict = Verdict(of: Self.syns(times, end: 200_000))
    #expect(verdict.head == "unanswered")
    let closed = try #require(verdict.record.teardown.states.client.last)
    #expect(closed.state == .closed)
    #expect(closed.grade == .inferred)
    #expect(range.contains(Int((closed.enteredAt - FlowScript.start) / 1_000_000)))
    #expect(
      verdict.findings(.connectTimeout).hasSuffix(
        "attempts=\(times.count) schedule=kernel"))
  }

  @Test("measured SYNs, which run late, are the kernel's too")
  func measured() {
    let times = [0, 1000, 2000, 3100, 4100, 5100, 7100, 11400, 19600, 35700, 68700]
    let verdict = Verdict(of: Self.syns(times, end: 200_000))
    #expect(verdict.findings(.connectTimeout).hasSuffix("attempts=11 schedule=kernel"))
  }

  @Test(
    "a shorter schedule is an application's time-out: the longest round value that fits",
    arguments: [
      ([0], 1000), ([0, 1000], 3000), ([0, 1000, 2000], 3000), ([0, 1000, 3000], 6000),
      ([0, 1000, 3000, 7000], 15_000), ([0, 1000, 2000, 3000, 4000, 5000], 6000),
      ([0, 1000, 2000, 3000, 4000, 5000, 7000], 10_000),
      ([0, 1000, 3000, 7000, 15000], 30_000), ([0, 1000, 3000, 7000, 15000, 31000], 60_000),
    ])
  func application(times: [Int], timeout: Int) {
    let verdict = Verdict(of: Self.syns(times, end: 190_000))
    #expect(
      verdict.findings(.connectTimeout)
        == "connect-timeout client i 1 timeout=\(timeout) "
        + "attempts=\(times.count) schedule=application")
    #expect(verdict.path == "client: SYN-SENT CLOSED\nserver:")
  }

  @Test("a capture that ends before the next SYN was due leaves SYN-SENT open")
  func tooShort() {
    let verdict = Verdict(of: Self.syns([0, 1000], end: 3000))
    #expect(verdict.head == "unanswered")
    #expect(verdict.path == "client: SYN-SENT\nserver:")
    #expect(verdict.findings == "")
  }

  @Test("a SYN-ACK that is not acknowledged and a SYN repeated after it: the client never got it")
  func lostSYNAcks() {
    let verdict = Verdict(
      of: """
        # The SYN-ACKs are lost behind the capture; the client gives up after its SYN at 3 s.
        0 > S 0 0 0
        1 < S. 0 0 1
        1000 > S 0 0 0
        1001 < S. 0 0 1
        3000 > S 0 0 0
        3001 < S. 0 0 1
        20000 end
        """)
    #expect(verdict.path.hasPrefix("client: SYN-SENT CLOSED\n"))
    #expect(verdict.close.hasPrefix("client: CLOSED 6000 iR20"))
  }
}
