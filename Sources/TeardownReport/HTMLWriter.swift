/// Writes HTML into a buffer of octets in such a way that no text can become markup.
///
/// Elements and attributes come out of lists that hold nothing that runs or loads anything; text
/// and values of attributes are escaped on their way in. Style and script are literals of this
/// program, which `StaticString` makes sure of, and data for the script goes in as JSON.
struct HTMLWriter {
  /// Elements, of HTML and of SVG.
  enum Element: String {
    case body, button, caption, circle, dd, desc, details, div, dl, dt, figcaption, figure, footer,
      g, h1, h2, h3, head, header, html, input, label, li, line, main, nav, noscript, option, p,
      path, pattern, rect, section, select, small, span, strong, summary, svg, table, tbody, td,
      text, th, thead, title, tr, ul
    case meta

    /// Elements without content, and so without an end.
    fileprivate var isVoid: Bool { self == .input || self == .meta }
  }

  /// Attributes: none of them runs a script, loads a resource or sets a style.
  enum Attribute: String {
    case `class`, `for`, charset, colspan, content, cx, cy, d, fill, height, hidden, id, lang, name,
      r, role, scope, tabindex, type, value, viewBox, width, x, x1, x2, y, y1, y2
    case httpEquiv = "http-equiv"
    case label = "aria-label"
    case labelledBy = "aria-labelledby"
    case live = "aria-live"
    case dataLabel = "data-label"
    case patternUnits
    case preserveAspectRatio
    case textAnchor = "text-anchor"
  }

  typealias Attributes = KeyValuePairs<Attribute, String>

  private var octets: [UInt8]

  /// Goes on behind what `octets` holds, and leaves `octets` empty until `finish(_:)`.
  init(taking octets: inout [UInt8]) {
    self.octets = []
    swap(&self.octets, &octets)
    if self.octets.isEmpty { self.octets.append(text: "<!DOCTYPE html>\n") }
  }

  /// Gives the buffer back.
  mutating func finish(_ octets: inout [UInt8]) { swap(&self.octets, &octets) }

  /// Puts an element with what `content` puts into it.
  mutating func put(
    _ element: Element, _ attributes: Attributes = [:],
    _ content: (inout HTMLWriter) -> Void = { _ in }
  ) {
    octets.append(0x3C)
    octets.append(text: element.rawValue)
    for (name, value) in attributes {
      octets.append(0x20)
      octets.append(text: name.rawValue)
      octets.append(text: "=\"")
      escape(value)
      octets.append(0x22)
    }
    octets.append(0x3E)
    guard !element.isVoid else { return }
    content(&self)
    octets.append(text: "</")
    octets.append(text: element.rawValue)
    octets.append(0x3E)
  }

  /// Puts an element that holds text.
  mutating func put(_ element: Element, _ attributes: Attributes, _ text: String) {
    put(element, attributes) { $0.put(text) }
  }

  /// Puts an element without attributes that holds text.
  mutating func put(_ element: Element, _ text: String) { put(element, [:], text) }

  /// Puts any text.
  mutating func put(_ text: String) { escape(text) }

  /// Puts a style sheet of the program's own.
  mutating func put(style: StaticString) {
    octets.append(text: "<style>\(style)</style>")
  }

  /// Puts a script of the program's own.
  mutating func put(script parts: [StaticString]) {
    octets.append(text: "<script>")
    for part in parts { octets.append(text: part.description) }
    octets.append(text: "</script>")
  }

  /// Puts JSON that the script finds by its `id`: no octet of it can end the element.
  mutating func put(json: [UInt8], id: StaticString) {
    octets.append(text: "<script type=\"application/json\" id=\"\(id)\">")
    octets.reserveCapacity(octets.count + json.count + 64)
    for octet in json {
      switch octet {
      // Outside of strings JSON has none of these.
      case 0x26: octets.append(text: "\\u0026")
      case 0x3C: octets.append(text: "\\u003c")
      case 0x3E: octets.append(text: "\\u003e")
      default: octets.append(octet)
      }
    }
    octets.append(text: "</script>")
  }

  /// The octets that JSON takes in a page.
  static func size(ofJSON json: some Collection<UInt8>) -> Int {
    json.reduce(0) { $0 + ($1 == 0x26 || $1 == 0x3C || $1 == 0x3E ? 6 : 1) }
  }

  /// Controls and turns of the writing direction are spelled out: a page that is shown in a
  /// terminal must not steer it, and nothing may look like something else.
  private mutating func escape(_ text: String) {
    for octet in text.escapedForTerminal.utf8 {
      switch octet {
      case 0x22: octets.append(text: "&quot;")
      case 0x26: octets.append(text: "&amp;")
      case 0x27: octets.append(text: "&#39;")
      case 0x3C: octets.append(text: "&lt;")
      case 0x3E: octets.append(text: "&gt;")
      default: octets.append(octet)
      }
    }
  }
}
