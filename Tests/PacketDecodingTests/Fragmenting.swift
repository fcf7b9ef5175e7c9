import PacketDecoding
import Testing

/// The fragments of a packet without a link layer, cut before these octets of the payload.
///
/// Each cut is a multiple of eight. Of an IPv6 packet, `unfragmented` octets of extension headers,
/// and the number in the last of them, stay before the fragment header.
func fragments(
  of packet: [UInt8], at cuts: [Int], unfragmented: Int = 0, identification: UInt16 = 0xBEEF
) -> [[UInt8]] {
  let isIPv4 = packet[0] >> 4 == 4
  let header = isIPv4 ? Int(packet[0] & 0xF) * 4 : 40 + unfragmented
  let payload = Array(packet[header...])
  return zip([0] + cuts, cuts + [payload.count]).map { start, end in
    let hasMore = end < payload.count
    var fragment = Array(packet[..<header])
    if isIPv4 {
      fragment.replaceSubrange(2..<4, with: octets(UInt16(header + end - start)))
      fragment.replaceSubrange(4..<6, with: octets(identification))
      fragment.replaceSubrange(6..<8, with: octets(UInt16(start / 8) | (hasMore ? 0x2000 : 0)))
    } else {
      let place = unfragmented == 0 ? 6 : 40
      fragment += [fragment[place], 0] + octets(UInt16(start) | (hasMore ? 1 : 0))
      fragment += octets(UInt32(identification))
      fragment[place] = 44
      fragment.replaceSubrange(4..<6, with: octets(UInt16(fragment.count - 40 + end - start)))
    }
    return fragment + payload[start..<end]
  }
}

extension Reassembly {
  /// Decodes `frame`, without a link layer unless `linkType` says so, captured after `seconds`.
  mutating func take(
    _ frame: [UInt8], linkType: UInt16 = 101, originalLength: UInt32? = nil, seconds: Int64 = 0,
    number: Int = 1
  ) -> DecodedPacket {
    decode(
      frame.span, linkType: linkType, originalLength: originalLength ?? UInt32(frame.count),
      at: seconds * 1_000_000_000, number: number)
  }

  /// The same of each of `frames`: what the last of them gives, the ones before being fragments.
  mutating func take(all frames: [[UInt8]], linkType: UInt16 = 101) -> DecodedPacket? {
    var last: DecodedPacket?
    for frame in frames {
      #expect(last == nil || last?.fragment != nil)
      last = take(frame, linkType: linkType)
    }
    return last
  }

  /// All frames that came to nothing so far, beside those whose reason `decode` gave.
  var framesOfAll: Int { Undecoded.allCases.reduce(0) { $0 + frames($1) } }
}

extension Array {
  /// All orders of the elements.
  var permutations: [[Element]] {
    guard count > 1 else { return [self] }
    return indices.flatMap { first in
      var others = self
      let element = others.remove(at: first)
      return others.permutations.map { [element] + $0 }
    }
  }
}
