import Foundation
import PacketDecoding

/// A pcap file taken apart into its frames, to be put together otherwise.
struct CaptureBytes {
  struct Frame {
    /// Nanoseconds since the Unix epoch.
    var time: Int64
    /// Octets on the wire.
    var length: UInt32
    var octets: [UInt8]
    /// Both ends of the segment, the same in either direction; nil for what is no TCP segment.
    var ends: Set<Endpoint>?
    /// The end that sent it; nil for what is no TCP segment.
    var source: Endpoint?
  }

  private static let nanosecondMagic: UInt32 = 0xA1B2_3C4D
  private static let headerLength = 24
  private static let billion: Int64 = 1_000_000_000

  private let header: [UInt8]
  var frames: [Frame] = []

  /// Takes a recorded case apart: little-endian, nanoseconds, whole.
  init(path: String) throws {
    let octets = [UInt8](try Data(contentsOf: URL(filePath: path)))
    guard octets.count >= Self.headerLength, octets.number(at: 0) == Self.nanosecondMagic else {
      throw CocoaError(.fileReadCorruptFile)
    }
    header = Array(octets[..<Self.headerLength])
    let linkType = UInt16(truncatingIfNeeded: octets.number(at: 20))
    var place = Self.headerLength
    while place < octets.count {
      let seconds = Int64(octets.number(at: place))
      let time = seconds * Self.billion + Int64(octets.number(at: place + 4))
      let end = place + 16 + Int(octets.number(at: place + 8))
      let length = octets.number(at: place + 12)
      let data = Array(octets[(place + 16)..<end])
      let decoded = PacketDecoder.decode(data.span, linkType: linkType, originalLength: length)
      var frame = Frame(time: time, length: length, octets: data)
      if case .segment(let segment) = decoded {
        frame.ends = [segment.source, segment.destination]
        frame.source = segment.source
      }
      frames.append(frame)
      place = end
    }
  }

  /// The file's octets.
  var octets: [UInt8] {
    var octets = header
    for frame in frames {
      octets.append(number: UInt32(frame.time / Self.billion))
      octets.append(number: UInt32(frame.time % Self.billion))
      octets.append(number: UInt32(frame.octets.count))
      octets.append(number: frame.length)
      octets += frame.octets
    }
    return octets
  }
}

extension [UInt8] {
  fileprivate func number(at place: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(self[place + $1]) << UInt32(8 * $1) }
  }

  fileprivate mutating func append(number: UInt32) {
    for shift in stride(from: UInt32(0), to: 32, by: 8) {
      append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }
}
