/// How sure a claim is.
package enum Grade: UInt8, Comparable, CaseIterable, Sendable {
  /// Nothing decides it.
  case unknown
  /// Rests on a value that never crosses the wire, such as 2MSL.
  case assumed
  /// The evidence is indirect.
  case inferred
  /// The segments prove it.
  case observed

  /// The grade's name as the record spells it.
  package var name: String {
    switch self {
    case .unknown: "unknown"
    case .assumed: "assumed"
    case .inferred: "inferred"
    case .observed: "observed"
    }
  }

  package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}
