// What the page shows is what the sandbox says: it is asked again after each change and every two seconds.
const byId = id => document.getElementById(id);
const factors = [0, 1, 3, 10, 30];
let dashboard = null;

async function ask(path, method = 'GET', body = undefined) {
  const answer = await fetch(`/sandbox/${path}`, {
    method,
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const content = await answer.json();
  if (!answer.ok) {
    const fields = Object.entries(content.errors ?? {}).map(([field, reasons]) => `${field}: ${reasons.join(' ')}`);
    throw new Error(fields.join(' ') || content.detail || content.title);
  }
  return content;
}

async function change(button, path, method, body) {
  button.disabled = true;
  try {
    await ask(path, method, body);
    byId('notice').textContent = '';
  } catch (problem) {
    byId('notice').textContent = problem.message;
  } finally {
    button.disabled = false;
    await refresh();
  }
}

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function showTraffic({ factor, users, sent }) {
  byId('load').textContent = `${users} users, ${sent.toLocaleString('en')} requests sent, load × ${factor}`;
  const group = byId('factors');
  if (!group.hasChildNodes()) {
    for (const value of factors) {
      const button = element('button', value === 0 ? 'Nobody' : `× ${value}`);
      button.type = 'button';
      button.dataset.factor = value;
      button.addEventListener('click', () => change(button, 'traffic', 'POST', { factor: value }));
      group.append(button);
    }
  }
  for (const button of group.children) button.setAttribute('aria-pressed', String(Number(button.dataset.factor) === factor));
}

function faultCard(fault) {
  const card = byId('fault').content.firstElementChild.cloneNode(true);
  card.dataset.name = fault.name;
  card.querySelector('h3').textContent = fault.title;
  card.querySelector('.effect').textContent = fault.effect;
  card.querySelector('.unit').textContent = `${fault.unit} (0 to ${fault.most})`;
  for (const kpi of fault.kpis) {
    const chip = element(dashboard ? 'a' : 'span', kpi);
    if (dashboard) chip.href = new URL(`/kpis/${encodeURIComponent(kpi)}`, dashboard).href;
    card.querySelector('.kpis').append(chip);
  }
  const intensity = card.querySelector('.intensity');
  intensity.max = fault.most;
  intensity.value = fault.default;
  const button = card.querySelector('.switch');
  button.addEventListener('click', () => {
    const seconds = card.querySelector('.seconds').value;
    const wish = card.classList.contains('on')
      ? false
      : { intensity: Number(intensity.value), seconds: seconds === '' ? null : Number(seconds) };
    return change(button, 'faults', 'POST', { [fault.name]: wish });
  });
  return card;
}

function showFaults({ faults }) {
  const list = byId('faults');
  for (const fault of faults) {
    let card = list.querySelector(`[data-name="${CSS.escape(fault.name)}"]`);
    if (!card) list.append(card = faultCard(fault));
    card.classList.toggle('on', fault.on);
    const left = fault.until ? `, ${Math.max(0, Math.round((new Date(fault.until) - Date.now()) / 1000))} s left` : '';
    card.querySelector('.state').textContent = fault.on ? `● On at ${fault.intensity}${left}` : '○ Off';
    card.querySelector('.switch').textContent = fault.on ? 'Switch off' : 'Switch on';
  }
}

function showServers({ servers }) {
  const list = byId('servers');
  for (const server of servers) {
    let row = [...list.rows].find(known => known.dataset.name === server.name);
    if (!row) {
      row = list.insertRow();
      row.dataset.name = server.name;
      row.append(element('td', server.name), element('td', server.description, 'about'), element('td', ''), element('td', ''));
      row.cells[2].append(element('span', ''));
      const made = element('button', '');
      made.type = 'button';
      made.addEventListener('click', () =>
        change(made, `servers/${encodeURIComponent(server.name)}/${made.dataset.verb}`, 'POST'));
      row.cells[3].append(made);
    }
    const state = row.cells[2].firstElementChild;
    state.className = `state ${server.running ? 'running' : 'stopped'}`;
    state.textContent = server.running ? '✓ Running' : '✕ Stopped';
    const button = row.cells[3].firstElementChild;
    button.dataset.verb = server.running ? 'stop' : 'start';
    button.textContent = server.running ? 'Stop' : 'Start';
    button.setAttribute('aria-label', `${button.textContent} ${server.name}`);
  }
}

let lost = false;
async function refresh() {
  try {
    const [traffic, faults, servers] = await Promise.all([ask('traffic'), ask('faults'), ask('servers')]);
    showTraffic(traffic);
    showFaults(faults);
    showServers(servers);
    if (lost) byId('notice').textContent = '';
    lost = false;
  } catch {
    lost = true;
    byId('notice').textContent = 'The sandbox does not answer. What stands here may be out of date.';
  }
}

({ dashboard } = await ask('page'));
if (dashboard) {
  byId('dashboard').href = dashboard;
  byId('dashboard').hidden = false;
}
byId('clear').addEventListener('click', () => change(byId('clear'), 'faults', 'DELETE'));
await refresh();
setInterval(refresh, 2000);
