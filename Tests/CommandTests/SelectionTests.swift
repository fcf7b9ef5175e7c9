import Foundation
import TCPTeardown
import Testing

@testable import tcpclose

/// Which flows are told: `--stream`, `--host`, and the words of a verdict.
@Suite("Selection")
struct SelectionTests {
  /// A capture of many cases in one, and what it comes to without any selection.
  private static let cases = [
    "half-close", "reuse-refused", "linger-0", "simultaneous", "ipv6", "refused", "close-wait-leak",
  ]

  private static let paths = cases.map {
    Fixtures.folder.appending(path: "\($0)/client.pcap").path()
  }

  /// The streams that are told with `options`.
  private static func streams(_ options: String...) throws -> [Int] {
    let run = try Command.run(paths + ["--format", "jsonl"] + options)
    #expect(run.status == 0)
    return run.output.matches(of: /"stream":(\d+),/).compactMap { Int($0.output.1) }.sorted()
  }

  /// What selections go by, of one record.
  private struct Told: Decodable, Sendable {
    struct End: Decodable { var address: String }
    struct Sided: Decodable { var side: String }
    struct Coded: Decodable { var code: String }
    struct Caused: Decodable { var cause: String }

    var stream: Int
    var client: End
    var outcome: String
    var closedBy: Sided?
    var timeWait: [Sided]
    var findings: [Coded]
    var reset: Caused?

    var waiting: Set<String> { Set(timeWait.map(\.side)) }
  }

  /// All flows, without any selection.
  private static let all: [Told] = {
    let run = try? Command.run(paths + ["--format", "jsonl"])
    return run?.lines.compactMap {
      try? JSONDecoder().decode(Told.self, from: Data($0.utf8))
    } ?? []
  }()

  /// The streams whose record meets `condition`.
  private static func streams(where condition: (Told) -> Bool) -> [Int] {
    all.filter(condition).map(\.stream).sorted()
  }

  @Test("stream numbers stay what they are")
  func stream() throws {
    #expect(try Self.streams("--stream", "3") == [3])
    #expect(try Self.streams("--stream", "6,0-2") == [0, 1, 2, 6])
    #expect(try Self.streams("--stream", "4000") == [])
  }

  @Test("an address, with a port or without, of either side")
  func host() throws {
    #expect(try Self.streams("--host", "10.77.5.1") == [0])
    #expect(try Self.streams("--host", "10.77.5.2:80") == [0])
    #expect(try Self.streams("--host", "10.77.5.2:81") == [])
    let overIPv6 = Self.streams { $0.client.address == "fd00:77:a::1" }
    #expect(overIPv6.count == 1)
    #expect(try Self.streams("--host", "fd00:77:a::1") == overIPv6)
    #expect(try Self.streams("--host", "[fd00:77:a::2]:80") == overIPv6)
    #expect(try Self.streams("--host", "fd00:77:a:0::2") == overIPv6)
    #expect(try Self.streams("--host", "[fd00:77:a::2]:81") == [])
  }

  /// All but those of whole captures, which no flow bears.
  static let findingsOfFlows = Finding.Code.allCases.map(\.rawValue).filter { word in
    !["syn-flood-like", "port-exhaustion-risk", "truncated", "clock-step"].contains(word)
  }

  @Test("outcomes, findings and causes: each word selects what bears it")
  func words() throws {
    for word in Outcome.allCases.map(\.rawValue) {
      #expect(try Self.streams("--outcome", word) == Self.streams { $0.outcome == word })
    }
    for word in Self.findingsOfFlows {
      let expected = Self.streams { $0.findings.contains { $0.code == word } }
      #expect(try Self.streams("--finding", word) == expected)
    }
    for word in ResetVerdict.Cause.allCases.map(\.rawValue) {
      #expect(try Self.streams("--reset", word) == Self.streams { $0.reset?.cause == word })
    }
  }

  @Test("who closed first")
  func closedBy() throws {
    for word in ["client", "server", "both", "unknown", "none"] {
      let expected = Self.streams { $0.closedBy?.side ?? "none" == word }
      #expect(try Self.streams("--closed-by", word) == expected)
      #expect(word == "unknown" || !expected.isEmpty)
    }
  }

  @Test("who entered TIME-WAIT: a side, whatever the other did")
  func timeWait() throws {
    let client = Self.streams { $0.waiting.contains("client") }
    let server = Self.streams { $0.waiting.contains("server") }
    let both = Self.streams { $0.waiting.count == 2 }
    #expect(!both.isEmpty && client != both && server != both)
    #expect(try Self.streams("--time-wait", "client") == client)
    #expect(try Self.streams("--time-wait", "server") == server)
    #expect(try Self.streams("--time-wait", "both") == both)
    #expect(try Self.streams("--time-wait", "none") == Self.streams { $0.waiting.isEmpty })
    #expect(
      try Self.streams("--time-wait", "client,server")
        == Set(client).union(server).sorted())
  }

  @Test("several conditions must all be met, several words of one need not")
  func combined() throws {
    let expected = Self.streams { ["reset", "refused"].contains($0.outcome) }
    #expect(expected.count > 1)
    #expect(try Self.streams("--outcome", "reset,refused") == expected)
    #expect(try Self.streams("--outcome", "reset,refused", "--closed-by", "client") == [])
  }

  @Test("the summary is of the flows selected, and says of how many")
  func summary() throws {
    let run = try Command.run(Self.paths + ["--outcome", "refused", "--summary"])
    #expect(run.output.contains("\nflows         1 selected of \(Self.all.count)\n"))
    #expect(run.output.contains("\nrefused                            1   100.0\n"))
  }

  static let wrong: [(option: String, word: String, advice: String)] = [
    ("--stream", "a", "write stream numbers as 7, 1,4 or 4-9"),
    ("--stream", "4-2", "write stream numbers as 7, 1,4 or 4-9"),
    ("--host", "localhost", "192.0.2.1, 192.0.2.1:80, 2001:db8::1, [2001:db8::1]:80"),
    ("--host", "10.0.0.1:http", "a port is a number from 0 to 65535"),
    ("--closed-by", "me", "'me' is none of:\n  client, server, both, unknown, none\n"),
    ("--time-wait", "", "'' is none of:\n  client, server, both, none\n"),
    ("--finding", "gap,truncated", "'truncated' is none of:\n  close-wait-leak, "),
    ("--outcome", "reset,closed", "'closed' is none of:\n  refused, unreachable, "),
  ]

  @Test("a word that is none is told with those that are", arguments: wrong)
  func wrongWords(option: String, word: String, advice: String) throws {
    let run = try Command.run(option, word, "-")
    #expect(run.status == 64)
    #expect(run.errors.contains(advice), "\(run.errors)")
  }

  @Test("a wrong word is told with every word there is")
  func allWords() throws {
    for (option, words) in [
      ("--outcome", Outcome.allCases.map(\.rawValue)),
      ("--finding", Self.findingsOfFlows),
      ("--reset", ResetVerdict.Cause.allCases.map(\.rawValue)),
    ] {
      let run = try Command.run(option, "nothing", "-")
      #expect(run.status == 64)
      let listed = run.errors.split { !$0.isLetter && !$0.isNumber && $0 != "-" }
      for word in words { #expect(listed.contains(Substring(word)), "\(word)") }
      for line in run.errors.split(separator: "\n").dropFirst() { #expect(line.count <= 80) }
    }
  }
}
