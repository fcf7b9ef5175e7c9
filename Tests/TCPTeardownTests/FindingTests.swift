import FlowScripts
import TCPTeardown
import Testing

@Suite("Findings and their evidence")
struct FindingTests {
  private func finding(_ code: Finding.Code, _ script: String) -> Finding? {
    Verdict(of: script).record.teardown.findings.first { $0.code == code }
  }

  @Test("a finding about the capture names the first frame that shows it")
  func frames() {
    let twice = finding(
      .duplicateFrames,
      """
      \(Opened.nearClient)
      50 > P. 1 10 1 id=7
      50.2 > P. 1 10 1 id=7
      50.4 > P. 1 10 1 id=7
      """)
    #expect(twice?.frames.array == [5] && twice?.count == 2)
    let fin = finding(
      .duplicateFrames, "\(Opened.nearClient)\n100 > F. 1 0 1 id=9\n100.2 > F. 1 0 1 id=9")
    #expect(fin?.frames.array == [5])
    let oneSided = finding(.oneSided, "0 > P. 1 10 1\n5 > P. 11 10 1")
    #expect(oneSided?.frames.array == [1])
  }

  @Test("a closed socket that waited for next to nothing is told by the cause of its RST alone")
  func shortOrphan() {
    func script(_ data: Int) -> String {
      """
      \(Opened.nearClient)
      100 > F. 1 0 1
      110 < . 1 0 2
      \(data) < P. 1 10 2
      \(data).1 > R 2 0 0
      """
    }
    #expect(finding(.finWait2Orphan, script(900)) == nil)
    #expect(Verdict(of: script(900)).reset.contains("data-after-close"))
    #expect(finding(.finWait2Orphan, script(2000)) != nil)
  }

  @Test("a RST of the next connection can be the reset of a flow whose own frames hold none")
  func resetOfNext() {
    let verdicts = Verdict.all(
      of: """
        # The client lost the connection and connects again; the old one's ACK draws its RST.
        \(Opened.nearServer)
        50 > P. 1 10 1
        1000 > S 99999 0 0
        1000.1 < . 1 0 11
        1010 > R 11 0 0
        1020 > S 99999 0 0
        1020.1 < S. 77777 0 100000
        """)
    let old = verdicts.first { $0.record.teardown.reset != nil }
    #expect(old?.reset.hasPrefix("client peer-gone") == true)
    #expect(old?.record.seen.contains(.rst) == false)
    #expect(old?.record.teardown.reset?.frames.array.last == 7)
  }

  @Test("a flag that no endpoint sends is seen, as Wireshark sees it, and closes nothing")
  func impossibleFlags() {
    let verdict = Verdict(of: "0 > SF 0 0 0\n10 < R. 0 0 2")
    #expect(verdict.record.seen.contains(.fin))
    #expect(verdict.record.teardown.closedBy == nil)
  }

  @Test("an estimate behind the capture's end is a guess, and never observed")
  func behindEnd() {
    let verdict = Verdict(
      of: """
        # The last ACK passes next to the client, and the capture ends with it.
        \(Opened.nearClient)
        100 > F. 1 0 1
        120 < F. 1 0 2
        120 > . 2 0 2
        """)
    let closed = verdict.record.teardown.states.server.last
    #expect(closed?.state == .closed && closed?.grade == .inferred)
    #expect(closed.map { $0.enteredAt > verdict.record.end } == true)
    #expect(closed.map { $0.latest == nil && $0.earliest == $0.enteredAt } == true)
  }
}
