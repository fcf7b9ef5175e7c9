import Foundation
import TeardownReport
import Testing

@testable import tcpclose

/// Which flows are told, and in which order: the same in every format.
@Suite("Sort and limit")
struct SortTests {
  private static let cases = [
    "half-close", "linger-0", "close-wait-leak", "lost-last-ack", "refused", "simultaneous",
    "close-unread-data", "server-first", "read-timeout-unanswered",
  ]
  private static let paths = cases.map {
    Fixtures.folder.appending(path: "\($0)/client.pcap").path()
  }

  /// The streams told in a format, in its order.
  private static func streams(_ format: Format, _ options: [String]) throws -> [Int] {
    let run = try Command.run(paths + ["--format", format.rawValue] + options)
    #expect(run.status == 0, "\(run.errors)")
    let numbers = { (pattern: Regex<(Substring, Substring)>) in
      run.output.matches(of: pattern).compactMap { Int($0.output.1) }
    }
    return switch format {
    case .text: numbers(#/(?m)^stream (\d+)  /#)
    case .brief: numbers(#/(?m)^ *(\d+)\*? +\S/#)
    case .csv: numbers(#/(?m)^[^,]+\.pcap,(\d+),/#)
    case .json, .jsonl:
      numbers(#/(?m)^{"schema":"tcpclose.flow/1","capture":"[^"]*","stream":(\d+),/#)
    case .html: numbers(#/"schema":"tcpclose.flow\/1","capture":"[^"]*","stream":(\d+),/#)
    }
  }

  private struct Told: Decodable {
    struct Stay: Decodable {
      var state: String
      var enteredAt: Double
      var leftAt: Double?
    }
    struct Wait: Decodable { var duration: Double }

    var stream: Int
    var start: String
    var duration: Double
    var states: [String: [Stay]]
    var timeWait: [Wait]
  }

  private static let all: [Told] = {
    let run = try? Command.run(paths + ["--format", "jsonl"])
    return (run?.lines ?? []).compactMap {
      try? JSONDecoder().decode(Told.self, from: Data($0.utf8))
    }.sorted { $0.stream < $1.stream }
  }()

  /// The streams by what `weight` gives, the most first.
  private static func sorted(by weight: (Told) -> Double) -> [Int] {
    all.sorted { (weight($1), $0.stream) < (weight($0), $1.stream) }.map(\.stream)
  }

  static let orders: [(name: String, expected: @Sendable () -> [Int])] = [
    ("stream", { all.map(\.stream) }),
    ("duration", { sorted { $0.duration } }),
    ("time-wait", { sorted { $0.timeWait.map(\.duration).max() ?? -1 } }),
    (
      "close-wait",
      {
        sorted { told in
          told.states.values.joined().filter { $0.state == "CLOSE-WAIT" }
            .map { ($0.leftAt ?? told.duration) - $0.enteredAt }.max() ?? -1
        }
      }
    ),
  ]

  @Test("flows come in the order asked for, as many as asked for", arguments: orders)
  func order(name: String, expected: @Sendable () -> [Int]) throws {
    let expected = expected()
    #expect(expected.count == Self.cases.count)
    for format in Format.allCases {
      let told = try Self.streams(format, ["--sort", name])
      #expect(told == expected, "\(format)")
      for limit in [0, 1, 4] {
        let some = try Self.streams(format, ["--sort", name, "--limit", "\(limit)"])
        #expect(some == Array(expected.prefix(limit)), "\(format) \(limit)")
      }
    }
  }

  @Test("by end: as they ended; by harm: the worst first, in either of the same in every format")
  func others() throws {
    let ends = try Self.streams(.csv, ["--sort", "end"])
    let run = try Command.run(Self.paths + ["--format", "csv"])
    let rows = run.output.split(whereSeparator: \.isNewline).dropFirst()
      .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    #expect(rows.count == Self.cases.count)
    let byEnd = rows.sorted { ($0[10], Int($0[1]) ?? 0) < ($1[10], Int($1[1]) ?? 0) }
    #expect(ends == byEnd.map { Int($0[1]) ?? -1 })
    let harm = try Self.streams(.jsonl, ["--sort", "harm"])
    #expect(try Self.streams(.jsonl, ["--finding", "close-wait-leak"]) == [harm[0]])
    for format in Format.allCases {
      #expect(try Self.streams(format, ["--sort", "end"]) == ends)
      #expect(try Self.streams(format, ["--sort", "harm"]) == harm)
    }
  }

  @Test("a limit alone takes the most harmful, in the order of streams but on a page")
  func limit() throws {
    let harm = try Self.streams(.jsonl, ["--sort", "harm"])
    for format in Format.allCases {
      let told = try Self.streams(format, ["--limit", "3"])
      let expected = Array(harm.prefix(3))
      #expect(told == (format == .html ? expected : expected.sorted()), "\(format)")
    }
  }

  static let selections: [[String]] = [
    ["--stream", "1,4-6"], ["--host", "10.77.5.1"], ["--outcome", "reset,refused"],
    ["--closed-by", "client"], ["--time-wait", "both"], ["--finding", "close-wait-leak"],
    ["--reset", "abort"], ["--outcome", "reset", "--closed-by", "none"], ["--stream", "99"],
  ]

  @Test("a selection holds in every format and in every summary", arguments: selections)
  func selection(options: [String]) throws {
    let expected = try Self.streams(.jsonl, options)
    #expect(expected.isEmpty == options.contains("99"))
    #expect(expected.count < Self.cases.count)
    for format in Format.allCases {
      #expect(try Self.streams(format, options).sorted() == expected.sorted(), "\(format)")
    }
    for format in [Format.text, .brief] {
      let run = try Command.run(Self.paths + ["--format", format.rawValue, "--summary"] + options)
      let line = "\nflows         \(expected.count) selected of \(Self.cases.count)\n"
      #expect(run.output.contains(line))
    }
    let json = try Command.run(Self.paths + ["--format", "json", "--summary"] + options)
    #expect(json.output.contains(#""summary":{"flows":\#(expected.count),"#))
    let page = try Command.run(Self.paths + ["--format", "html", "--summary"] + options)
    #expect(page.output.contains("selected of \(Self.cases.count)"))
  }

  @Test("how many are left out is told")
  func leftOut() throws {
    let more = "\(Self.cases.count - 2) more flows"
    let text = try Command.run(Self.paths + ["--limit", "2"])
    #expect(text.output.contains("\n\(more): --all, --format brief, --stream N\n"))
    let sorted = try Command.run(Self.paths + ["--limit", "2", "--sort", "end"])
    #expect(sorted.output.contains("\n\(more): --limit N\n"))
    for format in ["brief", "csv", "json", "jsonl"] {
      let run = try Command.run(Self.paths + ["--limit", "2", "--format", format])
      #expect(run.errors == "tcpclose: \(more): --limit N tells more\n")
    }
    let page = try Command.run(
      Self.paths + ["--limit", "2", "--format", "html", "--sort", "duration"])
    #expect(page.errors == "")
    #expect(page.output.contains("The 2 longest flows of \(Self.cases.count);"))
  }
}
