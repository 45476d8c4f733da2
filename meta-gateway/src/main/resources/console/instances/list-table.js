// The list of instances as a table, with the restore of those that were deleted.
import { html, useState } from '../markup.js';
import { post } from '../api.js';
import { may } from '../session.js';
import { setQuery } from '../router.js';
import { t } from '../language/words.js';
import { number, size } from '../language/format.js';
import { announce } from '../parts/announce.js';
import { Ago, Engine, Health } from '../parts/small.js';
import { ProblemNotice } from '../parts/notice.js';
import { Table } from '../parts/table.js';
import { Icon } from '../parts/icon.js';

export function InstancesTable({ instances, sorted, onSort }) {
  const columns = [
    { key: 'name', title: t('instance.name'), sort: 'name', cell: (one) => html`<${Name} instance=${one} />` },
    { key: 'engine', title: t('instance.engine'), cell: (one) => html`<${Engine} engine=${one.engine} />` },
    { key: 'tags', title: t('instance.tags'), cell: (one) => html`<${TagLinks} tags=${one.tags} />` },
    { key: 'databases', title: t('instance.databases'), number: true, sort: '-database_count', cell: (one) => number(one.database_count) },
    { key: 'size', lead: true, title: t('instance.size'), number: true, sort: '-total_size_bytes', cell: (one) => size(one.total_size_bytes) },
    { key: 'sync', title: t('instance.last-sync'), cell: (one) => html`<${Ago} at=${lastSync(one)} never=${t('never')} />` },
    { key: 'health', title: t('instance.health'), cell: (one) => (one.deleted_at ? html`<${Restore} instance=${one} />` : html`<${Health} health=${one.health} />`) },
  ];
  return html`<${Table} caption=${t('instances.title')} columns=${columns} rows=${instances} rowKey=${(one) => one.id}
    rowClass=${(one) => (one.deleted_at ? 'gone' : undefined)} sorted=${sorted} onSort=${onSort} />`;
}

function Name({ instance }) {
  return html`<a class="row-name" href=${`/instances/${instance.id}`}>${instance.name}</a>
    <span class="row-note">${instance.host}:${instance.port}</span>`;
}

function TagLinks({ tags }) {
  return html`<span class="tags">
    ${Object.entries(tags || {}).map(
      ([key, value]) =>
        html`<button type="button" class="tag" title=${t('instances.only-tag')} onClick=${() => setQuery({ tag: value ? `${key}:${value}` : key })}>
          <span class="faint">${key}</span> ${value}
        </button>`,
    )}
  </span>`;
}

function Restore({ instance }) {
  const [problem, setProblem] = useState(null);
  if (!may('operator')) {
    return t('instance.deleted');
  }
  const restore = async () => {
    try {
      await post(`/instances/${instance.id}/restore`);
      announce(t('instance.restored', { name: instance.name }));
    } catch (failed) {
      setProblem(failed);
    }
  };
  return html`<button type="button" onClick=${restore}><${Icon} name="restore" />${t('instance.restore')}</button>
    ${problem && html`<${ProblemNotice} problem=${problem} />`}`;
}

export function lastSync(instance) {
  const times = [instance.last_database_sync_at, instance.last_size_sync_at].filter(Boolean);
  return times.sort().at(-1);
}
