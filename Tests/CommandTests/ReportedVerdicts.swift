import ArgumentParser
import Foundation

@testable import tcpclose

/// What a report says of a capture, by kind: each verdict with its code and its values.
struct ReportedVerdicts {
  struct Verdict: CustomStringConvertible {
    var code: String
    /// The numbers of a verdict are seconds or counts; the side is a word among the others.
    var numbers: [String: Double] = [:]
    var words: [String: String] = [:]

    var description: String {
      let values = words.map { "\($0)=\($1)" } + numbers.map { "\($0)=\($1)" }
      return values.isEmpty ? code : "\(code) (\(values.sorted().joined(separator: "; ")))"
    }
  }

  private(set) var causes: [Verdict] = []
  private(set) var findings: [Verdict] = []
  /// Of the capture as a whole.
  private(set) var aggregates: [Verdict] = []

  subscript(kind: VerdictTable.Kind) -> [Verdict] {
    switch kind {
    case .cause: causes
    case .finding: findings
    case .aggregate: aggregates
    }
  }

  /// Runs the command on a capture below `Fixtures`, as a user would, and reads its JSON.
  init(of capture: String, options: [String]) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "tcpclose-verdicts-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let report = folder.appending(path: "report.json").path()
    let path = Fixtures.folder.appending(path: capture + ".pcap").path()
    var command = try TCPClose.parseAsRoot([path, "--format", "json", "-o", report] + options)
    try command.run()
    let octets = try Data(contentsOf: URL(filePath: report))
    try self.init(JSONDecoder().decode(JSON.self, from: octets))
  }

  private init(_ report: JSON) throws {
    for flow in report["flows"].elements {
      if let code = flow["reset"]["cause"].word {
        causes.append(Verdict(code, flow["reset"]))
      }
      findings += flow["findings"].elements.compactMap(Verdict.init)
    }
    for part in [report["capture"], report["summary"]] { addAggregates(of: part) }
    for (code, count) in report["summary"]["findings"].members where count.number ?? 0 > 0 {
      if !aggregates.contains(where: { $0.code == code }) { aggregates.append(Verdict(code: code)) }
    }
  }

  /// A verdict of the whole capture is any object with a code, wherever the report puts it.
  private mutating func addAggregates(of value: JSON) {
    if let verdict = Verdict(value) { aggregates.append(verdict) }
    for element in value.elements { addAggregates(of: element) }
    for member in value.members.values { addAggregates(of: member) }
  }
}

extension ReportedVerdicts.Verdict {
  fileprivate init?(_ object: JSON) {
    guard let code = object["code"].word else { return nil }
    self.init(code, object)
  }

  fileprivate init(_ code: String, _ object: JSON) {
    self.code = code
    for (name, value) in object.members.merging(object["values"].members, uniquingKeysWith: { $1 })
    {
      numbers[name] = value.number
      words[name] = value.word
    }
    for name in ["code", "cause", "grade"] { words[name] = nil }
  }

  /// Whether it is the verdict of a row: code and words.
  func isOf(_ row: VerdictTable.Row) -> Bool {
    code == row.code
      && row.expectations.allSatisfy { name, expectation in
        if case .word(let word) = expectation { words[name] == word } else { true }
      }
  }

  /// Whether its numbers are those of a row.
  func hasNumbers(of row: VerdictTable.Row) -> Bool {
    row.expectations.allSatisfy { name, expectation in
      guard case .number(let wanted, let tolerance) = expectation else { return true }
      return numbers[name].map { abs($0 - wanted) <= tolerance } ?? false
    }
  }
}

/// A JSON value, read without a type of its own.
private enum JSON: Decodable {
  case null
  case flag(Bool)
  case number(Double)
  case word(String)
  case array([JSON])
  case object([String: JSON])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let word = try? container.decode(String.self) {
      self = .word(word)
    } else if let array = try? container.decode([JSON].self) {
      self = .array(array)
    } else {
      self = .object(try container.decode([String: JSON].self))
    }
  }

  subscript(name: String) -> JSON { members[name] ?? .null }

  var members: [String: JSON] { if case .object(let members) = self { members } else { [:] } }

  var elements: [JSON] { if case .array(let elements) = self { elements } else { [] } }

  var number: Double? { if case .number(let number) = self { number } else { nil } }

  /// A string, or a flag as the words `true` and `false`.
  var word: String? {
    switch self {
    case .word(let word): word
    case .flag(let flag): String(flag)
    default: nil
    }
  }
}
