import CPcap
import Foundation
import PacketCapture

/// A packet with its octets, as either reader gives it.
struct ReadPacket: Equatable {
  var time: Int64
  var originalLength: UInt32
  var linkType: UInt16
  var data: [UInt8]
}

/// All that a source gave and the error that ended it.
struct ReadCapture: Equatable {
  var packets: [ReadPacket] = []
  var error: CaptureError?
}

extension PacketSource where Self: ~Copyable {
  /// The run that the source stands at.
  var packets: [ReadPacket] {
    withRun { records, octets in
      records.indices.map { place in
        let record = records[place]
        let bytes = octets.extracting(record.range)
        return ReadPacket(
          time: record.time, originalLength: record.originalLength, linkType: record.linkType,
          data: bytes.indices.map { bytes[$0] })
      }
    }
  }

  var records: [PacketRecord] {
    withRun { records, _ in records.indices.map { records[$0] } }
  }

  /// Nothing is lent, as before the first packet and after the last.
  var isEmpty: Bool { withRun { $0.isEmpty && $1.isEmpty } }
}

/// Reads a source to its end, in runs of `limit` packets at most.
func readAll(
  _ source: inout some PacketSource & ~Copyable, limit: Int = PacketRun.limit
) -> ReadCapture {
  var capture = ReadCapture()
  do throws(CaptureError) {
    while try source.next(limit: limit) == .packets { capture.packets += source.packets }
  } catch {
    capture.error = error
  }
  return capture
}

func readAll(
  _ path: String, chunk: Int = CaptureFile.defaultChunk, limit: Int = PacketRun.limit
) -> ReadCapture {
  do throws(CaptureError) {
    var file = try CaptureFile(path: path, chunk: chunk)
    return readAll(&file, limit: limit)
  } catch {
    return ReadCapture(error: error)
  }
}

/// The same file by libpcap; nil where it does not open it.
@safe func readWithLibpcap(_ path: String) -> (packets: [ReadPacket], error: String?)? {
  var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
  guard
    let handle = unsafe pcap_open_offline_with_tstamp_precision(
      path, UInt32(PCAP_TSTAMP_PRECISION_NANO), &message)
  else { return nil }
  defer { unsafe pcap_close(handle) }
  let linkType = unsafe LinkType.linkType(ofDLT: pcap_datalink(handle)) ?? .max
  var packets: [ReadPacket] = []
  var header: UnsafeMutablePointer<pcap_pkthdr>?
  var data: UnsafePointer<UInt8>?
  while true {
    let status = unsafe pcap_next_ex(handle, &header, &data)
    guard status == 1, let record = unsafe header?.pointee else {
      let isEnd = status == PCAP_ERROR_BREAK
      return unsafe (packets, isEnd ? nil : String(cString: pcap_geterr(handle)))
    }
    let octets = unsafe Array(UnsafeBufferPointer(start: data, count: Int(record.caplen)))
    let time = Int64(record.ts.tv_sec) * 1_000_000_000 + Int64(record.ts.tv_usec)
    packets.append(
      ReadPacket(time: time, originalLength: record.len, linkType: linkType, data: octets))
  }
}

/// Calls `body` with the path of a file that holds `octets`, and removes it afterwards.
func withFile<Result>(
  _ octets: [UInt8], _ body: (String) throws -> Result
) throws -> Result {
  let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
  try Data(octets).write(to: URL(filePath: path))
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try body(path)
}
