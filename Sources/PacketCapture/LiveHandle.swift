internal import CPcap

/// libpcap's handle of an interface, capturing: what it takes to open one.
@safe struct LiveHandle {
  let pcap: OpaquePointer
  /// Readable when there are packets.
  let descriptor: Int32
  let linkType: UInt16
  /// Nanoseconds in one unit of a stamp's fraction.
  let fractionFactor: Int64
  let warnings: [String]

  /// Milliseconds the kernel waits for a block of packets to fill up: well below the 200 ms in
  /// which a closed connection is to be on screen, and no system call for each packet.
  private static let timeout: Int32 = 50
  private static let any = "any"

  /// Opens and activates `options.interface`; whoever asked closes `pcap`.
  init(_ options: LiveCaptureOptions) throws(CaptureError) {
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard let pcap = unsafe pcap_create(options.interface, &message) else {
      throw .cannotCapture(
        interface: options.interface, reason: PcapText.string(message), advice: "")
    }
    do throws(CaptureError) {
      unsafe warnings = try Self.activate(pcap, options)
      unsafe linkType = try Self.chooseLinkType(pcap, options)
      if let filter = options.filter { try unsafe Self.install(filter, on: pcap) }
      unsafe descriptor = try Self.makeNonBlocking(pcap, options)
    } catch {
      unsafe pcap_close(pcap)
      throw error
    }
    let isNano = unsafe pcap_get_tstamp_precision(pcap) == PCAP_TSTAMP_PRECISION_NANO
    fractionFactor = isNano ? 1 : 1_000
    unsafe self.pcap = pcap
  }

  private static func activate(
    _ pcap: OpaquePointer, _ options: LiveCaptureOptions
  ) throws(CaptureError) -> [String] {
    // None of these fails before activation but for a value it does not know, and then the
    // default is as good: microseconds where an old libpcap knows no nanoseconds.
    _ = unsafe pcap_set_snaplen(pcap, options.snapLength)
    _ = unsafe pcap_set_promisc(
      pcap, options.isPromiscuous && options.interface != any ? 1 : 0)
    _ = unsafe pcap_set_buffer_size(pcap, options.bufferSize)
    _ = unsafe pcap_set_timeout(pcap, timeout)
    _ = unsafe pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO)
    let status = unsafe pcap_activate(pcap)
    if status == 0 { return [] }
    let text = unsafe message(status, pcap)
    if status > 0 { return [text] }
    throw .cannotCapture(
      interface: options.interface, reason: text, advice: advice(status, options.interface))
  }

  /// What `pcap_activate` means: its status in words, and the details where it has any.
  private static func message(_ status: Int32, _ pcap: OpaquePointer) -> String {
    let kind = unsafe String(cString: pcap_statustostr(status))
    let details = unsafe String(cString: pcap_geterr(pcap))
    // The plain status carries nothing but its details; the others may have none.
    if status == PCAP_ERROR || status == PCAP_WARNING { return details }
    return details.isEmpty || details == kind ? kind : "\(kind) (\(details))"
  }

  private static func advice(_ status: Int32, _ interface: String) -> String {
    switch status {
    case PCAP_ERROR_PERM_DENIED:
      "run as root, or give the program the right once: setcap cap_net_raw+ep PROGRAM"
    case PCAP_ERROR_PROMISC_PERM_DENIED:
      "run as root, or capture without promiscuous mode (-p)"
    case PCAP_ERROR_NO_SUCH_DEVICE:
      "see what there is: tcpclose interfaces"
    case PCAP_ERROR_IFACE_NOT_UP:
      "bring it up: ip link set dev \(interface) up"
    default: ""
    }
  }

  /// Takes the better of the cooked headers on `any`, the one that names the interface.
  private static func chooseLinkType(
    _ pcap: OpaquePointer, _ options: LiveCaptureOptions
  ) throws(CaptureError) -> UInt16 {
    // Where it is refused the first version stays, which does as well.
    if options.interface == any { _ = unsafe pcap_set_datalink(pcap, DLT_LINUX_SLL2) }
    let dlt = unsafe pcap_datalink(pcap)
    guard let linkType = LinkType.linkType(ofDLT: dlt) else {
      throw .cannotCapture(
        interface: options.interface, reason: "its link type, DLT \(dlt), is unknown", advice: "")
    }
    return linkType
  }

  private static func install(
    _ filter: String, on pcap: OpaquePointer
  ) throws(CaptureError) {
    do throws(FilterProgram.Refusal) {
      try unsafe FilterProgram.install(filter, on: pcap)
    } catch {
      throw .invalidFilter(expression: filter, reason: error.reason)
    }
  }

  /// pcap_next_ex can wait far beyond its timeout on an idle interface: we wait ourselves.
  private static func makeNonBlocking(
    _ pcap: OpaquePointer, _ options: LiveCaptureOptions
  ) throws(CaptureError) -> Int32 {
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard unsafe pcap_setnonblock(pcap, 1, &message) == 0 else {
      throw .cannotCapture(
        interface: options.interface, reason: PcapText.string(message), advice: "")
    }
    let descriptor = unsafe pcap_get_selectable_fd(pcap)
    guard descriptor >= 0 else {
      throw .cannotCapture(
        interface: options.interface, reason: "it cannot be waited for",
        advice: "capture with tcpdump -w FILE and read the file")
    }
    return descriptor
  }
}
