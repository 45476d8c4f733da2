// All registered instances: found by search, engine and tag, each with its size, its last sync and its health.
import { html, useEffect, useState } from '../markup.js';
import { get } from '../api.js';
import { query, setQuery } from '../router.js';
import { may } from '../session.js';
import { usePages, useDelayed } from '../loading.js';
import { useLive } from '../live.js';
import { Title } from '../page.js';
import { t } from '../language/words.js';
import { number, size } from '../language/format.js';
import { Choice, Empty, Loading, engineName } from '../parts/small.js';
import { ProblemNotice } from '../parts/notice.js';
import { MoreButton } from '../parts/table.js';
import { Parcels } from '../parts/parcels.js';
import { Icon } from '../parts/icon.js';
import { InstancesTable } from './list-table.js';

const PAGE = 100;

export function InstancesPage() {
  const { engine = '', tag = '', sort = 'name', deleted = '', search: searched = '' } = query();
  const [search, setSearch] = useState(searched);
  const asked = useDelayed(search);
  useEffect(() => setQuery({ search: asked }), [asked]);

  const list = usePages(
    (cursor) => get('/instances', { search: asked, engine, tag, deleted, sort, limit: PAGE, cursor }),
    [asked, engine, tag, deleted, sort],
  );
  useLive((change) => ['instance', 'operation', 'hold'].includes(change.entity), list.reload, 1000);

  const items = list.data?.items;
  const filtered = Boolean(asked || engine || tag || deleted);
  return html`
    <div class="page-head">
      <${Title} text=${t('instances.title')} />
      ${may('operator') &&
      html`<a class="button primary" href="/instances/new"><${Icon} name="add" />${t('instances.add')}</a>`}
    </div>
    ${items?.length > 0 && !deleted && html`<${Estate} instances=${items} />`}
    <${Filters} ...${{ search, setSearch, engine, tag, deleted }} />
    ${list.error && html`<${ProblemNotice} problem=${list.error} retry=${list.reload} />`}
    ${!items && !list.error && html`<${Loading} />`}
    ${items?.length > 0 &&
    html`<${InstancesTable} instances=${items} sorted=${sort} onSort=${(next) => setQuery({ sort: next })} />`}
    ${items?.length === 0 && (filtered ? html`<${NothingFound} />` : html`<${NothingYet} />`)}
    <${MoreButton} list=${list} />
  `;
}

// The estate as a whole, drawn to scale.
function Estate({ instances }) {
  const total = instances.reduce((sum, one) => sum + (one.total_size_bytes || 0), 0);
  const databases = instances.reduce((sum, one) => sum + (one.database_count || 0), 0);
  const failing = instances.filter((one) => one.health?.status === 'failing').length;
  const plots = instances.map((one) => ({
    key: one.id,
    name: one.name,
    value: one.total_size_bytes || 0,
    note: `${size(one.total_size_bytes)} · ${t('count.databases', { count: one.database_count ?? 0 })}`,
    href: `/instances/${one.id}`,
    kind: one.health?.status === 'failing' ? 'failing' : one.engine,
  }));
  return html`<section class="estate" aria-label=${t('estate.label')}>
    <dl class="figures">
      <div><dt>${t('estate.size')}</dt><dd>${size(total)}</dd></div>
      <div><dt>${t('estate.databases')}</dt><dd>${number(databases)}</dd></div>
      <div><dt>${t('estate.instances')}</dt><dd>${number(instances.length)}</dd></div>
      <div class=${failing > 0 ? 'bad' : ''}><dt>${t('estate.failing')}</dt><dd>${number(failing)}</dd></div>
    </dl>
    ${total > 0 && html`<${Parcels} plots=${plots} />`}
  </section>`;
}

function Filters({ search, setSearch, engine, tag, deleted }) {
  const engines = [['', t('instances.every-engine')], ...['mysql', 'postgresql'].map((e) => [e, engineName(e)])];
  return html`<div class="filters" role="search">
    <label class="search">
      <span class="unseen">${t('instances.search')}</span><${Icon} name="search" />
      <input type="search" placeholder=${t('instances.search')} value=${search} onInput=${(e) => setSearch(e.target.value)} />
    </label>
    <${Choice} label=${t('instance.engine')} value=${engine} options=${engines} onChange=${(next) => setQuery({ engine: next })} />
    ${tag &&
    html`<button type="button" class="filter-tag" onClick=${() => setQuery({ tag: '' })}>
      ${t('instance.tag')}: ${tag}<${Icon} name="close" /><span class="unseen">${t('instances.clear-tag')}</span>
    </button>`}
    <label class="check">
      <input type="checkbox" checked=${deleted === 'true'} onChange=${(e) => setQuery({ deleted: e.target.checked ? 'true' : '' })} />
      ${t('instances.deleted')}
    </label>
  </div>`;
}

function NothingFound() {
  const clear = () => {
    history.replaceState(null, '', '/instances');
    location.reload();
  };
  return html`<${Empty} title=${t('instances.none-found')}>
    <button type="button" onClick=${clear}>${t('instances.show-all')}</button>
  <//>`;
}

function NothingYet() {
  return html`<${Empty} title=${t('instances.none')}>
    <p>${t('instances.none-next')}</p>
    ${may('operator') && html`<a class="button primary" href="/instances/new"><${Icon} name="add" />${t('instances.add')}</a>`}
  <//>`;
}
