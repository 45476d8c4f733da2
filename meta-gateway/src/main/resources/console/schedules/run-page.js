// One run of a schedule: what became of each instance.
import { html } from '../markup.js';
import { get } from '../api.js';
import { useLoad } from '../loading.js';
import { useLive } from '../live.js';
import { Title } from '../page.js';
import { t } from '../language/words.js';
import { duration, moment } from '../language/format.js';
import { Empty, Loading, Moment, Status } from '../parts/small.js';
import { FailureText, Notice, ProblemNotice } from '../parts/notice.js';
import { Table } from '../parts/table.js';
import { countWords } from './runs-table.js';

export function RunPage({ id }) {
  const run = useLoad(() => get(`/runs/${id}`), [id]);
  useLive((change) => change.entity === 'run' || change.entity === 'operation', run.reload, 1000);
  const items = run.data?.items;
  if (!run.data) {
    return run.error ? html`<${ProblemNotice} problem=${run.error} retry=${run.reload} />` : html`<${Loading} />`;
  }
  const { job, status, started_at: startedAt, missed, items_omitted: omitted } = run.data;
  return html`
    <nav class="trail" aria-label=${t('nav.trail')}><a href="/schedules">${t('nav.schedules')}</a></nav>
    <${Title} text=${t('run.title', { job: t(`job.${job}`), when: moment(startedAt) })} />
    <p class="subtitle"><${Status} status=${status} /> <span>${t('runs.instances')}: ${countWords(run.data)}</span>
      ${missed > 0 && html`<span class="faint">${t('run.missed', { count: missed })}</span>`}</p>
    ${omitted > 0 && html`<${Notice}>${t('run.omitted', { count: omitted })}<//>`}
    ${items?.length > 0 ? html`<${Items} items=${items} />` : html`<${Empty} title=${t('run.none')} />`}
  `;
}

function Items({ items }) {
  const columns = [
    { key: 'instance', title: t('operation.instance'), cell: (one) => html`<a class="row-name" href=${`/instances/${one.instance_id}`}>${one.instance_name}</a>` },
    { key: 'status', lead: true, title: t('operation.status'), cell: (one) => html`<${Status} status=${one.status} />` },
    { key: 'failure', title: t('run.reason'), wide: true, cell: (one) => (one.failure ? html`<${FailureText} failure=${one.failure} />` : '–') },
    { key: 'started', title: t('run.started'), cell: (one) => html`<${Moment} at=${one.started_at ?? one.planned_at} />` },
    { key: 'took', title: t('operation.took'), number: true, cell: (one) => (one.started_at && one.finished_at ? duration(one.started_at, one.finished_at) : '–') },
  ];
  return html`<${Table} caption=${t('runs.instances')} columns=${columns} rows=${items} rowKey=${(one) => one.instance_id} />`;
}
