import FlowScripts
import TCPTeardown
import Testing

@testable import TeardownReport

@Suite("What findings advise")
struct FindingTextTests {
  /// The data of both sides lets the capture tell who closed first, or one side's lets it not.
  private func leak(serverSpeaks: Bool) throws -> Finding {
    let verdict = Verdict(
      of: """
        0 > P. 1 10 1
        1 < \(serverSpeaks ? "P. 1 10 11" : ". 1 0 11")
        100 > F. 11 0 \(serverSpeaks ? 11 : 1)
        110 < . \(serverSpeaks ? 11 : 1) 0 12
        19000 end
        """)
    return try #require(
      verdict.record.teardown.findings.first { $0.code == .closeWaitLeak })
  }

  @Test("a leak is somebody's fault only where it is known who closed first")
  func leakOfUnknownGrade() throws {
    let known = try leak(serverSpeaks: true)
    #expect(known.grade == .observed)
    #expect(known.advice.hasPrefix("find in the server's program"))
    let unknown = try leak(serverSpeaks: false)
    #expect(unknown.grade == .unknown)
    #expect(unknown.advice.hasPrefix("see first which side closed"))
    #expect(unknown.sentence(isIPv6: false).contains("unless that was before the capture"))
  }
}
