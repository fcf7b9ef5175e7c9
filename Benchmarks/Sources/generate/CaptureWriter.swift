internal import Glibc

/// Writes a pcap file of Ethernet frames with times in microseconds.
struct CaptureWriter: ~Copyable {
  private let path: String
  private let descriptor: CInt
  private let snapLength: Int
  private var buffer: [UInt8] = []
  private static let bufferSize = 1 << 20

  init(path: String, snapLength: Int) throws(CannotWrite) {
    self.path = path
    self.snapLength = snapLength
    descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard descriptor >= 0 else { throw CannotWrite(path: path, code: errno) }
    buffer.reserveCapacity(Self.bufferSize + (1 << 17))
    // Magic number, version 2.4, two unused fields, snap length, LINKTYPE_ETHERNET.
    let fields: [UInt32] = [0xa1b2_c3d4, 4 << 16 | 2, 0, 0, UInt32(snapLength), 1]
    for field in fields { append(field) }
  }

  deinit {
    _ = close(descriptor)
  }

  /// Writes the frame that `encoder` laid out, cut at the snap length.
  mutating func write(_ encoder: borrowing FrameEncoder, microseconds: Int) throws(CannotWrite) {
    let length = encoder.headerLength + encoder.payload.count
    let captured = min(length, snapLength)
    append(UInt32(microseconds / 1_000_000))
    append(UInt32(microseconds % 1_000_000))
    append(UInt32(captured))
    append(UInt32(length))
    let headers = min(captured, encoder.headerLength)
    buffer += encoder.header[..<headers]
    buffer += encoder.filler.octets[encoder.payload.prefix(captured - headers)]
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Writes what is still held back.
  mutating func flush() throws(CannotWrite) {
    var written = 0
    while written < buffer.count {
      let count = unsafe buffer.withUnsafeBytes { octets in
        unsafe Glibc.write(descriptor, octets.baseAddress! + written, octets.count - written)
      }
      guard count >= 0 else { throw CannotWrite(path: path, code: errno) }
      written += count
    }
    buffer.removeAll(keepingCapacity: true)
  }

  private mutating func append(_ field: UInt32) {
    for shift in [0, 8, 16, 24] as [UInt32] {
      buffer.append(UInt8(truncatingIfNeeded: field >> shift))
    }
  }
}

/// Why a capture could not be written.
struct CannotWrite: Error, CustomStringConvertible {
  let path: String
  /// The `errno` of the call that failed.
  let code: CInt

  var description: String { "cannot write \(path): \(unsafe String(cString: strerror(code)))" }
}
