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

  /// A row of `undecidable.tsv`: what packets cannot decide, at one vantage point.
  struct Undecidable {
    var name: String
    var vantage: String
    var claims: Set<String>
  }

  static let undecidableRows: [Undecidable] = {
    let file = folder.appending(path: "undecidable.tsv")
    let lines = (try? String(contentsOf: file, encoding: .utf8))?.split(separator: "\n") ?? []
    return lines.dropFirst().map { line in
      let fields = line.split(separator: "\t").map(String.init)
      let claims = fields[2].split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      return Undecidable(name: fields[0], vantage: fields[1], claims: Set(claims))
    }
  }()

  /// The claims that packets cannot decide at one end of a case.
  static func undecidable(_ name: String, _ vantage: Side) -> Set<String> {
    undecidableRows.filter { $0.name == name && $0.vantage == vantage.name }
      .reduce(into: []) { $0.formUnion($1.claims) }
  }

  /// The records of a capture file, in the order of streams.
  static func records(of path: String) throws -> [FlowRecord] {
    var analysis = Analysis(table: FlowTable(options: ReconstructionOptions()), filter: nil)
    var source = try CaptureFile(path: path)
    var records: [FlowRecord] = []
    while try source.next() == .packets {
      analysis.take(source)
      analysis.drain { records.append(copy $0) }
    }
    while analysis.finishSome() { analysis.drain { records.append(copy $0) } }
    return records.sorted { $0.stream < $1.stream }
  }
}
