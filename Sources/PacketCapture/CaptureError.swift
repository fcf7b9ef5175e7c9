/// Why a capture could not be opened, or broke off.
///
/// Offsets and lengths are octets. An offset is where the record or block that could not be read
/// begins, counted from the start of the file (for a pipe: of what came through it; for a compressed
/// file, whose path then ends in "(decompressed)": of what it decompresses to).
package enum CaptureError: Error, Equatable, Sendable {
  /// The operating system refused to open the file.
  case cannotOpen(path: String, reason: String)
  /// The operating system failed to read on.
  case cannotRead(path: String, offset: UInt64, reason: String)
  /// The file has no octets at all.
  case emptyFile(path: String)
  /// The file is no pcap or pcapng capture.
  case notACapture(path: String, looksLike: FileSignature)
  /// A capture of a kind that is not read: an old or unknown version, or link type.
  case unsupported(path: String, offset: UInt64, what: String)
  /// The file ends within the record that begins at `offset`: `found` octets of `expected`.
  case truncated(path: String, offset: UInt64, expected: UInt64, found: UInt64)
  /// The record or block that begins at `offset` contradicts the format.
  case damaged(path: String, offset: UInt64, damage: CaptureDamage)
  /// The compressed file cannot be decompressed beyond its octet `offset`.
  case compressedDamaged(path: String, offset: UInt64, compression: Compression, reason: String)
  /// The compressed file ends, at its octet `offset`, within a member or frame.
  case compressedTruncated(path: String, offset: UInt64, compression: Compression)
  /// The file that was followed is no longer what it was; `offset` octets of it were read.
  case followEnded(path: String, offset: UInt64, reason: String)
  /// A file cannot be written; it holds the first `packets`, whole (nil where it was not begun).
  case cannotWrite(path: String, packets: Int?, reason: String)
  /// libpcap compiles the filter for no link type; `reason` is what it says.
  case invalidFilter(expression: String, reason: String)
  /// libpcap cannot capture on the interface.
  case cannotCapture(interface: String, reason: String, advice: String)
  /// The interface went down or away while capturing.
  case interfaceLost(interface: String, reason: String)
  /// libpcap cannot list the interfaces.
  case cannotListInterfaces(reason: String)
  /// Root's rights could not be given up for good.
  case cannotDropPrivileges(user: String, reason: String)
}

extension CaptureError: CustomStringConvertible {
  /// One line for a terminal: what, where, and what to do.
  package var description: String {
    switch self {
    case .cannotOpen(let path, let reason):
      "cannot open \(path): \(reason)"
    case .cannotRead(let path, let offset, let reason):
      "cannot read \(path) at octet \(offset): \(reason)"
    case .emptyFile(let path):
      "\(path) is empty: no capture was written to it"
    case .notACapture(let path, let signature):
      "\(path) is no pcap or pcapng capture: \(signature.advice)"
    case .unsupported(let path, let offset, let what):
      "cannot read \(path) from octet \(offset) on: \(what)"
    case .truncated(let path, let offset, let expected, let found):
      "\(path) is cut short at octet \(offset): the record there needs \(expected) octets, "
        + "\(found) are left"
    case .damaged(let path, let offset, let damage):
      "\(path) is damaged at octet \(offset): \(damage)"
    case .compressedDamaged(let path, let offset, let compression, let reason):
      "cannot decompress \(path) beyond octet \(offset) of its \(compression) stream: \(reason)"
    case .compressedTruncated(let path, let offset, let compression):
      "\(path) is cut short: its \(compression) stream goes on where the file ends, at octet "
        + "\(offset)"
    case .followEnded(let path, let offset, let reason):
      "\(path) was followed to octet \(offset) and no further: \(reason)"
    case .cannotWrite(let path, nil, let reason):
      "cannot write \(path): \(reason)"
    case .cannotWrite(let path, let packets?, let reason):
      "cannot write \(path) any further: \(reason); what there is of it, \(packets) packets, is "
        + "whole"
    case .invalidFilter(let expression, let reason):
      "the filter '\(expression)' is no filter: \(reason)"
    case .cannotCapture(let interface, let reason, let advice):
      "cannot capture on \(interface): \(reason)\(advice.isEmpty ? "" : ": " + advice)"
    case .interfaceLost(let interface, let reason):
      "the capture on \(interface) broke off: \(reason)"
    case .cannotListInterfaces(let reason):
      "cannot list the interfaces: \(reason)"
    case .cannotDropPrivileges(let user, let reason):
      "cannot give up root for user \(user): \(reason)"
    }
  }
}

extension CaptureError {
  /// Why a file could not be written, or read again; else the whole description.
  var reason: String {
    switch self {
    case .cannotWrite(_, _, let reason), .cannotRead(_, _, let reason), .cannotOpen(_, let reason):
      reason
    default: description
    }
  }
}
