// The databases of an instance: what is there, what is new, what went away, what could not be measured.
import { html, useState } from '../markup.js';
import { get } from '../api.js';
import { useDelayed, usePages } from '../loading.js';
import { t } from '../language/words.js';
import { number, size } from '../language/format.js';
import { Ago, Badge, Choice, Empty, Loading } from '../parts/small.js';
import { FailureText, ProblemNotice } from '../parts/notice.js';
import { MoreButton, Table } from '../parts/table.js';
import { Icon } from '../parts/icon.js';
import { Parcels } from '../parts/parcels.js';

const PAGE = 200;
const RECENT_MS = 7 * 86400 * 1000;

export function Databases({ instance, generation, chosen, onChoose }) {
  const [state, setState] = useState('active');
  const [system, setSystem] = useState(false);
  const [sort, setSort] = useState('-size_bytes');
  const [search, setSearch] = useState('');
  const asked = useDelayed(search);
  const list = usePages(
    (cursor) =>
      get(`/instances/${instance.id}/databases`, {
        state,
        search: asked,
        system: system ? undefined : false,
        sort,
        limit: PAGE,
        cursor,
      }),
    [instance.id, generation, instance.last_size_sync_at, instance.last_database_sync_at, state, asked, system, sort],
  );
  const rows = list.data?.items;
  return html`<section aria-labelledby="databases">
    <h2 id="databases">${t('instance.databases')}</h2>
    <div class="filters" role="search">
      <label class="search">
        <span class="unseen">${t('databases.search')}</span><${Icon} name="search" />
        <input type="search" placeholder=${t('databases.search')} value=${search} onInput=${(e) => setSearch(e.target.value)} />
      </label>
      <${Choice} label=${t('databases.state')} value=${state} onChange=${setState}
        options=${['active', 'deleted', 'filtered', 'all'].map((one) => [one, t(`databases.${one}`)])} />
      <label class="check">
        <input type="checkbox" checked=${system} onChange=${(e) => setSystem(e.target.checked)} />${t('databases.system')}
      </label>
    </div>
    ${list.error && html`<${ProblemNotice} problem=${list.error} retry=${list.reload} />`}
    ${!rows && !list.error && html`<${Loading} />`}
    ${state === 'active' && rows?.length > 1 && html`<${Parcels} height=${110} plots=${plotsOf(rows, instance)} />`}
    ${rows?.length > 0 &&
    html`<${DatabasesTable} ...${{ rows, instance, chosen, onChoose, sort }} onSort=${setSort} />`}
    ${rows?.length === 0 && html`<${None} instance=${instance} narrowed=${asked !== '' || state !== 'active'} />`}
    <${MoreButton} list=${list} />
  </section>`;
}

function plotsOf(rows, instance) {
  return rows.map((row) => ({
    key: row.name,
    name: row.name,
    value: row.size_bytes || 0,
    note: size(row.size_bytes),
    href: `/instances/${instance.id}?database=${encodeURIComponent(row.name)}`,
    kind: instance.engine,
  }));
}

function DatabasesTable({ rows, instance, chosen, onChoose, sort, onSort }) {
  const postgresql = instance.engine === 'postgresql';
  const columns = [
    { key: 'name', title: t('database.name'), sort: 'name', cell: (one) => html`<${Name} ...${{ one, chosen, onChoose }} />` },
    { key: 'size', lead: true, title: t('database.size'), number: true, sort: '-size_bytes', cell: (one) => html`<${Size} one=${one} />` },
    postgresql
      ? { key: 'owner', title: t('database.owner'), cell: (one) => one.owner ?? '–' }
      : { key: 'parts', title: t('database.parts'), number: true, cell: (one) => (one.data_bytes == null ? '–' : `${size(one.data_bytes)} / ${size(one.index_bytes)}`) },
    { key: 'text', title: postgresql ? t('database.encoding') : t('database.charset'), cell: (one) => html`<span title=${one.collation ?? ''}>${one.encoding ?? one.character_set ?? '–'}</span>` },
    { key: 'first', title: t('database.first-seen'), cell: (one) => html`<${Ago} at=${one.first_seen_at} />` },
    { key: 'last', title: t('database.last-seen'), cell: (one) => html`<${Ago} at=${one.last_seen_at} />` },
  ];
  return html`<${Table} caption=${t('instance.databases')} columns=${columns} rows=${rows} rowKey=${(one) => one.name}
    rowClass=${(one) => (one.state === 'active' ? undefined : 'gone')} sorted=${sort} onSort=${onSort} />`;
}

function Name({ one, chosen, onChoose }) {
  const isChosen = chosen === one.name;
  return html`<button type="button" class="row-name" aria-pressed=${isChosen} title=${t('databases.chart')}
      onClick=${() => onChoose(isChosen ? '' : one.name)}>${one.name}</button>
    <span class="badges"><${Signs} one=${one} /></span>`;
}

function Signs({ one }) {
  return html`
    ${isNew(one) && html`<${Badge} kind="good">${t('database.new')}<//>`}
    ${isRecent(one.reactivated_at) && html`<${Badge} kind="good">${t('database.reactivated')}<//>`}
    ${one.state === 'deleted' && html`<${Badge} kind="bad">${t('database.deleted')} <${Ago} at=${one.deleted_at} /><//>`}
    ${one.state === 'filtered' && html`<${Badge}>${t('database.filtered')}<//>`}
    ${one.system && html`<${Badge}>${t('database.system')}<//>`}
    ${one.template && html`<${Badge}>${t('database.template')}<//>`}
    ${one.allows_connections === false && html`<${Badge}>${t('database.closed')}<//>`}
    ${one.size_failure && html`<span class="row-note bad"><${FailureText} failure=${one.size_failure} /></span>`}
  `;
}

function Size({ one }) {
  const exact = one.size_bytes == null ? '' : `${number(one.size_bytes)} B`;
  return html`<span title=${exact}>${one.estimate && '≈ '}${size(one.size_bytes)}</span>`;
}

// Seen in the latest scan for the first time.
function isNew(one) {
  return one.state === 'active' && one.first_seen_at === one.last_seen_at && isRecent(one.first_seen_at);
}

function isRecent(at) {
  return Boolean(at) && Date.now() - new Date(at) < RECENT_MS;
}

function None({ instance, narrowed }) {
  if (narrowed) {
    return html`<${Empty} title=${t('databases.none-found')} />`;
  }
  const never = !instance.last_database_sync_at;
  return html`<${Empty} title=${never ? t('databases.never') : t('databases.none')}>
    <p>${never ? t('databases.never-next') : t('databases.none-next')}</p>
  <//>`;
}
