// What the stand-in answers.
const HOUR = 3600e3;
const DAY = 24 * HOUR;
const GIB = 1024 ** 3;
const ago = (ms) => new Date(Date.now() - ms).toISOString();
const ok = (data, status = 200) => ({ status, data });
const page = (items) => ok({ items, next_cursor: null });
const problem = (status, title, errors) => ok({ type: 'about:blank', title, status, detail: title, errors }, status);

const NAMES = ['orders', 'billing', 'crm', 'inventory', 'web_shop', 'analytics', 'sessions', 'audit', 'hr', 'payroll', 'wiki', 'mail',
  'search_index', 'pricing', 'ledger', 'warehouse', 'tickets', '测试库', '<img src=x onerror=alert(1)>', 'quote"and\'apostrophe', 'dots.and.dots'];
let user = null;
let listeners = [];

const instances = [
  ['orders-primary', 'postgresql', 'db1.example.internal', 412, 21, 'ok', { env: 'production', team: 'shop' }],
  ['shop-mariadb', 'mysql', 'db2.example.internal', 188, 34, 'ok', { env: 'production', team: 'shop' }],
  ['warehouse', 'postgresql', 'dwh.example.internal', 930, 12, 'ok', { env: 'production' }],
  ['legacy-crm', 'mysql', '10.20.0.14', 75, 9, 'failing', { env: 'production', owner: 'sales' }],
  ['staging', 'postgresql', 'staging.example.internal', 38, 40, 'ok', { env: 'staging' }],
  ['fresh', 'postgresql', 'new.example.internal', null, null, 'unknown', {}],
].map(([name, engine, host, gib, count, status, tags], i) => ({
  id: i + 1, name, engine, host, port: engine === 'mysql' ? 3306 : 5432, username: 'cadastre', has_password: true,
  tls: { mode: 'required', ca_certificate: null }, tags, databases: { include: [], exclude: ['tmp_*'] },
  capacity_bytes: gib && Math.round(gib * 1.3) * GIB, version: 1, created_at: ago(90 * DAY), updated_at: ago(3 * DAY), deleted_at: null,
  server: status === 'unknown' ? null : { product: engine === 'mysql' ? 'MariaDB' : 'PostgreSQL', version: engine === 'mysql' ? '11.4.5' : '18.6' },
  health: { status, since: ago(2 * DAY), failure: status === 'failing' ? { code: 'authentication_failed', message: "Access denied for user 'cadastre'" } : null },
  last_database_sync_at: gib && ago(5 * HOUR), last_size_sync_at: gib && ago(4 * HOUR), database_count: count, total_size_bytes: gib && gib * GIB,
}));

const operations = instances.slice(0, 5).map((one, i) => finished(one.id, ['sync_all', 'sync_database_sizes', 'sync_databases', 'test_connection', 'sync_all'][i], i));

function finished(instanceId, kind, i) {
  const failed = instanceId === 4;
  return {
    id: `00000000-0000-4000-8000-00000000000${i}`, kind, instance_id: instanceId, status: failed ? 'failed' : i === 1 ? 'completed_with_errors' : 'succeeded',
    requested_by: i % 2 ? 'schedule' : 'admin', run_id: i % 2 ? 'r1' : null, created_at: ago((i + 4) * HOUR), started_at: ago((i + 4) * HOUR - 200),
    finished_at: ago((i + 4) * HOUR - 3400), progress: { done: 21, total: 21 },
    result: failed ? null : { databases_found: 21, databases_added: 2, databases_deleted: 1, databases_reactivated: 0, databases_filtered: 3, saved_count: 20, failed_count: i === 1 ? 1 : 0,
      total_size_bytes: 412 * GIB, failures: i === 1 ? [{ database: 'payroll', code: 'permission_denied', message: 'permission denied for database payroll' }] : [] },
    failure: failed ? { code: 'authentication_failed', message: "Access denied for user 'cadastre'", retryable: false } : null,
  };
}

function databases(instance) {
  return NAMES.map((name, i) => ({
    name, system: i === 16, state: i === 8 ? 'deleted' : i === 11 ? 'filtered' : 'active', owner: 'app', encoding: 'UTF8', character_set: instance.engine === 'mysql' ? 'utf8mb4' : null,
    collation: 'en_US.utf8', first_seen_at: i === 4 ? ago(5 * HOUR) : ago(80 * DAY), last_seen_at: i === 8 ? ago(6 * DAY) : ago(5 * HOUR), deleted_at: i === 8 ? ago(5 * DAY) : null,
    reactivated_at: i === 6 ? ago(DAY) : null, size_bytes: i === 9 ? null : Math.round((instance.total_size_bytes / (i + 2) ** 1.400) * 0.35), data_bytes: GIB, index_bytes: GIB / 3,
    estimate: i === 10, template: i === 12, allows_connections: i !== 12, measured_at: ago(4 * HOUR),
    size_failure: i === 9 ? { code: 'permission_denied', message: 'permission denied for database payroll' } : null,
  }));
}

function series(instance, { interval = 'sample', from }) {
  const step = { sample: DAY / 4, daily: DAY, weekly: 7 * DAY, monthly: 30 * DAY }[interval];
  const start = Math.max(from ? Date.parse(from) : 0, Date.now() - 120 * DAY);
  const points = [];
  // The first minutes of a new register.
  const young = instance.name === 'staging';
  for (let at = young ? Date.now() - 95e3 : start; at < Date.now(); at += young ? 30e3 : step) {
    const age = (Date.now() - at) / DAY;
    const jump = age > 12 ? 0.06 : 0;
    const wave = Math.sin(at / DAY) * 0.006 + Math.sin(at / DAY / 7) * 0.01;
    points.push({ at: new Date(at).toISOString(), ...(interval !== 'sample' && { change_bytes: Math.round(instance.total_size_bytes * (0.0021 * step / DAY)) }), size_bytes: Math.round(instance.total_size_bytes * (1 - age * 0.0021 - jump + wave)), estimate: false, database_count: 20 });
  }
  return { instance_id: instance.id, interval, time_zone: 'UTC', points, forecast: { confidence: 'high', trend_bytes_per_day: Math.round(instance.total_size_bytes * 0.0021), capacity_bytes: instance.capacity_bytes, days_until_limit: 142.3, limit_reached_at: ago(-142 * DAY), reason: null } };
}

function tell(change) {
  listeners.forEach((response) => response.write(`event: change\ndata: ${JSON.stringify(change)}\n\n`));
}

export function stream(request, response) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  response.write(': welcome\n\n');
  listeners.push(response);
  request.on('close', () => (listeners = listeners.filter((one) => one !== response)));
}

function sync(instance, kind) {
  const operation = { ...finished(instance.id, kind, 0), id: crypto.randomUUID(), status: 'queued', created_at: ago(0), started_at: null, finished_at: null, run_id: null, progress: { done: 0, total: 0 }, result: null };
  operations.unshift(operation);
  let done = 0;
  const timer = setInterval(() => {
    Object.assign(operation, { status: 'running', started_at: operation.started_at ?? ago(0), progress: { done: ++done * 3, total: 21 } });
    if (done === 7) {
      clearInterval(timer);
      Object.assign(operation, { ...finished(instance.id, kind, 1), id: operation.id, kind, created_at: operation.created_at, started_at: operation.started_at, finished_at: ago(0), run_id: null, requested_by: 'admin' });
    }
    tell({ entity: 'operation', id: operation.id, instance_id: instance.id });
  }, 400);
  tell({ entity: 'operation', id: operation.id, instance_id: instance.id });
  return ok(operation, 202);
}

const byId = (id) => instances.find((one) => one.id === Number(id));
const holds = [{ scan_id: 'h1', instance_id: 3, held_at: ago(5 * HOUR), seen_at: ago(5 * HOUR), reason: '14 of 21 databases vanished at once (allowed: 3, or 50 %)', databases_to_delete: 14, names: NAMES.slice(0, 14) }];
const schedules = ['databases', 'sizes'].map((job, i) => ({ job, cron: `0 ${3 + i} * * *`, time_zone: 'Europe/Berlin', spread_minutes: 30, parallel: 16, enabled: true, version: 1, next_fire_times: [ago(-DAY / 2)] }));
const runs = [0, 1, 2, 3].map((i) => ({ id: `r${i}`, job: i % 2 ? 'sizes' : 'databases', trigger: 'schedule', fire_time: ago(i * DAY), missed: i === 2 ? 2 : 0, requested_by: 'schedule', status: i === 1 ? 'completed_with_errors' : 'succeeded',
  started_at: ago(i * DAY + HOUR), finished_at: ago(i * DAY + HOUR - 95e3), counts: { total: 6, pending: 0, running: 0, succeeded: 5, completed_with_errors: 0, failed: i === 1 ? 1 : 0, skipped: 0 } }));
const tokens = [{ id: 1, name: 'nightly report', role: 'viewer', created_at: ago(40 * DAY), last_used_at: ago(HOUR), expires_at: ago(-50 * DAY), revoked_at: null }];
const users = ['admin', 'operator', 'viewer'].map((role, i) => ({ username: ['admin', 'li.wei', 'm.jansen'][i], role, created_at: ago(80 * DAY), version: 1 }));

export const routes = [
  ['GET', /^\/session$/, () => (user ? ok(user) : problem(401, 'Unauthorized'))],
  ['POST', /^\/session$/, ({ body }) => {
    if (body.password === 'wrong') return problem(401, 'Unauthorized');
    user = { username: body.username, role: ['viewer', 'operator'].includes(body.username) ? body.username : 'admin', csrf_token: 'csrf' };
    return ok(user);
  }],
  ['DELETE', /^\/session$/, () => ((user = null), { status: 204 })],
  ['POST', /^\/end-the-session$/, () => ((user = null), { status: 204 })],
  ['GET', { exec: () => (user ? null : ['']) }, () => problem(401, 'Unauthorized')],
  ['GET', /^\/instances$/, ({ query }) => page(instances.filter((one) => (!query.search || one.name.includes(query.search)) && (!query.engine || one.engine === query.engine)
    && (!query.tag || Object.entries(one.tags).some(([k, v]) => `${k}:${v}` === query.tag)) && Boolean(one.deleted_at) === (query.deleted === 'true')))],
  ['POST', /^\/instances$/, ({ body }) => {
    const errors = [];
    if (!body.name) errors.push({ field: 'name', value: body.name, allowed: '1 to 100 characters' });
    if (!(body.port >= 1 && body.port <= 65535)) errors.push({ field: 'port', value: body.port, allowed: '1 to 65535' });
    if (errors.length) return problem(400, 'Bad Request', errors);
    const made = { ...instances.at(-1), ...body, id: instances.length + 1, version: 1, password: undefined };
    instances.push(made);
    return ok(made, 201);
  }],
  ['GET', /^\/instances\/(\d+)$/, (_, id) => (byId(id) ? ok(byId(id)) : problem(404, 'Not Found'))],
  ['PATCH', /^\/instances\/(\d+)$/, ({ body, headers }, id) => (headers['if-match'] === `"${byId(id).version}"` ? ok(Object.assign(byId(id), body, { version: byId(id).version + 1 })) : problem(412, 'Precondition Failed'))],
  ['DELETE', /^\/instances\/(\d+)$/, (_, id) => ((byId(id).deleted_at = ago(0)), { status: 204 })],
  ['POST', /^\/instances\/(\d+)\/restore$/, (_, id) => ((byId(id).deleted_at = null), ok(byId(id)))],
  ['POST', /^\/instances\/(\d+)\/(test-connection|sync-databases|sync-database-sizes|sync-all)$/, (_, id, what) => sync(byId(id), what.replaceAll('-', '_'))],
  ['GET', /^\/instances\/(\d+)\/databases$/, ({ query }, id) => {
    const sign = query.sort?.startsWith('-') ? -1 : 1;
    const key = query.sort?.replace('-', '') ?? 'name';
    return page(byId(id).database_count === null ? [] : databases(byId(id)).filter((one) => (query.state === 'all' || one.state === (query.state ?? 'active')) && (!query.search || one.name.includes(query.search))
      && (query.system !== 'false' || !one.system)).sort((a, b) => sign * ((a[key] ?? 0) < (b[key] ?? 0) ? -1 : 1)));
  }],
  ['GET', /^\/instances\/(\d+)(?:\/databases\/[^/]+)?\/sizes$/, ({ query }, id) => ok(byId(id).total_size_bytes ? series(byId(id), query) : { interval: query.interval, points: [], forecast: { confidence: 'none', reason: 'too_little_history' } })],
  ['GET', /^\/operations$/, ({ query }) => page(operations.filter((one) => (!query.instance_id || one.instance_id === Number(query.instance_id)) && (!query.kind || one.kind === query.kind) && (!query.status || one.status === query.status)))],
  ['GET', /^\/held-scans$/, ({ query }) => page(holds.filter((one) => !query.instance_id || one.instance_id === Number(query.instance_id)))],
  ['POST', /^\/held-scans\/(\w+)\/(apply|reject)$/, () => ok((holds.length = 0, operations[0]))],
  ['GET', /^\/schedules$/, () => ok({ items: schedules })],
  ['PUT', /^\/schedules\/(\w+)$/, ({ body }, job) => (body.cron.split(' ').length === 5 ? ok(Object.assign(schedules.find((one) => one.job === job), body)) : problem(400, 'Bad Request', [{ field: 'cron', value: body.cron, allowed: 'five fields' }]))],
  ['POST', /^\/schedules\/(\w+)\/run$/, () => ok(runs[0], 202)],
  ['GET', /^\/runs$/, () => page(runs)],
  ['GET', /^\/runs\/(\w+)$/, (_, id) => ok({ ...(runs.find((one) => one.id === id) ?? runs[1]), items_omitted: 0, items: instances.slice(0, 5).map((one, i) => ({ instance_id: one.id, instance_name: one.name, status: i === 3 ? 'failed' : 'succeeded', planned_at: ago(HOUR), started_at: ago(HOUR), finished_at: ago(HOUR - 3100), failure: i === 3 ? one.health.failure : null })) })],
  ['GET', /^\/tokens$/, () => page(tokens)],
  ['POST', /^\/tokens$/, ({ body }) => (body.name ? (tokens.push({ ...body, id: tokens.length + 1, created_at: ago(0) }), ok({ ...body, token: 'cad_7fQk2x9ZpL0sVbT4mYhR8cWnD3eJ6uAa' }, 201)) : problem(400, 'Bad Request', [{ field: 'name', value: '', allowed: '1 to 100 characters' }]))],
  ['DELETE', /^\/tokens\/(\w+)$/, (_, id) => ((tokens.find((one) => one.id === Number(id)).revoked_at = ago(0)), { status: 204 })],
  ['GET', /^\/users$/, () => page(users)],
  ['POST', /^\/users$/, ({ body }) => (users.push({ ...body, created_at: ago(0), version: 1 }), ok(body, 201))],
  ['GET', /^\/audit-log$/, () => page([
    { id: 3, at: ago(HOUR), actor: 'admin', action: 'updated', entity_type: 'instance', entity_id: '1', before: { host: 'db0.example.internal', port: 5432 }, after: { host: 'db1.example.internal', port: 5432 } },
    { id: 2, at: ago(5 * HOUR), actor: 'system', action: 'applied', entity_type: 'instance', entity_id: '2', before: null, after: { added: ['orders'], deleted: [] } },
    { id: 1, at: ago(80 * DAY), actor: 'admin', action: 'created', entity_type: 'user', entity_id: 'li.wei', before: null, after: { username: 'li.wei', role: 'operator' } },
  ])],
];
