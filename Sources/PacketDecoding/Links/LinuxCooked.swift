/// Linux "cooked" captures, as the device `any` gives them (LINKTYPE_LINUX_SLL, _SLL2).
enum LinuxCooked {
  static func networkOffsetVersion1(in frame: Span<UInt8>) throws(Undecoded) -> Int {
    guard frame.count >= 16 else { throw .truncated }
    return try EtherType.networkOffset(in: frame, typeAt: 14, from: 16)
  }

  static func networkOffsetVersion2(in frame: Span<UInt8>) throws(Undecoded) -> Int {
    guard frame.count >= 20 else { throw .truncated }
    return try EtherType.networkOffset(in: frame, typeAt: 0, from: 20)
  }
}
