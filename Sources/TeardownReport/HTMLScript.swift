/// The page's script, in parts that share one scope.
enum HTMLScript {
  static let parts: [StaticString] = [base, ladder, ladderParts, table]

  /// SHA-256 of all parts as the page's Content-Security-Policy has it; a test works it out anew.
  static let hash = "sha256-c44xMCqNuD5W0qTfRDm2jA33s9RKM+QNMSAkB2tQqe8="

  /// Elements, words and times; `'use strict'` and the data come first.
  static let base: StaticString = ##"""

    'use strict';
    const data = JSON.parse(document.getElementById('flows-data').textContent);
    const byId = id => document.getElementById(id);

    // Text goes in as text nodes and attribute values only: nothing here parses markup.
    function make(space, name, attributes, children) {
      const node = space ? document.createElementNS(space, name) : document.createElement(name);
      for (const [key, value] of Object.entries(attributes ?? {})) {
        if (value !== null && value !== undefined) node.setAttribute(key, value);
      }
      node.append(...children.filter(child => child !== null && child !== undefined));
      return node;
    }
    const html = (name, attributes, ...children) => make(null, name, attributes, children);
    const svg = (name, attributes, ...children) =>
      make('http://www.w3.org/2000/svg', name, attributes, children);

    const grouped = number => number.toLocaleString('en-US');

    // A length of time in seconds, as the text report has it.
    function duration(seconds) {
      const length = Math.abs(seconds);
      const sign = seconds < 0 ? '-' : '';
      const cut = number => String(Math.floor(number * 1000 + 1e-6) / 1000);
      if (length < 1) return `${sign}${cut(length * 1000)} ms`;
      if (length < 600) return `${sign}${cut(length)} s`;
      const whole = Math.floor(length);
      if (whole < 3600) return `${sign}${Math.floor(whole / 60)} min ${whole % 60} s`;
      return `${sign}${grouped(Math.floor(whole / 3600))} h ${Math.floor(whole / 60) % 60} min`;
    }

    const clockTime = seconds => seconds.toFixed(6);
    const endpoint = end =>
      end.address.includes(':') ? `[${end.address}]:${end.port}` : `${end.address}:${end.port}`;
    const framesText = frames =>
      !frames?.length ? '' : `${frames.length > 1 ? 'frames' : 'frame'} ${frames.join(', ')}`;
    const grade = (name, frames) => name
      ? html('span', {class: 'proof'}, html('span', {class: `grade ${name}`}, name),
        framesText(frames) ? html('span', {class: 'frames'}, framesText(frames)) : null)
      : null;

    const theme = byId('theme');
    const prefersDark = matchMedia('(prefers-color-scheme: dark)');
    const isDark = () =>
      (document.documentElement.dataset.theme ?? (prefersDark.matches ? 'dark' : 'light')) === 'dark';
    function nameTheme() {
      theme.textContent = isDark() ? 'Light' : 'Dark';
      theme.setAttribute('aria-label', `Change to ${isDark() ? 'light' : 'dark'} colours`);
    }
    theme.addEventListener('click', () => {
      document.documentElement.dataset.theme = isDark() ? 'light' : 'dark';
      nameTheme();
    });
    prefersDark.addEventListener('change', nameTheme);
    theme.hidden = false;
    nameTheme();

    """##
}
