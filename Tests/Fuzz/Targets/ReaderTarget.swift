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
  }

  static func run(_ octets: [UInt8]) {
    let whole = read(octets, chunk: CaptureFile.defaultChunk, limit: PacketRun.limit)
    let pieces = read(octets, chunk: 64, limit: 3)
    expect(whole == pieces, "how a file is read changes what comes of it")
    let captured = whole.packets.reduce(0) { $0 + $1.octets.count }
    expect(captured <= octets.count, "\(captured) octets of packets in \(octets.count)")
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
