import Foundation
import Testing

/// `tcpclose ports` on the recorded cases that are about ports.
@Suite("Ports")
struct PortsTests {
  static let range = ["--ephemeral-ports", "40000-40049"]

  static func path(_ name: String) -> String {
    Fixtures.folder.appending(path: "\(name)/client.pcap").path()
  }

  /// The report, its lines put together again where they were filled.
  static func told(_ arguments: [String]) throws -> String {
    let run = try Command.run(["ports"] + arguments)
    #expect(run.status == 0 && run.errors == "")
    for line in run.lines { #expect(line.count <= 80, "\(line)") }
    return run.output.replacing(/\n {14,}/, with: " ")
  }

  static func client(_ arguments: [String], at place: Int = 0) throws -> [String: Any] {
    let run = try Command.run(["ports", "--format", "json"] + arguments)
    let document = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
    let clients = (document as? [String: Any])?["clients"] as? [[String: Any]] ?? []
    try #require(clients.count > place)
    return clients[place]
  }

  @Test("the recorded exhaustion: all 50 ports, since when, for how long, and that none was left")
  func exhaustion() throws {
    let told = try Self.told([Self.path("port-exhaustion")] + Self.range)
    #expect(told.contains("at most 50 of 50 (100.0 %), from 2026-11-23 09:38:09.805466514 UTC on"))
    #expect(told.contains("it ran out of ports 2.1 s after its first connection, for 58 s"))
    #expect(told.contains("sustainable   0.8 a second: 50 ports, each held for 60 s"))
    #expect(told.contains("tcp_tw_reuse  set to 1"))
    #expect(told.contains("tcp_fin_timeout would not help"))
    // The kernel's own account: the last of the 50 was opened then, and the 51st a minute later.
    let truth = Fixtures.folder.appending(path: "port-exhaustion/truth.json")
    let account = try JSONSerialization.jsonObject(with: Data(contentsOf: truth))
    let flows = (account as? [String: Any])?["flows"] as? [[String: Any]] ?? []
    let opened = flows.compactMap { ($0["opened"] as? NSNumber)?.int64Value }.sorted()
    try #require(opened.count == 51)
    let from = 1_795_426_689_805_466_514
    #expect(abs(opened[49] - Int64(from)) < 1_000_000)
    #expect(opened[50] > Int64(from) + 58_000_000_000)
  }

  @Test("cut off a second before its ports are used up, a capture gives the forecast")
  func forecast() throws {
    let whole = try Data(contentsOf: URL(filePath: Self.path("port-exhaustion")))
    let cut = try TemporaryFile(whole.firstSeconds(1.057), name: "cut.pcap")
    let told = try Self.told([cut.path] + Self.range)
    #expect(told.contains("at most 26 of 50 (52.0 %)"))
    #expect(
      told.contains(
        "at 25 connections a second this client runs out of its 50 ports 2 s after start"))
    #expect(told.contains("at 2026-11-23 09:38:09.7 UTC (assumed)"))
    #expect(told.contains("-> reuse connections"))
    let summary = try Command.run([cut.path, "--summary"] + Self.range)
    #expect(summary.output.contains("runs out of its 50 ports"))
  }

  @Test("the burst: a plateau of 200 TIME-WAITs, its end, and that this end is assumed")
  func burst() throws {
    let told = try Self.told([Self.path("burst")])
    #expect(told.contains("at most 200 of 28,232 (0.7 %)"))
    #expect(
      told.contains(
        "at most 200 at one time, from 2026-11-23 09:38:08.642022026 UTC on for 59.2 s; "
          + "none from 2026-11-23 09:39:08.642022026 UTC on (assumed)"))
    #expect(told.contains("the capture ends at 0.896857: what follows is assumed"))
    let rows = told.split(separator: "\n").filter { $0.contains(/^ +\d+ +\d+ +\d+/) }
    #expect(rows.count == 14)
    #expect(rows.dropLast().allSatisfy { $0.contains(/\b200 +200\b/) })
    #expect(rows.last?.contains(/^ +65 +0 +0$/) == true)
  }

  @Test("the profile decides how long ports are held, and the range how many there are")
  func assumptions() throws {
    let told = try Self.told([
      Self.path("burst"), "--profile", "windows", "--ephemeral-ports", "50000-60000",
    ])
    #expect(told.contains("50000 to 60000: 10,001 towards each destination"))
    #expect(told.contains("lasts 120 s (windows) where no segment shows its end (assumed)"))
    #expect(told.contains("at 200 connections a second this client runs out of its 10,001 ports"))
    let none = try Self.told([Self.path("burst"), "--ephemeral-ports", "1-1023"])
    #expect(none.contains("200 flows with client ports outside of that range"))
  }

  @Test("flows are selected as for read")
  func selection() throws {
    let path = Self.path("burst")
    #expect(try Self.told([path, "--stream", "0-9"]).contains("flows         10 selected of 200"))
    #expect(
      try Self.told([path, "--host", "192.0.2.1"]).contains("flows         0 selected of 200"))
    #expect(try Self.told([path, "-f", "udp"]).contains("flows         0\n"))
    #expect(try Self.client([path, "--host", "10.77.91.2:80"])["connections"] as? Int == 200)
    #expect(
      try Self.told([path, "--limit", "0"]).contains("1 more client and destination: --limit"))
  }

  @Test("TIME-WAIT at the server holds no port, and is told apart with what it costs")
  func server() throws {
    let told = try Self.told([Self.path("http-1.0-server-closes")])
    #expect(told.contains("10.77.18.2:80                            5       5"))
    #expect(told.contains("about 1,280 octets at 10.77.18.2:80"))
    #expect(told.contains("tcp_tw_reuse  would change nothing"))
    let client = try Self.client([Self.path("http-1.0-server-closes")])
    let forecast = client["forecast"] as? [String: Any]
    #expect(forecast?["verdict"] as? String == "free")
    let http = client["http"] as? [String: Int]
    #expect(http == ["connections": 5, "endedByResponse": 5])
  }

  @Test("tcp_tw_reuse needs timestamps, as the evidence shows them")
  func timestamps() throws {
    for (name, count) in [("reuse-no-timestamps", 0), ("tw-reuse-1-veth", 2)] {
      let client = try Self.client([Self.path(name)])
      let wait = try #require(client["timeWait"] as? [String: Any])
      if count == 0 {
        #expect(wait["withTimestamps"] as? Int == 0)
      } else {
        #expect((wait["withTimestamps"] as? Int ?? 0) > 0)
      }
    }
  }

  @Test("one thread tells the same as three, and standard input the same as a file")
  func ways() throws {
    let path = Self.path("port-exhaustion")
    let ahead = try Command.run(["ports", path, "--label", "x"])
    #expect(
      try Command.run(["ports", path, "--label", "x", "--one-thread"]).output == ahead.output)
    let piped = try Command.run(["ports", "-", "--label", "x"], input: URL(filePath: path))
    #expect(piped.output == ahead.output)
    let followed = try Command.run(["ports", path, "--label", "x", "--follow", "-c", "410"])
    #expect(followed.output == ahead.output)
  }

  @Test("a mistake is told")
  func mistakes() throws {
    #expect(try Command.run(["ports"]).status == 64)
    #expect(try Command.run(["ports", "-", "--format", "csv"]).status == 64)
    #expect(
      try Command.run(["ports", "-", "--limit", "-1"]).errors.contains("--limit takes a number"))
    let missing = try Command.run(["ports", "/nonexistent", "--format", "json"])
    #expect(missing.status == 2 && missing.output.hasPrefix(#"{"schema":"tcpclose.ports/1""#))
  }
}

extension Data {
  /// A pcap file's packets of its first so many seconds; its times are in nanoseconds.
  fileprivate func firstSeconds(_ seconds: Double) -> Data {
    func number(at offset: Int) -> Int {
      self[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    precondition(number(at: 0) == 0xA1B2_3C4D)
    var place = 24
    var first: Int?
    while place < count {
      let time = number(at: place) * 1_000_000_000 + number(at: place + 4)
      if first == nil { first = time }
      if Double(time - (first ?? 0)) > seconds * 1e9 { break }
      place += 16 + number(at: place + 8)
    }
    return prefix(place)
  }
}
