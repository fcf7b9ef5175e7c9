import Foundation
import TCPTeardown
import Testing

@testable import TeardownReport

@Suite("Frames that claims cite")
struct CitedFrameTests {
  /// They speak of the capture: what proves them tells nothing of a beginning or an end.
  static let hygiene: Set<Finding.Code> = [.duplicateFrames, .reordered, .evidenceOverflow]

  @Test("the timeline shows each, whatever else it folds", arguments: ExplainTests.captures)
  func shown(capture: String) throws {
    let path = Fixtures.folder.appending(path: capture).path()
    for record in try Fixtures.records(of: path) {
      let rows = Timeline(of: record).rows
      let findings = record.teardown.findings.filter { !Self.hygiene.contains($0.code) }
      var claims = findings.map { ($0.code.rawValue, $0.frames) }
      if let reset = record.teardown.reset { claims.append((reset.cause.rawValue, reset.frames)) }
      for (claim, frames) in claims {
        for frame in frames.array {
          #expect(
            rows.contains { $0.shows(Frames(frame)) },
            "stream \(record.stream): \(claim) cites frame \(frame)")
        }
      }
    }
  }
}
