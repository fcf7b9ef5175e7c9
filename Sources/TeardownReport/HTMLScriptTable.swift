extension HTMLScript {
  /// The table of flows: filters, order, and the rows that open.
  static let table: StaticString = ##"""

    const flows = data.flows.map((flow, index) => {
      const record = flow.record;
      const words = [record.reset?.cause, ...record.findings.map(finding => finding.code)]
        .filter(Boolean);
      const shown = {
        rank: index + 1, flow, record, words: [...new Set(words)],
        client: endpoint(record.client), server: endpoint(record.server),
        closer: record.closedBy?.side ?? 'no FIN',
        waits: record.timeWait.map(wait => wait.side),
        packets: record.packets.client + record.packets.server,
        octets: record.payloadOctets.client + record.payloadOctets.server,
      };
      shown.text = [`stream ${record.stream}`, shown.client, shown.server, record.outcome,
        ...shown.words].join(' ').toLowerCase();
      return shown;
    });

    // A clock that all share stands in the head.
    const isUTC = flows.every(row => row.flow.startText.endsWith(' UTC'));
    const startText = row => row.flow.startText.replace(/(\.\d{3})\d+/, '$1')
      .replace(isUTC ? ' UTC' : '', '');

    const numeric = {class: 'number'};
    const waitText = waits => waits.length ? [...new Set(waits)].join(', ') : '–';
    const columns = [
      {id: 'rank', name: 'Rank', title: 'Place by harm, or what --sort named: 1 is first',
        value: row => row.rank, cell: row => String(row.rank), attributes: numeric},
      {id: 'stream', name: 'Stream', title: 'tcp.stream in Wireshark, unless told apart by VLAN or tunnel',
        value: row => row.record.stream},
      {id: 'client', name: 'Client', value: row => row.client, cell: row => end(row.client)},
      {id: 'server', name: 'Server', value: row => row.server, cell: row => end(row.server)},
      {id: 'start', name: isUTC ? 'Start, UTC' : 'Start', value: row => row.record.start,
        cell: startText},
      {id: 'duration', name: 'Lasted', value: row => row.record.duration,
        cell: row => duration(row.record.duration), attributes: numeric},
      {id: 'packets', name: 'Packets', value: row => row.packets,
        cell: row => grouped(row.packets), attributes: numeric},
      {id: 'octets', name: 'Octets', value: row => row.octets,
        cell: row => grouped(row.octets), attributes: numeric},
      {id: 'outcome', name: 'Outcome', value: row => row.record.outcome,
        cell: row => html('span', {class: `outcome o-${row.record.outcome}`}, row.record.outcome)},
      {id: 'closer', name: 'Closed first', value: row => row.closer,
        cell: row => html('span', {}, row.closer, ' ', grade(row.record.closedBy?.grade))},
      {id: 'wait', name: 'TIME-WAIT', value: row => waitText(row.waits),
        cell: row => !row.waits.length ? waitText(row.waits) : html('span', {},
          ...row.record.timeWait.flatMap(wait => [wait.side, ' ', grade(wait.grade), ' ']))},
      {id: 'words', name: 'Reset, findings', value: row => row.words.join(' ') || '~',
        cell: row => !row.words.length ? null : html('span', {}, ...wordsOf(row))},
    ];

    // An IPv6 address may break anywhere, an IPv4 address need not.
    function end(text) {
      return html('span', {class: text.startsWith('[') ? 'long' : 'short'}, text);
    }

    function wordsOf(row) {
      const reset = row.record.reset;
      const claims = reset ? [[reset.cause, reset.grade]] : [];
      for (const finding of row.record.findings) {
        if (finding.code !== reset?.cause) claims.push([finding.code, finding.grade]);
      }
      return claims.map(([word, sure]) => html('span', {class: 'claim'}, `${word} `, grade(sure)));
    }

    const order = {column: columns[0], descending: false};

    function compare(one, other) {
      const [a, b] = [order.column.value(one), order.column.value(other)];
      const sign = a < b ? -1 : a > b ? 1 : 0;
      return (order.descending ? -sign : sign) || one.rank - other.rank;
    }

    function sortBy(column, descending) {
      order.column = column;
      order.descending = descending;
      byId('sort').value = `${column.id}${descending ? '-' : '+'}`;
      showFlows();
    }

    function tableHead() {
      return html('tr', {}, ...columns.map(column => {
        const button = html('button', {type: 'button', title: column.title}, column.name);
        button.addEventListener('click', () =>
          sortBy(column, order.column === column && !order.descending));
        column.head = html('th', {scope: 'col', class: column.attributes?.class}, button);
        return column.head;
      }));
    }

    function opener(row) {
      const button = html('button',
        {type: 'button', class: 'open', 'aria-expanded': 'false',
          'aria-label': `Stream ${row.record.stream}: verdict and ladder`},
        String(row.record.stream));
      button.addEventListener('click', () => toggle(row, button));
      row.opener = button;
      return button;
    }

    function tableRow(row) {
      row.line ??= html('tr', {class: 'flow', 'data-stream': row.record.stream},
        ...columns.map(column => html('td', {...column.attributes, 'data-label': column.name},
          column.id === 'stream' ? opener(row) : column.cell(row))));
      return row.detail ? [row.line, row.detail] : [row.line];
    }

    function toggle(row, button) {
      if (row.detail) {
        row.detail.remove();
        row.detail = null;
      } else {
        const cell = html('td', {colspan: columns.length});
        row.detail = html('tr', {class: 'detail'}, cell);
        row.line.after(row.detail);
        cell.append(flowDetail(row.flow, byId('flow-table').clientWidth));
      }
      button.setAttribute('aria-expanded', String(Boolean(row.detail)));
    }

    function isChosen(row) {
      const outcome = byId('by-outcome').value;
      const word = byId('by-word').value;
      const wait = byId('by-time-wait').value;
      const find = byId('find').value.trim().toLowerCase();
      return (!outcome || row.record.outcome === outcome) &&
        (!word || row.words.includes(word)) &&
        (!wait || (wait === 'none' ? !row.waits.length : row.waits.includes(wait))) &&
        (!find || find.split(/\s+/).every(part => row.text.includes(part)));
    }

    function showFlows() {
      const chosen = flows.filter(isChosen).sort(compare);
      byId('flow-table').tBodies[0].replaceChildren(...chosen.flatMap(tableRow));
      byId('flow-count').textContent =
        `${grouped(chosen.length)} of the ${grouped(flows.length)} flows on this page`;
      for (const column of columns) {
        column.head.setAttribute('aria-sort', order.column !== column ? 'none' :
          order.descending ? 'descending' : 'ascending');
      }
    }

    function fillChoice(id, any, values) {
      const counts = new Map();
      for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
      const options = [...counts].sort((a, b) => b[1] - a[1])
        .map(([value, count]) => html('option', {value}, `${value} (${grouped(count)})`));
      byId(id).replaceChildren(html('option', {value: ''}, any), ...options);
      byId(id).addEventListener('change', showFlows);
    }

    if (byId('flow-table')) {
      byId('flow-table').tHead.append(tableHead());
      fillChoice('by-outcome', 'any', flows.map(row => row.record.outcome));
      fillChoice('by-word', 'any', flows.flatMap(row => row.words));
      fillChoice('by-time-wait', 'any side',
        flows.flatMap(row => row.waits.length ? [...new Set(row.waits)] : ['none']));
      byId('find').placeholder = 'address, port, word';
      byId('find').addEventListener('input', showFlows);
      byId('sort').append(...columns.flatMap(({id, name}) => [
        html('option', {value: `${id}+`}, `${name} ↑`),
        html('option', {value: `${id}-`}, `${name} ↓`)]));
      byId('sort').addEventListener('change', event => {
        const value = event.target.value;
        sortBy(columns.find(column => column.id === value.slice(0, -1)), value.endsWith('-'));
      });
      showFlows();
      if (flows.length === 1) toggle(flows[0], flows[0].opener);
    }
    document.documentElement.dataset.ready = String(Math.round(performance.now()));
    """##
}
