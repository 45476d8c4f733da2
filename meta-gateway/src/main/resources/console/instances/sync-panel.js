// The three syncs and the connection test, with the progress of what runs and the result of what ran last.
import { html, useEffect, useRef, useState } from '../markup.js';
import { post } from '../api.js';
import { may } from '../session.js';
import { t } from '../language/words.js';
import { announce } from '../parts/announce.js';
import { ProblemNotice } from '../parts/notice.js';
import { Icon } from '../parts/icon.js';
import { isUnderWay } from '../operations/operations-table.js';
import { Outcome } from '../operations/outcome.js';
import { outcomeWords } from '../operations/outcome-words.js';

const ACTIONS = [
  { kind: 'sync_databases', path: 'sync-databases', icon: 'database' },
  { kind: 'sync_database_sizes', path: 'sync-database-sizes', icon: 'ruler' },
  { kind: 'sync_all', path: 'sync-all', icon: 'sync', primary: true },
  { kind: 'test_connection', path: 'test-connection', icon: 'plug', quiet: true },
];

export function SyncPanel({ instance, operations, onStarted }) {
  const [asked, setAsked] = useState(null);
  const [problem, setProblem] = useState(null);
  const watched = useWatched(operations);
  const underWay = operations.filter(isUnderWay);
  const busy = (kind) => asked === kind || underWay.some((one) => one.kind === kind);

  const start = async ({ kind, path }) => {
    if (busy(kind)) {
      announce(t('sync.already', { what: t(`kind.${kind}`) }));
      return;
    }
    setAsked(kind);
    setProblem(null);
    try {
      const operation = await post(`/instances/${instance.id}/${path}`);
      watched.add(operation.id);
      announce(t('sync.started', { what: t(`kind.${kind}`) }));
      await onStarted();
    } catch (failed) {
      setProblem(failed);
    }
    setAsked(null);
  };

  const latest = operations.find((one) => !isUnderWay(one) && watched.has(one.id));
  const allowed = may('operator') && !instance.deleted_at;
  if (!allowed && underWay.length === 0) {
    return null;
  }
  return html`<section class="sync" aria-label=${t('sync.label')}>
    ${allowed &&
    html`<div class="buttons">
      ${ACTIONS.map(
        (action) => html`<button type="button" key=${action.kind} data-kind=${action.kind}
          class=${action.primary ? 'primary' : action.quiet ? 'quiet' : undefined}
          aria-disabled=${busy(action.kind)} onClick=${() => start(action)}>
          <${Icon} name=${busy(action.kind) ? 'sync' : action.icon} spinning=${busy(action.kind)} />${t(`kind.${action.kind}`)}
        </button>`,
      )}
    </div>`}
    ${problem && html`<${ProblemNotice} problem=${problem} />`}
    ${underWay.map((operation) => html`<${Progress} key=${operation.id} operation=${operation} />`)}
    ${underWay.length === 0 && latest && html`<${Outcome} operation=${latest} />`}
  </section>`;
}

// Operations seen under way on this page, or asked for here: their end is announced and their result shown.
function useWatched(operations) {
  const watched = useRef(new Set()).current;
  const told = useRef(new Set()).current;
  operations.filter(isUnderWay).forEach((one) => watched.add(one.id));
  const ended = operations.filter((one) => !isUnderWay(one) && watched.has(one.id) && !told.has(one.id));
  useEffect(() => {
    ended.forEach((one) => told.add(one.id));
    if (ended.length > 0) {
      announce(`${t(`kind.${ended[0].kind}`)}: ${outcomeWords(ended[0])}`);
    }
  });
  return watched;
}

function Progress({ operation }) {
  const { done = 0, total = 0 } = operation.progress || {};
  const known = total > 0;
  const words = known ? t('sync.progress', { done, total }) : t(`status.${operation.status}`);
  return html`<div class="progress">
    <span>${t(`kind.${operation.kind}`)}</span>
    <progress aria-label=${t(`kind.${operation.kind}`)} max=${known ? total : undefined} value=${known ? done : undefined} />
    <span class="faint">${words}</span>
  </div>`;
}
