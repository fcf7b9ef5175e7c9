import Foundation
import PacketDecoding
import Testing

/// docs/formats.md against the code it tells of.
@Suite("docs/formats.md")
struct FormatsDocumentTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardized

  let text: String

  init() throws {
    text = try String(contentsOf: Self.root.appending(path: "docs/formats.md"), encoding: .utf8)
  }

  @Test("every test it names is there")
  func tests() throws {
    let names = text.matches(of: /`(\w+Tests)\.(\w+)`/)
    #expect(names.count > 40)
    let sources = try Self.sources()
    for name in names {
      let source = sources["\(name.1).swift"] ?? ""
      #expect(source.contains("func \(name.2)("), "\(name.1).\(name.2)")
    }
  }

  /// The test sources by file name.
  private static func sources() throws -> [String: String] {
    let folder = root.appending(path: "Tests")
    var sources: [String: String] = [:]
    for case let path as String in FileManager.default.enumerator(atPath: folder.path()) ?? .init()
    where path.hasSuffix("Tests.swift") {
      let url = folder.appending(path: path)
      sources[url.lastPathComponent] = try String(contentsOf: url, encoding: .utf8)
    }
    return sources
  }

  @Test("every reason for no segment has its row", arguments: Undecoded.allCases)
  func reason(_ reason: Undecoded) {
    #expect(text.contains("\n| \(reason) |"))
  }

  @Test("the table of link layers has the numbers that are read, and no other")
  func linkTypes() throws {
    let start = try #require(text.range(of: "## Link layers"))
    let end = try #require(text.range(of: "## IP"))
    var told: Set<UInt16> = []
    for row in text[start.upperBound..<end.lowerBound].split(separator: "\n") {
      let columns = row.split(separator: "|")
      guard columns.count == 3 else { continue }
      told.formUnion(columns[1].matches(of: /\d+/).compactMap { UInt16($0.0) })
    }
    let frame = [UInt8](repeating: 0, count: 64)
    let read = (0...UInt16.max).filter {
      PacketDecoder.decode(frame.span, linkType: $0, originalLength: 64)
        != .undecoded(.unsupportedLinkType)
    }
    #expect(told == Set(read))
  }
}
