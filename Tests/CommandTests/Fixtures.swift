import Foundation
import PacketCapture
import TCPTeardown

@testable import tcpclose

/// The recorded cases: a folder each, with captures from both ends and the kernel's own account.
enum Fixtures {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Fixtures").standardized

  /// Names of all cases, in order.
  static let cases: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
    return names.filter {
      FileManager.default.fileExists(atPath: folder.appending(path: "\($0)/truth.json").path())
    }.sorted()
  }()

  /// The capture at one end; nil where a case was recorded on one interface only.
  static func capture(_ name: String, _ vantage: Side) -> String? {
    let path = folder.appending(path: "\(name)/\(vantage.name).pcap").path()
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  /// What packets cannot decide: case, vantage and claim, from `undecidable.tsv`.
  private static let undecidable: Set<[String]> = {
    let file = folder.appending(path: "undecidable.tsv")
    let lines = (try? String(contentsOf: file, encoding: .utf8))?.split(separator: "\n") ?? []
    return Set(lines.dropFirst().map { $0.split(separator: "\t").prefix(3).map(String.init) })
  }()

  static func isUndecidable(_ name: String, _ vantage: Side, _ claim: String) -> Bool {
    undecidable.contains([name, vantage.name, claim])
  }

  /// The records of a capture file, in the order of streams.
  static func records(of path: String) throws -> [FlowRecord] {
    var analysis = Analysis(table: FlowTable(options: ReconstructionOptions()), filter: nil)
    var source = try CaptureFile(path: path)
    var records: [FlowRecord] = []
    while try source.next() == .packet {
      analysis.take(source)
      analysis.drain { records.append($0) }
    }
    while analysis.finishSome() { analysis.drain { records.append($0) } }
    return records.sorted { $0.stream < $1.stream }
  }
}
