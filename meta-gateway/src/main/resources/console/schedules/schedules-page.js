// When databases and sizes are collected by themselves, and what became of it.
import { html, useState } from '../markup.js';
import { get, post } from '../api.js';
import { go } from '../router.js';
import { may } from '../session.js';
import { useLoad, usePages } from '../loading.js';
import { useLive } from '../live.js';
import { Title } from '../page.js';
import { t } from '../language/words.js';
import { announce } from '../parts/announce.js';
import { Badge, Empty, Loading, Moment } from '../parts/small.js';
import { ProblemNotice } from '../parts/notice.js';
import { MoreButton } from '../parts/table.js';
import { Icon } from '../parts/icon.js';
import { ScheduleForm } from './schedule-form.js';
import { RunsTable } from './runs-table.js';

export function SchedulesPage() {
  const schedules = useLoad(() => get('/schedules'), []);
  const runs = usePages((cursor) => get('/runs', { limit: 30, cursor }), []);
  useLive((change) => change.entity === 'schedule', schedules.reload);
  useLive((change) => change.entity === 'run', runs.reload, 1000);
  const jobs = schedules.data?.items;
  return html`
    <${Title} text=${t('schedules.title')} />
    <p class="lead">${t('schedules.what')}</p>
    ${schedules.error && html`<${ProblemNotice} problem=${schedules.error} retry=${schedules.reload} />`}
    ${!jobs && !schedules.error && html`<${Loading} />`}
    <div class="cards">
      ${jobs?.map((schedule) => html`<${ScheduleCard} key=${schedule.job} schedule=${schedule} onChanged=${schedules.reload} />`)}
    </div>
    <section aria-labelledby="runs">
      <h2 id="runs">${t('runs.title')}</h2>
      ${runs.error && html`<${ProblemNotice} problem=${runs.error} retry=${runs.reload} />`}
      ${runs.data?.items.length > 0 && html`<${RunsTable} runs=${runs.data.items} />`}
      ${runs.data?.items.length === 0 && html`<${Empty} title=${t('runs.none')}><p>${t('runs.none-next')}</p><//>`}
      <${MoreButton} list=${runs} />
    </section>
  `;
}

function ScheduleCard({ schedule, onChanged }) {
  const [editing, setEditing] = useState(false);
  const [problem, setProblem] = useState(null);
  const runNow = async () => {
    try {
      const run = await post(`/schedules/${schedule.job}/run`);
      announce(t('runs.started'));
      go(`/runs/${run.id}`);
    } catch (failed) {
      setProblem(failed);
    }
  };
  const saved = () => {
    setEditing(false);
    announce(t('schedules.saved'));
    onChanged();
  };
  return html`<article class="card" aria-labelledby=${`job-${schedule.job}`}>
    <div class="section-head">
      <h2 id=${`job-${schedule.job}`}>${t(`job.${schedule.job}`)}</h2>
      <${Badge} kind=${schedule.enabled ? 'good' : 'plain'}>${t(schedule.enabled ? 'schedules.on' : 'schedules.off')}<//>
    </div>
    ${problem && html`<${ProblemNotice} problem=${problem} />`}
    ${editing
      ? html`<${ScheduleForm} schedule=${schedule} onSaved=${saved} onCancel=${() => setEditing(false)} />`
      : html`<${ScheduleFacts} schedule=${schedule} />
          ${may('admin') &&
          html`<div class="buttons">
            <button type="button" onClick=${() => setEditing(true)}><${Icon} name="edit" />${t('edit')}</button>
            <button type="button" onClick=${runNow}><${Icon} name="sync" />${t('schedules.run')}</button>
          </div>`}`}
  </article>`;
}

function ScheduleFacts({ schedule }) {
  return html`<dl class="facts">
    <dt>${t('schedules.cron')}</dt><dd><code>${schedule.cron}</code> ${schedule.time_zone}</dd>
    <dt>${t('schedules.spread')}</dt><dd>${t('schedules.minutes', { count: schedule.spread_minutes })}</dd>
    <dt>${t('schedules.parallel')}</dt><dd>${t('count.instances', { count: schedule.parallel })}</dd>
    ${schedule.enabled && schedule.next_fire_times[0] && html`<dt>${t('schedules.next')}</dt><dd><${Moment} at=${schedule.next_fire_times[0]} /></dd>`}
  </dl>`;
}
