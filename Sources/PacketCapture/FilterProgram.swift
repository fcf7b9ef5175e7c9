internal import CPcap
internal import Synchronization

/// A filter compiled for one link type: a BPF program, freed with the value.
@safe final class FilterProgram: Sendable {
  // Never changed after `init`, and pcap_offline_filter only reads it.
  private nonisolated(unsafe) let program: UnsafeMutablePointer<bpf_program>

  /// What libpcap says of an expression it does not compile.
  struct Refusal: Error, Equatable {
    let reason: String
  }

  /// The longest packet a filter may accept; with 0 libpcap refuses `tcp` for some link types.
  private static let snapLength: Int32 = 262_144
  // libpcap's compiler keeps to itself since 1.8, but the C library's look-ups of service and
  // protocol names, which it makes, do not.
  private static let compiling = Mutex(())

  /// Compiles `expression` for a LINKTYPE.
  init(_ expression: String, linkType: UInt16) throws(Refusal) {
    guard let handle = unsafe pcap_open_dead(LinkType.dlt(of: linkType), Self.snapLength) else {
      throw Refusal(reason: "out of memory")
    }
    defer { unsafe pcap_close(handle) }
    unsafe program = try Self.compile(expression, for: handle)
  }

  deinit {
    unsafe pcap_freecode(program)
    unsafe program.deallocate()
  }

  /// Compiles `expression` for what `handle` captures; the caller frees the result.
  private static func compile(
    _ expression: String, for handle: OpaquePointer
  ) throws(Refusal) -> UnsafeMutablePointer<bpf_program> {
    // C would read an expression up to the zero and take the rest for granted.
    if expression.utf8.contains(0) { throw Refusal(reason: "it holds a zero octet") }
    let program = UnsafeMutablePointer<bpf_program>.allocate(capacity: 1)
    unsafe program.initialize(to: bpf_program())
    let status = compiling.withLock { _ in
      unsafe pcap_compile(handle, program, expression, 1, PCAP_NETMASK_UNKNOWN)
    }
    guard status == 0 else {
      unsafe program.deallocate()
      throw Refusal(reason: unsafe String(cString: pcap_geterr(handle)))
    }
    return unsafe program
  }

  /// Compiles `expression` for a live capture and sets it as that capture's filter.
  static func install(_ expression: String, on handle: OpaquePointer) throws(Refusal) {
    let program = unsafe try compile(expression, for: handle)
    defer {
      unsafe pcap_freecode(program)
      unsafe program.deallocate()
    }
    guard unsafe pcap_setfilter(handle, program) == 0 else {
      throw Refusal(reason: unsafe String(cString: pcap_geterr(handle)))
    }
  }

  /// Whether the packet passes.
  func matches(_ record: PacketRecord, _ bytes: Span<UInt8>) -> Bool {
    var header = pcap_pkthdr()
    header.caplen = UInt32(bytes.count)
    header.len = record.originalLength
    return unsafe bytes.withUnsafeBufferPointer { octets in
      // libpcap does not look at a packet's address when it has no octets, but wants one.
      let none: UInt8 = 0
      return unsafe withUnsafePointer(to: none) {
        unsafe pcap_offline_filter(program, &header, octets.baseAddress ?? $0) != 0
      }
    }
  }
}
