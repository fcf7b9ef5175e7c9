import Foundation
import Testing

/// Recorded flows whose datagrams are put into fragments: the same must come of them.
@Suite("Fragmented captures")
struct FragmentedTests {
  /// What does not depend on the numbers of frames.
  private struct Told: Decodable, Equatable {
    struct Counts: Decodable, Equatable { let client, server: Int }
    struct Interval: Decodable, Equatable {
      let state: String
      let enteredAt: Double
      let grade: String
      let rule: String
    }
    struct States: Decodable, Equatable { let client, server: [Interval] }
    struct Closer: Decodable, Equatable { let side, grade: String }
    struct Reset: Decodable, Equatable { let by, cause: String }
    struct Finding: Decodable, Equatable { let code: String }
    let start: String
    let outcome: String
    let seen: [String]
    let packets: Counts
    let payloadOctets: Counts
    let closedBy: Closer?
    let states: States
    let reset: Reset?
    let findings: [Finding]
  }

  private static func flows(_ path: String, _ options: [String] = []) throws -> [Told] {
    let run = try Command.run([path, "--format", "jsonl"] + options)
    try #require(run.status == 0, "\(run.errors)")
    return try run.lines.dropLast().map {
      try JSONDecoder().decode(Told.self, from: Data($0.utf8))
    }
  }

  private static func path(_ name: String) -> String {
    Fixtures.folder.appending(path: "\(name)/client.pcap").path()
  }

  /// A recorded case with each datagram in fragments of `size` octets.
  private static func fragmented(_ name: String, size: Int) throws -> CaptureBytes {
    try CaptureBytes(path: path(name)).inFragments(of: size)
  }

  @Test(
    "a capture in fragments tells what the whole one does",
    arguments: ["client-first", "half-close", "linger-0", "reuse-refused"], [8, 24, 32])
  func same(name: String, size: Int) throws {
    let file = try TemporaryFile(try Self.fragmented(name, size: size).octets, name: "f.pcap")
    let whole = try Self.flows(Self.path(name))
    #expect(!whole.isEmpty)
    for options in [[], ["--one-thread"], ["--by-vlan", "--by-tunnel"]] {
      #expect(try Self.flows(file.path, options) == whole)
    }
  }

  @Test("a filter by port takes further fragments as it took the first")
  func filter() throws {
    let file = try TemporaryFile(
      try Self.fragmented("client-first", size: 16).octets, name: "f.pcap")
    #expect(
      try Self.flows(file.path, ["-f", "tcp port 80"]) == Self.flows(Self.path("client-first")))
    let none = try Command.run(file.path, "--summary", "-f", "tcp port 81")
    #expect(none.output.contains("\nflows         0\n"))
    #expect(!none.output.contains("no segment"))
  }

  @Test("a filter by port leaves out what comes before its first fragment, and that is told")
  func lastFragmentFirst() throws {
    var capture = try Self.fragmented("client-first", size: 16)
    capture.putLastFragmentsFirst()
    let file = try TemporaryFile(capture.octets, name: "f.pcap")
    let run = try Command.run(file.path, "--summary", "-f", "tcp port 80")
    #expect(run.output.contains("\nflows         0\n"))
    let lacking = #/\nno segment +\d+ packets: IP fragment of a datagram that lacks others\n/#
    #expect(run.output.contains(lacking), "\(run.output)")
    let whole = try Self.flows(Self.path("client-first"))
    #expect(try Self.flows(file.path, ["--host", "10.77.1.2:80"]) == whole)
  }

  @Test("a datagram whose fragments lie in two files of a ring is one segment")
  func files() throws {
    let whole = try Self.fragmented("client-first", size: 16)
    let expected = try Self.flows(Self.path("client-first"))
    for cut in 1..<whole.frames.count {
      var (first, second) = (whole, whole)
      first.frames = Array(whole.frames[..<cut])
      second.frames = Array(whole.frames[cut...])
      let files = try [first, second].map { try TemporaryFile($0.octets, name: "ring.pcap") }
      #expect(try Self.flows(files[0].path, [files[1].path]) == expected, "cut before \(cut)")
    }
  }

  @Test("what fragments lack is told in the summary")
  func missing() throws {
    var capture = try Self.fragmented("client-first", size: 16)
    // Of each datagram the last fragment is lost.
    capture.frames.removeAll { $0.octets[20] & 0x20 == 0 && $0.octets[20...21] != [0, 0] }
    let file = try TemporaryFile(capture.octets, name: "lost.pcap")
    let run = try Command.run(file.path)
    #expect(run.status == 0)
    #expect(
      run.output.contains(
        "\nno segment    \(capture.frames.count) packets: IP fragment of a datagram that lacks "
          + "others\n"), "\(run.output)")
    #expect(run.output.contains("\nflows         0\n"))
    let words = run.output.split { $0.isWhitespace }.joined(separator: " ")
    // A SYN and a FIN of each side.
    #expect(
      words.hasSuffix(
        "warning segments with SYN, FIN or RST of which IP fragments are missing, and which are "
          + "not told: 4"), "\(run.output)")
  }
}
