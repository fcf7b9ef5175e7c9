extension CaptureBytes {
  /// The capture with each datagram of IPv4 in fragments of `size` octets, a multiple of eight; each
  /// keeps the ends of the segment that it is of.
  func inFragments(of size: Int) -> CaptureBytes {
    var capture = self
    capture.frames = frames.enumerated().flatMap { number, frame -> [Frame] in
      guard frame.octets[12] == 8, frame.octets[13] == 0 else { return [frame] }
      let start = 14 + Int(frame.octets[14] & 15) * 4
      let end = 14 + Int(frame.octets[16]) * 256 + Int(frame.octets[17])
      return stride(from: start, to: end, by: size).map { place in
        var piece = frame
        let last = min(place + size, end)
        piece.octets = Array(frame.octets[..<start] + frame.octets[place..<last])
        piece.length = UInt32(piece.octets.count)
        let field = (place - start) / 8 | (last < end ? 0x2000 : 0)
        for (at, value) in [(16, piece.octets.count - 14), (18, number), (20, field)] {
          piece.octets[at] = UInt8(truncatingIfNeeded: value >> 8)
          piece.octets[at + 1] = UInt8(truncatingIfNeeded: value)
        }
        return piece
      }
    }
    return capture
  }

  /// Turns the order of each datagram's fragments round, which stand together.
  mutating func putLastFragmentsFirst() {
    var datagram: [Frame] = []
    frames = frames.flatMap { frame -> [Frame] in
      datagram.append(frame)
      guard !frame.hasMoreFragments else { return [] }
      defer { datagram = [] }
      return datagram.reversed()
    }
  }
}

extension CaptureBytes.Frame {
  /// Whether others of its datagram follow what it holds.
  var hasMoreFragments: Bool { octets[12...13].elementsEqual([8, 0]) && octets[20] & 0x20 != 0 }

  /// Whether it holds a part of a datagram that is not the first.
  var isLaterFragment: Bool {
    octets[12...13].elementsEqual([8, 0]) && (octets[20] & 0x1F != 0 || octets[21] != 0)
  }
}
