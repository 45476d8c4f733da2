// The console's reckoning, without a browser: `node --test`.
import assert from 'node:assert/strict';
import test from 'node:test';
import { changesOf, errorAt, formOf, isShownAtAField, portFor, requestOf, unreadableIn } from '../../main/resources/console/instances/form-values.js';
import { drawnLimit, forecastLine, seriesOf } from '../../main/resources/console/instances/series.js';
import { aroundZero, bytesSplits, changeSplits, timeRange, yRange } from '../../main/resources/console/instances/chart-axes.js';
import { differences } from '../../main/resources/console/accounts/differences.js';
import { match } from '../../main/resources/console/router.js';
import { squarify } from '../../main/resources/console/parts/parcels.js';

const GIB = 1024 ** 3;

const instance = {
  name: 'orders',
  engine: 'mysql',
  host: 'db',
  port: 3306,
  username: 'reader',
  tls: { mode: 'required', ca_certificate: null },
  tags: { env: 'production', team: 'shop' },
  databases: { include: [], exclude: ['tmp_*'] },
  capacity_bytes: 500 * GIB,
};

test('a form that nobody touched changes nothing', () => {
  assert.deepEqual(changesOf(instance, formOf(instance)), {});
});

test('a change carries only what differs, and says which tags are gone', () => {
  const form = { ...formOf(instance), host: 'other', tags: 'env: staging', password: '' };
  assert.deepEqual(changesOf(instance, form), { host: 'other', tags: { env: 'staging', team: null } });
});

test('a password is sent only when one was typed', () => {
  assert.equal('password' in requestOf(formOf(instance)), false);
  assert.equal(requestOf({ ...formOf(instance), password: ' spaced ' }).password, ' spaced ');
});

test('a value of a tag keeps its colons', () => {
  assert.deepEqual(requestOf({ ...formOf(instance), tags: 'url: http://x:1\nflag\n\n' }).tags, { url: 'http://x:1', flag: '' });
});

test('the port follows the engine until it is typed', () => {
  assert.equal(portFor({ engine: 'mysql', port: '3306' }, 'postgresql'), '5432');
  assert.equal(portFor({ engine: 'mysql', port: '3307' }, 'postgresql'), '3307');
});

test('what is no number is said before anything is sent', () => {
  assert.deepEqual(unreadableIn({ port: 'x', capacity: '-1' }).map((e) => e.field), ['port', 'capacity_bytes']);
});

test('a complaint about a part of a field is shown at the field', () => {
  const errors = [{ field: 'databases.exclude[0]' }, { field: 'tags.env' }, { field: 'unheard_of' }];
  assert.equal(errorAt(errors, 'databases.exclude'), errors[0]);
  assert.equal(errorAt(errors, 'tags'), errors[1]);
  assert.equal(isShownAtAField(errors[2]), false);
});

const sample = (day, bytes) => ({ at: new Date(Date.UTC(2026, 0, day)).toISOString(), size_bytes: bytes });

test('a sample is compared with the one before, a period only with what the API compared it with', () => {
  const points = [sample(1, 100), sample(2, 150)];
  assert.equal(seriesOf({ interval: 'sample', points }, {}).points[1].change, 50);
  assert.equal(seriesOf({ interval: 'sample', points }, {}).points[1].changePercent, 50);
  assert.equal(seriesOf({ interval: 'daily', points }, {}).points[1].change, undefined);
});

test('the forecast is drawn a third ahead, and not beyond the limit', () => {
  const series = (forecast) => seriesOf({ interval: 'sample', points: [sample(1, 100), sample(11, 200)], forecast }, {});
  assert.equal(forecastLine(series({ trend_bytes_per_day: 10, days_until_limit: 100 })).bytes, 230);
  assert.equal(forecastLine(series({ trend_bytes_per_day: 10, days_until_limit: 1 })).bytes, 210);
  assert.equal(forecastLine(series({ trend_bytes_per_day: null })), null);
  assert.equal(forecastLine(series({ trend_bytes_per_day: 10, days_until_limit: 0 })), null);
  assert.equal(drawnLimit(series({ capacity_bytes: 300 })), 300);
  assert.equal(drawnLimit(series({ capacity_bytes: 3000 })), null);
});

test('axes stand on round numbers of their unit', () => {
  assert.deepEqual(bytesSplits(0, 9 * GIB).map((b) => b / GIB), [0, 2, 4, 6, 8]);
  assert.deepEqual(bytesSplits(0, 1), [0, 1]);
  assert.deepEqual(bytesSplits(148.3 * GIB, 150.2 * GIB).map((b) => b / GIB), [149, 150], 'no line between two that read the same');
  assert.deepEqual(bytesSplits(14.83 * GIB, 14.99 * GIB).map((b) => (b / GIB).toFixed(1)), ['14.9']);
  assert.deepEqual(timeRange([7200]), [5400, 9000], 'one measurement stands in the middle of its hour');
  assert.deepEqual(timeRange([1, 5, 9]), [1, 9]);
  assert.deepEqual(yRange(0, 0), [0, 1]);
  assert.equal(yRange(50, 100)[0], 0);
  assert.ok(yRange(99, 100)[0] > 90);
  assert.deepEqual(aroundZero(null, null), [-1, 1]);
  assert.deepEqual(changeSplits(-1, 100), [0, 100]);
});

test('an audit entry shows what differs', () => {
  assert.deepEqual(differences({ a: 1, b: { c: 2 } }, { a: 1, b: { c: 3 } }), [{ name: 'b', before: '{"c":2}', after: '{"c":3}' }]);
  assert.deepEqual(differences(null, { a: 'x' }), [{ name: 'a', before: undefined, after: 'x' }]);
});

test('addresses find their pages, the literal ones first', () => {
  const routes = [['/instances/new', 'new'], ['/instances/:id', 'one']];
  assert.equal(match(routes, '/instances/new').page, 'new');
  assert.deepEqual(match(routes, '/instances/a%2Fb').parameters, { id: 'a/b' });
  assert.equal(match(routes, '/instances/1/2'), null);
});

test('parcels fill the map, each as large as its value', () => {
  const areas = squarify([6, 3, 2, 1].map((value) => ({ value })), { x: 0, y: 0, width: 120, height: 100 });
  const sum = areas.reduce((total, a) => total + a.width * a.height, 0);
  assert.ok(Math.abs(sum - 12000) < 1e-6);
  assert.ok(Math.abs(areas[0].width * areas[0].height - 6000) < 1e-6);
});
