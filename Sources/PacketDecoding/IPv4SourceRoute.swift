/// Source routes among the options of IPv4 (RFC 791 §3.1).
enum IPv4SourceRoute {
  /// Where `header` holds the last address of a way that is not at its end; nil without one.
  ///
  /// Until then the destination in the fixed header is a router on the way.
  @inline(never)
  static func finalDestination(in header: Span<UInt8>) -> Int? {
    var place = 20
    while place + 3 <= header.count {
      switch header[place] {
      case 0: return nil
      case 1: place += 1
      // Loose and strict: length, a pointer to the next address, counted from 1, and addresses.
      case 0x83, 0x89:
        let (length, pointer) = (Int(header[place + 1]), Int(header[place + 2]))
        guard length >= 7, length % 4 == 3, pointer % 4 == 0, (4...length).contains(pointer),
          place + length <= header.count
        else { return nil }
        return place + length - 4
      default:
        guard header[place + 1] >= 2 else { return nil }
        place += Int(header[place + 1])
      }
    }
    return nil
  }
}
