// Between what a person types into the form and what the API takes.

const UNITS = { GiB: 1024 ** 3, TiB: 1024 ** 4 };
const DEFAULT_PORTS = { mysql: '3306', postgresql: '5432' };

export function blankForm() {
  return {
    name: '',
    engine: 'postgresql',
    host: '',
    port: DEFAULT_PORTS.postgresql,
    username: '',
    password: '',
    tlsMode: 'required',
    caCertificate: '',
    tags: '',
    include: '',
    exclude: '',
    capacity: '',
    capacityUnit: 'GiB',
  };
}

export function formOf(instance) {
  const capacity = instance.capacity_bytes;
  const unit = capacity && capacity % UNITS.TiB === 0 ? 'TiB' : 'GiB';
  return {
    name: instance.name,
    engine: instance.engine,
    host: instance.host,
    port: String(instance.port),
    username: instance.username ?? '',
    password: '',
    tlsMode: instance.tls?.mode ?? 'required',
    caCertificate: instance.tls?.ca_certificate ?? '',
    tags: Object.entries(instance.tags || {}).map(([key, value]) => (value ? `${key}: ${value}` : key)).join('\n'),
    include: (instance.databases?.include || []).join('\n'),
    exclude: (instance.databases?.exclude || []).join('\n'),
    capacity: capacity ? String(capacity / UNITS[unit]) : '',
    capacityUnit: unit,
  };
}

// The usual port follows the engine unless another was typed.
export function portFor(form, engine) {
  return form.port === DEFAULT_PORTS[form.engine] ? DEFAULT_PORTS[engine] : form.port;
}

export function requestOf(form) {
  const request = {
    name: form.name.trim(),
    engine: form.engine,
    host: form.host.trim(),
    port: form.port.trim() === '' ? null : Number(form.port),
    username: form.username,
    tls: { mode: form.tlsMode, ca_certificate: form.caCertificate.trim() || null },
    tags: tagsOf(form.tags),
    databases: { include: lines(form.include), exclude: lines(form.exclude) },
    capacity_bytes: form.capacity.trim() === '' ? null : Math.round(Number(form.capacity) * UNITS[form.capacityUnit]),
  };
  return form.password === '' ? request : { ...request, password: form.password };
}

// A merge patch: only what differs; a tag that is gone is set to null.
export function changesOf(instance, form) {
  const before = requestOf(formOf(instance));
  const after = requestOf(form);
  const changes = {};
  for (const name of Object.keys(after)) {
    if (JSON.stringify(before[name]) !== JSON.stringify(after[name])) {
      changes[name] = after[name];
    }
  }
  if (changes.tags) {
    const gone = Object.keys(instance.tags || {}).filter((key) => !(key in after.tags));
    changes.tags = { ...after.tags, ...Object.fromEntries(gone.map((key) => [key, null])) };
  }
  return changes;
}

// What cannot even be put into a request; everything else is the API's to judge.
export function unreadableIn(form) {
  const errors = [];
  if (!/^\d*$/.test(form.port.trim())) {
    errors.push({ field: 'port', value: form.port, allowed: '1 – 65535' });
  }
  if (form.capacity.trim() !== '' && !(Number(form.capacity) > 0)) {
    errors.push({ field: 'capacity_bytes', value: form.capacity, allowed: '> 0' });
  }
  return errors;
}

// The API names fields as JSON has them; a complaint about a part of a field belongs to the field.
export const FIELDS = [
  'name',
  'engine',
  'host',
  'port',
  'username',
  'password',
  'tls.mode',
  'tls.ca_certificate',
  'tags',
  'databases.include',
  'databases.exclude',
  'capacity_bytes',
];

export function errorAt(errors, field) {
  return errors.find((error) => fieldOf(error) === field);
}

export function isShownAtAField(error) {
  return fieldOf(error) !== undefined;
}

function fieldOf({ field = '' }) {
  const exact = FIELDS.find((name) => name === field);
  return exact ?? (field === 'tls' ? 'tls.mode' : FIELDS.find((name) => field.startsWith(`${name}.`) || field.startsWith(`${name}[`)));
}

function tagsOf(text) {
  return Object.fromEntries(
    lines(text).map((line) => {
      const at = line.search(/[:=]/);
      return at < 0 ? [line, ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    }),
  );
}

function lines(text) {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}
