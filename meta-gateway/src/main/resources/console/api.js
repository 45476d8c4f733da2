// Talks to the REST API: session cookie and CSRF token, problem details, ETags, sign-in again when a session ended.

const BASE = '/api/v1';
const SAFE = new Set(['GET', 'HEAD']);

let csrfToken = null;
let signInAgain = null;

export function useCsrfToken(token) {
  csrfToken = token;
}

// `ask` resolves once the user has signed in again; the request that met the ended session is then repeated.
export function whenSessionEnds(ask) {
  signInAgain = ask;
}

// What the API (status > 0) or the network (status 0) answered instead of a result.
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || body.title || `HTTP ${status}`);
    this.status = status;
    this.title = body.title;
    this.detail = body.detail;
    this.errors = Array.isArray(body.errors) ? body.errors : [];
    this.retryAfter = body.retryAfter;
  }

  field(name) {
    return this.errors.find((error) => error.field === name);
  }
}

export async function call(method, path, { body, query, headers = {}, patch = false, signal } = {}) {
  const answer = await send(method, path, { body, query, headers, patch, signal });
  if (answer.status === 401 && signInAgain && path !== '/session') {
    await signInAgain();
    return read(await send(method, path, { body, query, headers, patch, signal }));
  }
  return read(answer);
}

export async function get(path, query, signal) {
  return (await call('GET', path, { query, signal })).data;
}

export async function post(path, body) {
  return (await call('POST', path, { body, headers: { 'Idempotency-Key': randomKey() } })).data;
}

export async function put(path, body, version) {
  return (await call('PUT', path, { body, headers: ifMatch(version) })).data;
}

// A JSON merge patch against the version that was read.
export async function patch(path, body, version) {
  return (await call('PATCH', path, { body, patch: true, headers: ifMatch(version) })).data;
}

export async function remove(path, version) {
  return (await call('DELETE', path, { headers: ifMatch(version) })).data;
}

function ifMatch(version) {
  return version === undefined ? {} : { 'If-Match': `"${version}"` };
}

function send(method, path, { body, query, headers, patch, signal }) {
  const all = { Accept: 'application/json', ...headers };
  if (body !== undefined) {
    all['Content-Type'] = patch ? 'application/merge-patch+json' : 'application/json';
  }
  if (!SAFE.has(method) && csrfToken) {
    all['X-CSRF-Token'] = csrfToken;
  }
  return fetch(address(path, query), {
    method,
    headers: all,
    body: body === undefined ? undefined : JSON.stringify(body),
    credentials: 'same-origin',
    cache: 'no-store',
    signal,
  }).catch((error) => {
    if (error.name === 'AbortError') {
      throw error;
    }
    throw new Problem(0, {});
  });
}

function address(path, query = {}) {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) {
      if (one !== undefined && one !== null && one !== '') {
        parameters.append(name, one);
      }
    }
  }
  const text = parameters.toString();
  return BASE + path + (text ? `?${text}` : '');
}

async function read(answer) {
  const isJson = /\bjson\b/.test(answer.headers.get('Content-Type') || '');
  const data = isJson ? await answer.json().catch(() => null) : null;
  if (!answer.ok) {
    throw new Problem(answer.status, { ...data, retryAfter: answer.headers.get('Retry-After') });
  }
  return { data, status: answer.status };
}

// crypto.randomUUID exists on secure origins only; a console on a plain-HTTP intranet address needs a key too.
function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
