/// Which file each frame of merged input came from, in a few octets for each run of one file.
///
/// It lets one frame be told by its file afterwards, though only then is it known which; input
/// that cannot be read twice is no obstacle. Two files whose packets alternate cost two octets each.
struct OriginLog {
  /// A frame by its own file.
  struct Place: Equatable {
    /// Counted from 0.
    let file: Int
    /// Counted from 1.
    let frame: Int
  }

  /// File and length of each finished run, as variable-length numbers.
  private var octets: [UInt8] = []
  private var file = 0
  private var length = 0

  /// Notes the file that the next frame came from.
  mutating func note(file: Int) {
    if file != self.file, length > 0 { endRun() }
    self.file = file
    length += 1
  }

  /// File and frame within that file of each of `frames`, which are counted from 1 over all input.
  mutating func origins(of frames: Set<Int>) -> [Int: Place] {
    if length > 0 { endRun() }
    var found: [Int: Place] = [:]
    var wanted = frames.sorted()[...]
    var place = 0
    var before = 0
    var counts: [Int: Int] = [:]
    while place < octets.count, !wanted.isEmpty {
      let file = number(at: &place)
      let length = number(at: &place)
      while let frame = wanted.first, frame <= before + length {
        wanted.removeFirst()
        guard frame > before else { continue }
        found[frame] = Place(file: file, frame: counts[file, default: 0] + frame - before)
      }
      counts[file, default: 0] += length
      before += length
    }
    return found
  }

  private mutating func endRun() {
    append(file)
    append(length)
    length = 0
  }

  /// Seven bits an octet, the lowest first; the top bit tells that more follow.
  private mutating func append(_ number: Int) {
    var rest = number
    while rest > 0x7F {
      octets.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    octets.append(UInt8(rest))
  }

  private func number(at place: inout Int) -> Int {
    var number = 0
    var shift = 0
    while place < octets.count {
      let octet = octets[place]
      place += 1
      number |= Int(octet & 0x7F) << shift
      shift += 7
      if octet & 0x80 == 0 { break }
    }
    return number
  }
}
