/// Mirrored frames in UDP: TaZmen Sniffer Protocol, with items that end by one of type 1.
enum TZSP {
  static func step(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(4, at: offset)
    let type = frame[offset + 1]
    // Version 1; frames received and sent.
    guard frame[offset] == 1, type <= 1 else { throw .notTCP }
    let content = frame.uint16(at: offset + 2)
    offset += 4
    var item: UInt8
    repeat {
      try frame.need(1, at: offset)
      item = frame[offset]
      offset += 1
      if item > 1 {
        try frame.need(1, at: offset)
        offset += 1 + Int(frame[offset])
      }
    } while item != 1
    switch content {
    case 1: return .ethernet
    case 18: return .wlan
    case 119: return .prism
    case 127: return .avs
    default: throw .unsupportedEncapsulation
    }
  }
}
