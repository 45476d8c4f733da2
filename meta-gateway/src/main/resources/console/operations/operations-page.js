// The history of all work on all instances.
import { html } from '../markup.js';
import { get } from '../api.js';
import { query, setQuery } from '../router.js';
import { usePages } from '../loading.js';
import { useLive } from '../live.js';
import { useInstanceNames } from '../instances/names.js';
import { Title } from '../page.js';
import { t } from '../language/words.js';
import { Empty, Loading } from '../parts/small.js';
import { Select } from '../parts/field.js';
import { ProblemNotice } from '../parts/notice.js';
import { MoreButton } from '../parts/table.js';
import { OperationsTable } from './operations-table.js';

const KINDS = ['sync_databases', 'sync_database_sizes', 'sync_all', 'test_connection'];
const STATUSES = ['queued', 'running', 'succeeded', 'completed_with_errors', 'held', 'failed', 'expired'];

export function OperationsPage() {
  const { kind = '', status = '' } = query();
  const list = usePages((cursor) => get('/operations', { kind, status, limit: 50, cursor }), [kind, status]);
  useLive((change) => change.entity === 'operation', list.reload, 500);
  const items = list.data?.items;
  const nameOf = useInstanceNames(items?.map((one) => one.instance_id));
  return html`
    <${Title} text=${t('operations.title')} />
    <div class="filters">
      <label>${t('operation.kind')}
        <${Select} value=${kind} onChange=${(next) => setQuery({ kind: next })}
          options=${[['', t('any')], ...KINDS.map((one) => [one, t(`kind.${one}`)])]} />
      </label>
      <label>${t('operation.status')}
        <${Select} value=${status} onChange=${(next) => setQuery({ status: next })}
          options=${[['', t('any')], ...STATUSES.map((one) => [one, t(`status.${one}`)])]} />
      </label>
    </div>
    ${list.error && html`<${ProblemNotice} problem=${list.error} retry=${list.reload} />`}
    ${!items && !list.error && html`<${Loading} />`}
    ${items?.length > 0 && html`<${OperationsTable} operations=${items} nameOf=${nameOf} />`}
    ${items?.length === 0 && html`<${Empty} title=${t('operations.none')}><p>${t('operations.none-next')}</p><//>`}
    <${MoreButton} list=${list} />
  `;
}
