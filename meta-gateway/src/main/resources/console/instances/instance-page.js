// One instance: what it holds, how it grows, and the work done on it, updating by itself.
import { html, useEffect, useRef } from '../markup.js';
import { get } from '../api.js';
import { query, setQuery } from '../router.js';
import { useLoad } from '../loading.js';
import { useLive } from '../live.js';
import { t } from '../language/words.js';
import { Loading } from '../parts/small.js';
import { ProblemNotice } from '../parts/notice.js';
import { InstanceHead } from './instance-head.js';
import { SyncPanel } from './sync-panel.js';
import { HeldScans } from './held-scans.js';
import { Databases } from './databases.js';
import { Sizes } from './sizes.js';
import { isUnderWay, OperationsTable } from '../operations/operations-table.js';
import { Empty } from '../parts/small.js';

const OPERATIONS_SHOWN = 10;

export function InstancePage({ id }) {
  const instance = useLoad(() => get(`/instances/${id}`), [id]);
  const operations = useLoad(() => get('/operations', { instance_id: id, limit: OPERATIONS_SHOWN }), [id]);
  const generation = useGeneration(operations.data?.items);
  const about = (change) => String(change.instance_id ?? (change.entity === 'instance' ? change.id : '')) === id;
  useLive((change) => about(change) && change.entity === 'operation', operations.reload);
  useLive((change) => about(change) && change.entity !== 'operation', instance.reload, 500);
  useEffect(() => {
    if (generation > 0) {
      instance.reload();
    }
  }, [generation]);

  if (!instance.data) {
    return instance.error ? html`<${ProblemNotice} problem=${instance.error} retry=${instance.reload} />` : html`<${Loading} />`;
  }
  const database = query().database;
  const started = (operation) => operations.reload(operation);
  return html`
    <${InstanceHead} instance=${instance.data} onChanged=${instance.reload} />
    ${instance.error && html`<${ProblemNotice} problem=${instance.error} retry=${instance.reload} />`}
    <${SyncPanel} instance=${instance.data} operations=${operations.data?.items || []} onStarted=${started} />
    <${HeldScans} instance=${instance.data} generation=${generation} />
    <${Sizes} instance=${instance.data} database=${database} generation=${generation} onDatabase=${show} />
    <${Databases} instance=${instance.data} generation=${generation} chosen=${database} onChoose=${show} />
    <section aria-labelledby="operations">
      <h2 id="operations">${t('operations.recent')}</h2>
      ${operations.error && html`<${ProblemNotice} problem=${operations.error} retry=${operations.reload} />`}
      ${operations.data?.items.length > 0 && html`<${OperationsTable} operations=${operations.data.items} />`}
      ${operations.data?.items.length === 0 && html`<${Empty} title=${t('operations.none')}><p>${t('operations.none-next')}</p><//>`}
    </section>
  `;
}

// Rises whenever an operation ends: then the lists below are out of date.
function useGeneration(operations) {
  const seen = useRef({ generation: 0, underWay: new Set() });
  if (operations) {
    const now = new Set(operations.filter(isUnderWay).map((one) => one.id));
    const known = seen.current.known;
    const ended = [...seen.current.underWay].some((id) => !now.has(id));
    const endedUnseen = known && operations.some((one) => !known.has(one.id) && !isUnderWay(one));
    if (ended || endedUnseen) {
      seen.current.generation++;
    }
    seen.current.underWay = now;
    seen.current.known = new Set(operations.map((one) => one.id));
  }
  return seen.current.generation;
}

function show(database) {
  setQuery({ database });
  document.getElementById('sizes')?.scrollIntoView({ block: 'nearest' });
}
