import Foundation
import TCPTeardown
import Testing

/// Each recorded case as `tcpclose Fixtures/<case>/client.pcap` tells it in a pipe.
@Suite("Golden texts")
struct GoldenTests {
  @Test(arguments: Fixtures.cases, Side.allCases)
  func prints(name: String, vantage: Side) throws {
    guard let path = Fixtures.capture(name, vantage) else { return }
    let run = try Command.run(path)
    #expect(run.errors == "")
    #expect(run.status == 0)
    let file = Fixtures.folder.appending(path: "\(name)/\(vantage.name).txt")
    try Snapshot.check(run.output, is: file, recordedBy: "GoldenTests")
  }
}
