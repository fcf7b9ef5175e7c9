import PacketCapture
import Testing

@Suite("Interface statistics and other blocks")
struct FileStatisticsTests {
  /// What a file tells once all of it has been read.
  private func statistics(_ image: CaptureImage) throws -> FileStatistics {
    try withFile(image.octets) { path in
      var file = try CaptureFile(path: path)
      #expect(readAll(&file).error == nil)
      return file.statistics
    }
  }

  private func statistics(
    end: Int64? = nil, system: UInt64? = nil, interface: UInt64? = nil
  ) -> FileStatistics {
    var statistics = FileStatistics()
    statistics.endTime = end
    statistics.droppedBySystem = system
    statistics.droppedByInterface = interface
    return statistics
  }

  @Test("drop counts and the end are read in either byte order", arguments: [false, true])
  func counts(isBigEndian: Bool) throws {
    var image = CaptureImage()
    image.section(isBigEndian: isBigEndian)
    image.interface(options: [(9, [9])])
    image.enhanced(5, [1])
    #expect(try statistics(image) == FileStatistics())
    image.statistics(end: 0x1_0000_0007, interface: 1 << 40 + 3, system: 9, received: 77)
    image.enhanced(6, [2])
    #expect(
      try statistics(image)
        == statistics(end: 0x1_0000_0007, system: 9, interface: 1 << 40 + 3))
  }

  @Test("of one interface the last block holds, of several the sum, of all the latest end")
  func sums() throws {
    var image = CaptureImage()
    image.section()
    image.interface()
    image.interface()
    image.statistics(of: 0, end: 10, interface: 4)
    image.statistics(of: 1, end: 90, interface: 100)
    image.statistics(of: 0, end: 20, interface: 5, system: 1)
    image.section(isBigEndian: true)
    image.interface()
    image.statistics(end: 30, interface: 1_000, system: 2)
    image.enhanced(1, [1])
    #expect(try statistics(image) == statistics(end: 90_000, system: 3, interface: 1_105))
  }

  @Test("numbers without bounds and blocks that make no sense do no harm")
  func hostile() throws {
    var image = CaptureImage()
    image.section()
    image.interface()
    image.interface()
    image.statistics(of: 0, interface: .max)
    image.statistics(of: 1, end: .max, interface: .max)
    image.statistics(of: 2, interface: 1)
    image.statistics(of: .max, interface: 1)
    // Too short for its fields, options past its end, and counts of the wrong size.
    image.block(5) { $0.append(UInt32(0)) }
    image.block(5) { for word: UInt32 in [0, 0, 0, 0xFFFF_0005] { $0.append(word) } }
    image.block(5) { for word: UInt32 in [0, 0, 0, 0x0004_0005, 7] { $0.append(word) } }
    image.enhanced(1, [1])
    #expect(
      try statistics(image) == statistics(end: 4_294_967_296_000_000_000, interface: .max))
  }

  @Test("a merge sums what its files tell, those at their ends and those not")
  func merge() throws {
    func image(_ drops: UInt64, at ticks: UInt64) -> CaptureImage {
      var image = CaptureImage()
      image.section()
      image.interface()
      image.statistics(end: ticks, interface: drops)
      image.enhanced(ticks, [1])
      return image
    }
    try withFile(image(3, at: 10).octets) { first in
      try withFile(image(4, at: 20).octets) { second in
        for openFiles in [0, 64] {
          var merge = CaptureMerge(paths: [first, second], openFiles: openFiles)
          while merge.next() == .packets {}
          let found = merge.statistics
          #expect(found == statistics(end: 20_000, interface: 7))
        }
        var one = CaptureMerge(paths: [first])
        _ = one.next()
        let found = one.statistics
        #expect(found == statistics(end: 10_000, interface: 3))
      }
    }
  }

  /// Name resolution, decryption secrets, custom (copied or not), systemd journal, Sysdig, and a
  /// type nobody has taken.
  static let others: [UInt32] = [4, 10, 0xBAD, 0x4000_0BAD, 9, 0x204, 0x1234_5678]

  @Test("blocks that tell nothing of packets are passed over", arguments: others, [0, 5, 300])
  func otherBlocks(type: UInt32, length: Int) throws {
    var image = CaptureImage()
    image.section()
    // Contents that would be a packet block, were they read as one.
    let content = [UInt8](repeating: 6, count: length)
    image.block(type) { $0.append(content, paddedTo: 4) }
    image.interface()
    image.enhanced(1, [1])
    image.block(type) { $0.append(content, paddedTo: 4) }
    image.enhanced(2, [2])
    image.block(type) { $0.append(content, paddedTo: 4) }
    try withFile(image.octets) { path in
      for chunk in [64, 1 << 18] {
        let capture = readAll(path, chunk: chunk)
        #expect(capture.error == nil)
        #expect(capture.packets.map(\.data) == [[1], [2]])
      }
    }
  }
}

extension CaptureImage {
  /// An interface statistics block (pcapng 4.6).
  mutating func statistics(
    of interface: UInt32 = 0, end: UInt64? = nil, interface drops: UInt64? = nil,
    system: UInt64? = nil, received: UInt64? = nil
  ) {
    let isBigEndian = isBigEndian
    func number(_ number: UInt64) -> [UInt8] {
      var image = CaptureImage(isBigEndian: isBigEndian)
      image.append(number)
      return image.octets
    }
    func time(_ ticks: UInt64) -> [UInt8] {
      var image = CaptureImage(isBigEndian: isBigEndian)
      image.append(UInt32(truncatingIfNeeded: ticks >> 32))
      image.append(UInt32(truncatingIfNeeded: ticks))
      return image.octets
    }
    var options: [Option] = [(1, Array("a comment".utf8))]
    if let end { options.append((3, time(end))) }
    if let received { options.append((4, number(received))) }
    if let drops { options.append((5, number(drops))) }
    if let system { options.append((7, number(system))) }
    block(5) {
      $0.append(interface)
      $0.append(UInt64(0))
      $0.options(options)
    }
  }
}
