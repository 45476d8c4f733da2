// Makes a token and shows it this once.
import { html, useRef, useState } from '../markup.js';
import { post } from '../api.js';
import { may } from '../session.js';
import { t } from '../language/words.js';
import { announce } from '../parts/announce.js';
import { Dialog } from '../parts/dialog.js';
import { ChoiceField, TextField, focusFirstError } from '../parts/field.js';
import { ProblemNotice } from '../parts/notice.js';

const DAYS = { 30: 30, 90: 90, 365: 365, never: null };

export function TokenForm({ onCreated }) {
  const [form, setForm] = useState({ name: '', role: 'viewer', days: '90' });
  const [problem, setProblem] = useState(null);
  const [secret, setSecret] = useState(null);
  const element = useRef();
  const submit = async (event) => {
    event.preventDefault();
    const days = DAYS[form.days];
    const end = days && new Date(Date.now() + days * 86400 * 1000).toISOString();
    try {
      const created = await post('/tokens', { name: form.name.trim(), role: form.role, ...(end && { expires_at: end }) });
      setSecret(created.token);
      setForm({ ...form, name: '' });
      setProblem(null);
      onCreated();
    } catch (failed) {
      setProblem(failed);
      focusFirstError(element.current);
    }
  };
  const errorOf = (field) => problem?.errors.find((error) => error.field === field);
  const roles = ['viewer', 'operator', 'admin'].filter(may);
  return html`<form ref=${element} class="line-form" onSubmit=${submit} novalidate>
      <${TextField} name="name" label=${t('tokens.name')} value=${form.name} error=${errorOf('name')} autocomplete="off"
        onChange=${(name) => setForm({ ...form, name })} />
      <${ChoiceField} name="role" label=${t('users.role')} value=${form.role} error=${errorOf('role')}
        options=${roles.map((role) => [role, t(`role.${role}`)])} onChange=${(role) => setForm({ ...form, role })} />
      <${ChoiceField} name="days" label=${t('tokens.expires')} value=${form.days} error=${errorOf('expires_at')}
        options=${Object.keys(DAYS).map((days) => [days, days === 'never' ? t('tokens.no-end') : t('tokens.days', { count: Number(days) })])}
        onChange=${(days) => setForm({ ...form, days })} />
      <button class="primary">${t('tokens.create')}</button>
    </form>
    ${problem && !problem.errors.length && html`<${ProblemNotice} problem=${problem} />`}
    ${secret && html`<${Secret} secret=${secret} onClose=${() => setSecret(null)} />`}`;
}

function Secret({ secret, onClose }) {
  const box = useRef();
  const copy = async () => {
    box.current.select();
    await navigator.clipboard?.writeText(secret);
    announce(t('tokens.copied'));
  };
  return html`<${Dialog} title=${t('tokens.made')} onClose=${onClose}>
    <p>${t('tokens.once')}</p>
    <input class="code" ref=${box} aria-label=${t('tokens.token')} value=${secret} readonly onFocus=${(event) => event.target.select()} />
    <div class="buttons end">
      <button type="button" onClick=${copy}>${t('tokens.copy')}</button>
      <button type="button" class="primary" onClick=${onClose}>${t('tokens.stored')}</button>
    </div>
  <//>`;
}
