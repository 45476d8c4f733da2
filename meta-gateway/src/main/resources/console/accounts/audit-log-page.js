// Every change, who made it, and what was before and after.
import { html, useState } from '../markup.js';
import { get } from '../api.js';
import { query, setQuery } from '../router.js';
import { useDelayed, usePages } from '../loading.js';
import { Title } from '../page.js';
import { t } from '../language/words.js';
import { Empty, Loading, Moment } from '../parts/small.js';
import { Select } from '../parts/field.js';
import { ProblemNotice } from '../parts/notice.js';
import { MoreButton, Table } from '../parts/table.js';
import { differences } from './differences.js';

const ENTITIES = ['instance', 'user', 'token', 'session', 'schedule', 'operation', 'held_scan', 'run'];

export function AuditLogPage() {
  const { entity_type: entityType = '', entity_id: entityId = '' } = query();
  const [actor, setActor] = useState(query().actor ?? '');
  const asked = useDelayed(actor, 400);
  const list = usePages(
    (cursor) => get('/audit-log', { entity_type: entityType, entity_id: entityId, actor: asked, limit: 50, cursor }),
    [entityType, entityId, asked],
  );
  const items = list.data?.items;
  return html`
    <${Title} text=${t('audit.title')} />
    <div class="filters">
      <label>${t('audit.entity')}
        <${Select} value=${entityType} onChange=${(next) => setQuery({ entity_type: next, entity_id: '' })}
          options=${[['', t('any')], ...ENTITIES.map((one) => [one, t(`entity.${one}`)])]} />
      </label>
      <label>${t('audit.actor')} <input type="search" value=${actor} onInput=${(e) => setActor(e.target.value)} autocomplete="off" /></label>
    </div>
    ${list.error && html`<${ProblemNotice} problem=${list.error} retry=${list.reload} />`}
    ${!items && !list.error && html`<${Loading} />`}
    ${items?.length > 0 && html`<${Entries} entries=${items} />`}
    ${items?.length === 0 && html`<${Empty} title=${t('audit.none')} />`}
    <${MoreButton} list=${list} />
  `;
}

function Entries({ entries }) {
  const columns = [
    { key: 'when', title: t('audit.when'), cell: (one) => html`<${Moment} at=${one.at ?? one.created_at} />` },
    { key: 'actor', title: t('audit.actor'), cell: (one) => one.actor },
    { key: 'action', title: t('audit.action'), cell: (one) => html`<code>${one.action}</code>` },
    { key: 'entity', title: t('audit.entity'), cell: (one) => `${one.entity_type} ${one.entity_id ?? ''}` },
    { key: 'change', title: t('audit.change'), wide: true, cell: (one) => html`<${Change} entry=${one} />` },
  ];
  return html`<${Table} caption=${t('audit.title')} columns=${columns} rows=${entries} rowKey=${(one) => one.id} />`;
}

function Change({ entry }) {
  const changes = differences(entry.before, entry.after);
  return changes.length === 0
    ? '–'
    : html`<ul class="changes">
        ${changes.map(
          ({ name, before, after }) =>
            html`<li><span class="faint">${name}</span> ${before !== undefined && html`<del>${before}</del>`} ${after !== undefined && html`<ins>${after}</ins>`}</li>`,
        )}
      </ul>`;
}
