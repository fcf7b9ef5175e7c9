internal import Glibc
internal import PacketDecoding

/// About how many different addresses were added, in 256 octets (HyperLogLog; Flajolet and others,
/// 2007): a few more or less up to some hundred, within 7 % mostly beyond.
struct AddressSketch: Sendable {
  /// In each class of addresses, by the first octet of `spread`, the longest run of zeros that the
  /// rest of it began with, and 1; 0 where there was no address.
  private var runs = InlineArray<256, UInt8>(repeating: 0)

  mutating func add(_ address: IPAddress) {
    // Once more: neighbouring addresses must look as if drawn by lot.
    let spread = address.spread.mixed(with: 0)
    let kind = Int(spread >> 56)
    runs[kind] = max(runs[kind], UInt8((spread << 8 | 0x80).leadingZeroBitCount + 1))
  }

  var estimate: Int {
    var empty = 0
    var sum = 0.0
    for kind in runs.indices {
      if runs[kind] == 0 { empty += 1 }
      sum += Double(sign: .plus, exponent: -Int(runs[kind]), significand: 1)
    }
    let classes = Double(runs.count)
    let raw = 0.7213 / (1 + 1.079 / classes) * classes * classes / sum
    // While there are empty classes, their number says more.
    guard raw <= 2.5 * classes, empty > 0 else { return Int(raw.rounded()) }
    return Int((classes * log(classes / Double(empty))).rounded())
  }
}
