extension Ethernet {
  /// Steps over an Ethernet header that is not the first of its frame.
  static func step(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(14, at: offset)
    let typeOffset = offset + 12
    offset += 14
    return try EtherType.step(in: frame, typeAt: typeOffset, over: &offset)
  }
}
