internal import Glibc
internal import PacketCapture

/// The octets are a capture file.
///
/// However many octets a read gives, and packets a run has, the same packets must come of it.
enum ReaderTarget {
  private struct Packet: Equatable {
    var record: PacketRecord
    var octets: [UInt8]
  }

  private struct Reading: Equatable {
    var packets: [Packet] = []
    var error: CaptureError?
    var clamped: UInt64 = 0

    /// Whether the same came of both, as far as it must.
    ///
    /// How much of a damaged compressed stream comes out depends on how much is asked for at a
    /// time: the libraries tell that a block is wrong, not where. What comes out does not.
    func agrees(with other: Self) -> Bool {
      guard isOfDamagedStream || other.isOfDamagedStream else { return self == other }
      let count = min(packets.count, other.packets.count)
      return packets.prefix(count) == other.packets.prefix(count)
    }

    private var isOfDamagedStream: Bool {
      if case .compressedDamaged = error { true } else { false }
    }
  }

  static func run(_ octets: [UInt8]) {
    let whole = read(octets, chunk: CaptureFile.defaultChunk, limit: PacketRun.limit)
    let pieces = read(octets, chunk: 64, limit: 3)
    expect(whole.agrees(with: pieces), "how a file is read changes what comes of it")
    // What is not compressed cannot hold more than there is.
    guard !isCompressed(octets) else { return }
    let captured = whole.packets.reduce(0) { $0 + $1.octets.count }
    expect(captured <= octets.count, "\(captured) octets of packets in \(octets.count)")
  }

  /// Whether the octets begin as gzip, zstd, lz4, or a frame that the latter two pass over, do.
  private static func isCompressed(_ octets: [UInt8]) -> Bool {
    octets.starts(with: [0x1F, 0x8B]) || octets.starts(with: [0x28, 0xB5, 0x2F, 0xFD])
      || octets.starts(with: [0x04, 0x22, 0x4D, 0x18])
      || octets.dropFirst().starts(with: [0x2A, 0x4D, 0x18])
  }

  private static func read(_ octets: [UInt8], chunk: Int, limit: Int) -> Reading {
    var reading = Reading()
    do throws(CaptureError) {
      var file = try CaptureImage.open(octets, chunk: chunk)
      defer { reading.clamped = file.clampedStamps }
      do throws(CaptureError) {
        while try file.next(limit: limit) == .packets {
          reading.packets += packets(of: file, limit: limit)
        }
      } catch {
        reading.error = error
      }
      let after = try file.next(limit: limit)
      expect(after == .end, "\(after) behind the end")
    } catch {
      expect(reading.packets.isEmpty, "an error behind the end: \(error)")
      reading.error = error
    }
    return reading
  }

  private static func packets(of file: borrowing CaptureFile, limit: Int) -> [Packet] {
    file.withRun { records, octets in
      expect((1...limit).contains(records.count), "a run of \(records.count) packets")
      return records.indices.map { place in
        let bytes = octets.extracting(records[place].range)
        // Where it lies is the buffer's affair.
        var record = records[place]
        record.offset = 0
        expect(record.time >= 0, "a stamp before 1970")
        return Packet(record: record, octets: bytes.indices.map { bytes[$0] })
      }
    }
  }
}

/// A capture file without a name, the same for every input.
enum CaptureImage {
  private static let descriptor = fileno(tmpfile())

  /// Opens a capture of `octets`, until the next one is opened.
  static func open(
    _ octets: [UInt8], chunk: Int = CaptureFile.defaultChunk
  ) throws(CaptureError) -> CaptureFile {
    let isWritten =
      ftruncate(descriptor, 0) == 0
      && pwrite(descriptor, octets, octets.count, 0) == octets.count
      && lseek(descriptor, 0, SEEK_SET) == 0
    expect(isWritten, "there is no room for a file")
    return try CaptureFile(
      descriptor: descriptor, closing: false, name: "capture", chunk: chunk)
  }
}
