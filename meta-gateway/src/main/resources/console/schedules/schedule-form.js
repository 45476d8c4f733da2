import { html, useRef, useState } from '../markup.js';
import { put } from '../api.js';
import { t } from '../language/words.js';
import { focusFirstError, TextField } from '../parts/field.js';
import { ProblemNotice } from '../parts/notice.js';

const FIELDS = ['cron', 'time_zone', 'spread_minutes', 'parallel'];

export function ScheduleForm({ schedule, onSaved, onCancel }) {
  const [form, setForm] = useState({ ...schedule });
  const [problem, setProblem] = useState(null);
  const element = useRef();
  const errors = problem?.errors || [];
  const bind = (field) => ({
    name: field,
    id: `${schedule.job}-${field}`,
    value: form[field],
    onChange: (value) => setForm({ ...form, [field]: value }),
    error: errors.find((error) => error.field === field),
  });
  const submit = async (event) => {
    event.preventDefault();
    try {
      const settings = {
        cron: form.cron.trim(),
        time_zone: form.time_zone.trim(),
        spread_minutes: numberOf(form.spread_minutes),
        parallel: numberOf(form.parallel),
        enabled: form.enabled,
      };
      await put(`/schedules/${schedule.job}`, settings, schedule.version);
      onSaved();
    } catch (failed) {
      setProblem(failed);
      focusFirstError(element.current);
    }
  };
  const elsewhere = problem && !(errors.length > 0 && errors.every((error) => FIELDS.includes(error.field)));
  return html`<form ref=${element} onSubmit=${submit} novalidate>
    ${elsewhere && html`<${ProblemNotice} problem=${problem} retry=${problem.status === 412 ? onSaved : undefined} />`}
    <${TextField} ...${bind('cron')} label=${t('schedules.cron')} hint=${t('schedules.cron-hint')} class="code" spellcheck="false" />
    <${TextField} ...${bind('time_zone')} label=${t('schedules.zone')} hint=${t('schedules.zone-hint')} spellcheck="false" />
    <div class="side-by-side even">
      <${TextField} ...${bind('spread_minutes')} label=${t('schedules.spread')} inputmode="numeric" />
      <${TextField} ...${bind('parallel')} label=${t('schedules.parallel')} inputmode="numeric" />
    </div>
    <label class="check">
      <input type="checkbox" checked=${form.enabled} onChange=${(e) => setForm({ ...form, enabled: e.target.checked })} />${t('schedules.enabled')}
    </label>
    <div class="buttons">
      <button class="primary">${t('save')}</button>
      <button type="button" onClick=${onCancel}>${t('cancel')}</button>
    </div>
  </form>`;
}

// What is no number goes to the API as it is: its answer says what is allowed.
function numberOf(text) {
  return /^\s*\d+\s*$/.test(text) ? Number(text) : text;
}
