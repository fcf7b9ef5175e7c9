import FlowScripts
import TCPTeardown
import Testing

/// Worked out by hand from docs/inference.md, section 11; times mean nothing here.
@Suite("Section 11: Zeek's words")
struct ZeekTests {
  static let cases: [(segments: String, state: String, history: String)] = [
    // Both established, then closed, or not.
    ("> S 0 0 0, < S. 0 0 1", "S1", "Sh"),
    ("\(opened), > P. 1 10 1, < . 1 0 11, < P. 1 10 11, > . 11 0 11", "S1", "ShADad"),
    ("\(opened), > F. 1 0 1, < . 1 0 2, < F. 1 0 2, > . 2 0 2", "SF", "ShAFaf"),
    ("\(opened), > F. 1 0 1, < F. 1 0 2, > . 2 0 2", "SF", "ShAFf"),
    ("\(opened), > F. 1 0 1, < . 1 0 2", "S2", "ShAFa"),
    ("\(opened), < F. 1 0 1, > . 1 0 2", "S3", "ShAf"),
    // SYNs and their refusal.
    ("> S 0 0 0, > S 0 0 0", "S0", "S"),
    ("> S 0 0 0, < R. 0 0 1", "REJ", "Sr"),
    ("> S 0 100 0, < S. 0 0 101", "S1", "Sh"),
    ("> S 0 0 0, > R 1 0 0", "RSTOS0", "SR"),
    ("> S 0 0 0, > . 1 0 1, > R 1 0 0", "OTH", "SAR"),
    ("> S 0 0 0, > F. 1 0 1", "SH", "SF"),
    ("> S 0 0 0, > . 1 0 1", "S0", "SA"),
    // What an old connection answers; without payload the responder stays inactive.
    ("> S 0 0 0, < . 7 0 7", "S0", "Sa"),
    ("> S 0 0 0, < P. 7 5 7", "OTH", "Sd"),
    ("> S 0 0 0, < . 7 0 7, > R 7 0 0, > S 0 0 0, < S. 0 0 1, > . 1 0 1", "RSTO", "SaRhA"),
    // One direction only, or one from the middle on.
    ("< S. 0 0 1, < F. 1 0 1", "SHR", "hf"),
    ("< S. 0 0 1, < R 1 0 0", "RSTRH", "hr"),
    ("> P. 1 10 1, < . 1 0 11", "OTH", "Da"),
    ("> . 1 0 1, < P. 1 10 1", "OTH", "Ad"),
    ("> P. 1 10 1, > F. 11 0 1", "SH", "DF"),
    ("< S. 0 0 1, > . 1 0 1, > P. 1 10 1", "S1", "hAD"),
    ("> P. 1 10 1, > S 0 0 0", "S0", "DS"),
    // Resets.
    ("\(opened), > P. 1 10 1, < R 1 0 0", "RSTR", "ShADr"),
    ("\(opened), > P. 1 10 1, > R. 11 0 1", "RSTO", "ShADR"),
    ("\(opened), > R. 1 0 1, < R 1 0 0", "REJ", "ShARr"),
    ("\(opened), > P. 1 10 1, > R. 11 0 1, < R 1 0 0", "RSTR", "ShADRr"),
    ("\(opened), > F. 1 0 1, < R 1 0 0", "RSTR", "ShAFr"),
    ("\(opened), > F. 1 0 1, > R 2 0 0", "RSTO", "ShAFR"),
    ("\(opened), > F. 1 0 1, > R 2 0 0, < F. 1 0 2", "SF", "ShAFRf"),
    ("\(opened), > F. 1 0 1, < F. 1 0 2, > R 2 0 0", "SF", "ShAFfR"),
    // Both sides' SYN: S and H share one memory.
    ("> S 0 0 0, < S 0 0 0, > S. 0 0 1, < S. 0 0 1, > . 1 0 1", "S1", "SsA"),
    // A letter again where the number differs, and not else.
    ("\(opened), > F. 1 0 1, > F. 1 0 1", "S2", "ShAF"),
    ("\(opened), > F. 1 0 1, > F. 9 0 1", "S2", "ShAFF"),
    ("> S 0 0 0, < R. 0 0 1, < R. 0 0 1, < R. 5 0 1", "REJ", "Srr"),
    ("\(opened), > F. 1 5 1, > F. 6 0 1", "S2", "ShAF"),
    // Flags that no endpoint sends.
    ("\(opened), > FR. 1 0 1", "RSTO", "ShAI"),
    ("\(opened), < FR. 1 0 1, < FR. 9 0 1", "RSTR", "ShAi"),
    ("> SF 0 0 0", "S0", "Q"),
    ("> SR. 0 0 0, > SF. 0 0 0", "SHR", "q"),
    ("\(opened), > - 1 0 0", "S1", "ShA"),
    ("\(opened), > - 1 5 0", "S1", "ShAD"),
  ]

  static let opened = "> S 0 0 0, < S. 0 0 1, > . 1 0 1"

  @Test("conn_state and history", arguments: cases)
  func words(segments: String, state: String, history: String) {
    let lines = segments.split(separator: ",").enumerated().map {
      "\($0 * 10)\($1.hasPrefix(" ") ? "" : " ")\($1)"
    }
    let verdicts = Verdict.all(of: "# \(segments)\n" + lines.joined(separator: "\n"))
    #expect(verdicts.count == 1)
    #expect(verdicts[0].record.zeekConnectionState == state)
    #expect(verdicts[0].record.zeekHistory == history)
  }

  @Test("a history ends where its room does, and the state goes on")
  func flood() {
    let resets = (0..<60).map { "\(20 + $0) < R. \($0 * 3) 0 1" }.joined(separator: "\n")
    let verdict = Verdict(of: "# SYN and sixty RSTs.\n0 > S 0 0 0\n\(resets)\n90 > F. 1 0 1")
    #expect(verdict.record.zeekHistory == "S" + String(repeating: "r", count: 24))
    #expect(verdict.record.zeekConnectionState == "RSTR")
  }
}
